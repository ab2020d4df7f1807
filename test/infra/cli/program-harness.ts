import { PassThrough } from "node:stream";
import { runProgram } from "../../../infra/cli/program.js";
import type { ProgramDependencies } from "../../../infra/cli/program-dependencies.js";
import { checkSourceOptions } from "../../../kb/sources/open-source.js";
import { replyText } from "../../../src/answering/reply-text.js";
import { TerminalInstallation } from "../../fakes/terminal-installation.js";

export interface ProgramRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface RunOptions {
  readonly installation?: TerminalInstallation;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: PassThrough;
  readonly isTerminal?: boolean;
  readonly overrides?: Partial<ProgramDependencies>;
}

export function output(isTTY: boolean) {
  return Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 });
}

/** Runs one command line with everything around it replaced, and collects what it prints. */
export async function run(words: readonly string[], options: RunOptions = {}): Promise<ProgramRun> {
  const installation = options.installation ?? new TerminalInstallation();
  const isTerminal = options.isTerminal ?? false;
  const [stdout, stderr] = [output(isTerminal), output(isTerminal)];
  const stdin = Object.assign(options.stdin ?? new PassThrough().end(), { isTTY: isTerminal });
  let exitCode = 0;
  const unused = () => Promise.reject(new Error("not part of this test"));
  await runProgram(words, {
    version: "1.2.3",
    env: { DESKHAND_SETTINGS: "/dev/null", ...options.env },
    stdin,
    stdout,
    stderr,
    signal: new AbortController().signal,
    setExitCode: (code) => (exitCode = code),
    openOperations: () =>
      Promise.resolve({ ...installation.operations, [Symbol.asyncDispose]: () => Promise.resolve() }),
    startServer: unused,
    migrate: unused,
    evaluateRetrieval: unused,
    evaluateAnswers: unused,
    tuneThreshold: unused,
    tuneFusion: unused,
    benchAnswer: unused,
    benchRelay: unused,
    benchRetrieval: unused,
    benchIngress: unused,
    benchSync: unused,
    checkSourceOptions,
    renderReply: (reply) => replyText(reply),
    ...options.overrides,
  });
  return { stdout: text(stdout), stderr: text(stderr), exitCode };
}

function text(stream: PassThrough): string {
  return String(stream.read() ?? "");
}

/** An input on which somebody has typed, and that goes on. */
export function typing(text: string): PassThrough {
  const stdin = new PassThrough();
  stdin.write(text);
  return stdin;
}
