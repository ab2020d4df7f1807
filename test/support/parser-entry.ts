import { mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDERS = ["kb/parsing", "kb/parsing/pdf", "kb/parsing/office", "kb/sources", "src/ports", "src/text"];

/**
 * Compiles what the parser's child process needs from the sources as they are now, and returns its entry. Tests of the
 * sandbox so never run a build that is older than the code.
 */
export function compileParserEntry(): string {
  const output = mkdtempSync(path.join(tmpdir(), "deskhand-parser-"));
  symlinkSync(path.join(ROOT, "node_modules"), path.join(output, "node_modules"));
  writeFileSync(path.join(output, "package.json"), '{"type":"module"}');
  for (const folder of FOLDERS) {
    mkdirSync(path.join(output, folder), { recursive: true });
    for (const file of readdirSync(path.join(ROOT, folder)).filter((name) => /(?<!\.d)\.ts$/u.test(name))) {
      const source = readFileSync(path.join(ROOT, folder, file), "utf8");
      const compiled = ts.transpileModule(source, {
        compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
      });
      writeFileSync(path.join(output, folder, file.replace(/\.ts$/u, ".js")), compiled.outputText);
    }
  }
  return path.join(output, "kb/parsing/parser-main.js");
}
