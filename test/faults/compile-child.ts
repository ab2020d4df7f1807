import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Compiles the child once before the suite: it is a process of its own and runs plain JavaScript. */
export function setup(): void {
  const project = fileURLToPath(new URL("tsconfig.json", import.meta.url));
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", project], { stdio: "inherit" });
}
