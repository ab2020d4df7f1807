import { createInterface } from "node:readline/promises";
import { UsageError } from "../../src/ports/errors.js";
import type { ProgramDependencies } from "./program-dependencies.js";

/**
 * Asks before something is taken away. Resolves with whether it may be done.
 * @throws {UsageError} where nobody can be asked, and `--yes` was not given.
 */
export async function askYes(
  { stdin, stderr, signal }: Pick<ProgramDependencies, "stdin" | "stderr" | "signal">,
  what: string,
  { yes }: { readonly yes?: boolean },
): Promise<boolean> {
  if (yes === true) return true;
  if (stdin.isTTY !== true) throw new UsageError(`${what}\nIf that is meant, say so: --yes`);
  const input = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await input.question(`${what}\nGo on? [y/N] `, { signal });
    return /^y(?:es)?$/iu.test(answer.trim());
  } finally {
    input.close();
  }
}
