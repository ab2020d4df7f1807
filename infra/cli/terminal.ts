import type { Reply } from "../../src/ports/reply.js";
import type { ProgramDependencies, TerminalOutput } from "./program-dependencies.js";

const DEFAULT_WIDTH = 100;

/** What commands print with. Results go to stdout, everything else to stderr. */
export interface Terminal {
  print(text: string): void;
  printJson(value: unknown): void;
  printReply(reply: Reply): void;
  notice(text: string): void;
}

export function createTerminal(deps: Pick<ProgramDependencies, "stdout" | "stderr" | "env" | "renderReply">): Terminal {
  return {
    print: (text) => void deps.stdout.write(`${text}\n`),
    printJson: (value) => void deps.stdout.write(`${JSON.stringify(value)}\n`),
    printReply: (reply) => void deps.stdout.write(`${render(deps, reply)}\n`),
    notice: (text) => void deps.stderr.write(`${text}\n`),
  };
}

/** A reply as text for stdout, without the last line break. */
export function render(deps: Pick<ProgramDependencies, "stdout" | "env" | "renderReply">, reply: Reply): string {
  const { stdout, env } = deps;
  const text = deps.renderReply(reply, { width: widthOf(stdout), color: hasColor(stdout, env) });
  return text.replace(/\n+$/u, "");
}

/** A terminal that does not know its size says 0. */
function widthOf({ columns = 0 }: TerminalOutput): number {
  return columns > 0 ? Math.min(columns, DEFAULT_WIDTH) : DEFAULT_WIDTH;
}

function hasColor(output: TerminalOutput, env: Readonly<Record<string, string | undefined>>): boolean {
  const isRefused = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return output.isTTY === true && !isRefused;
}

/** Takes out what would steer the terminal. Line breaks and tabs stay. */
export function withoutControls(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu, "");
}
