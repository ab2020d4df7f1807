import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

const ROOT = join(import.meta.dirname, "..", "..");
const figuresSchema = z.record(z.string(), z.unknown());
const execute = promisify(execFile);

/** Runs the built command line as a user would and returns the object it prints last. */
export async function measure(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isSetting(name)));
  const { stdout } = await execute(process.execPath, [join(ROOT, "dist", "infra", "main.js"), ...args, "--json"], {
    cwd: ROOT,
    env: { ...inherited, ...environment },
  });
  return figuresSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
}

/** Settings of the shell that runs the suite must not change what is measured. */
function isSetting(name: string): boolean {
  return name.startsWith("DESKHAND_") || name === "DATABASE_URL" || name.startsWith("OPENAI_");
}
