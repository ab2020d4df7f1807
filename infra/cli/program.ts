import { Command, CommanderError } from "commander";
import { DeskhandError, UsageError, errorCode } from "../../src/ports/errors.js";
import { ConfigError } from "../config/config-error.js";
import { createCommandContext } from "./command-context.js";
import { addAskCommand } from "./commands/ask.js";
import { addBenchCommands } from "./commands/bench.js";
import { addChatCommand } from "./commands/chat.js";
import { addConfigCommands } from "./commands/config.js";
import { addDoctorCommand } from "./commands/doctor.js";
import { addEvalCommands } from "./commands/eval.js";
import { addExplainCommand } from "./commands/explain.js";
import { addHandoffCommands } from "./commands/handoffs.js";
import { addKnowledgeCommands } from "./commands/knowledge.js";
import { addLearnCommands } from "./commands/learn.js";
import { addServerCommands } from "./commands/server.js";
import { addTuneCommands } from "./commands/tune.js";
import type { ProgramDependencies } from "./program-dependencies.js";

/** All commands of `deskhand`. Building it does nothing; see {@link runProgram}. */
export function createProgram(deps: ProgramDependencies): Command {
  const program = new Command("deskhand")
    .description(
      "Answers customers' questions from your own documents, and hands over to a person when it is not sure.",
    )
    .version(deps.version)
    .showHelpAfterError("(see --help)")
    // `--version` after a command is that command's own, as of `kb restore`.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void deps.stdout.write(text),
      writeErr: (text) => void deps.stderr.write(text),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    });
  const context = createCommandContext(deps);
  addServerCommands(program, context);
  addChatCommand(program, context);
  addAskCommand(program, context);
  addKnowledgeCommands(program, context);
  addLearnCommands(program, context);
  addHandoffCommands(program, context);
  addEvalCommands(program, context);
  addTuneCommands(program, context);
  addExplainCommand(program, context);
  addBenchCommands(program, context);
  addDoctorCommand(program, context);
  addConfigCommands(program, context);
  nameOptionsInErrors(program);
  return program;
}

/** Whoever types an option that a command does not have is told those that it has. */
function nameOptionsInErrors(command: Command): void {
  const names = command.options.map(({ long, flags }) => long ?? flags).join(", ");
  if (command.commands.length === 0 && names !== "") command.showHelpAfterError(`(options: ${names}; see --help)`);
  for (const child of command.commands) nameOptionsInErrors(child);
}

/** Runs one command line (without `node` and the script). Never rejects: failures are told on stderr and by the exit code. */
export async function runProgram(words: readonly string[], deps: ProgramDependencies): Promise<void> {
  try {
    await createProgram(deps).parseAsync([...words], { from: "user" });
  } catch (error) {
    deps.setExitCode(reportFailure(error, deps));
  }
}

const NOT_FAILURES = ["commander.helpDisplayed", "commander.version"];

function reportFailure(error: unknown, deps: ProgramDependencies): 0 | 1 | 2 {
  // Commander has said by itself what was wrong.
  if (error instanceof CommanderError) return NOT_FAILURES.includes(error.code) ? 0 : 2;
  deps.stderr.write(`${failureText(error, deps)}\n`);
  if (deps.env["LOG_LEVEL"] === "debug" && error instanceof Error) deps.stderr.write(`${error.stack ?? ""}\n`);
  return error instanceof UsageError || error instanceof ConfigError ? 2 : 1;
}

function failureText(error: unknown, deps: ProgramDependencies): string {
  if (deps.signal.aborted) return "Stopped.";
  if (error instanceof ConfigError) return `${error.message}\nCheck again with: deskhand config check`;
  if (error instanceof DeskhandError) return `error: ${error.message}`;
  return `error: Deskhand failed (${errorCode(error)}). Run it again with LOG_LEVEL=debug to see where.`;
}
