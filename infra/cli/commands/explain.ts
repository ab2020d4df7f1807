import type { Command } from "commander";
import { explainReply } from "../../../src/commands/explain-reply.js";
import { UsageError } from "../../../src/ports/errors.js";
import type { CommandContext } from "../command-context.js";

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu;

export function addExplainCommand(program: Command, { terminal, withOperations }: CommandContext): void {
  program
    .command("explain <answer-id>")
    .description("Shows how an answer came to be: what was found, how sure the bot was, what each stage took.")
    .option("--json", "print the whole trace as a JSON object")
    .addHelpText("after", "\nExample:\n  $ deskhand explain 01980a3c-7d1e-7cc2-9d7b-6a5f0e3b2c11")
    .action(async (answerId: string, { json }: { json?: boolean }) => {
      if (!UUID.test(answerId)) {
        throw new UsageError("An answer id is a UUID. `deskhand ask --json` prints it as answerId.");
      }
      const answer = await withOperations((operations) => operations.explain(answerId));
      if (json === true) terminal.printJson(answer);
      else terminal.printReply(explainReply(answer));
    });
}
