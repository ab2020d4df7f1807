import type { Command } from "commander";
import {
  readHandoffCode,
  readOneOf,
  TRANSCRIPT_FORMATS,
  TRANSCRIPT_READERS,
} from "../../../src/commands/handoff-command.js";
import type { CommandContext } from "../command-context.js";
import { manage } from "./knowledge-care.js";

/** What leads ask about handoffs. */
export function addHandoffCommands(program: Command, context: CommandContext): void {
  const handoffs = program.command("handoffs").description("Shows what people have taken over from the bot.");
  handoffs
    .command("status")
    .description("Shows what each team has to do, how fast it was, and who holds how many.")
    .option("--json", "print a JSON array")
    .addHelpText("after", "\nExample:\n  $ deskhand handoffs status")
    .action((options: Json) => manage(context, { kind: "handoffs-status" }, options));
  handoffs
    .command("list")
    .description("Shows the newest handoffs.")
    .option("--json", "print a JSON array")
    .addHelpText("after", "\nExample:\n  $ deskhand handoffs list")
    .action((options: Json) => manage(context, { kind: "handoffs-list" }, options));
  addTranscript(handoffs, context);
}

interface Json {
  readonly json?: boolean;
}

function addTranscript(handoffs: Command, { deps, terminal, withOperations }: CommandContext): void {
  handoffs
    .command("transcript <id>")
    .description("Prints the whole conversation that a handoff is in, with the team's notes. Times are UTC.")
    .option("--format <format>", "md or json", "md")
    .option("--for <reader>", "team, or customer: without the notes, with agents named as customers see them", "team")
    .addHelpText("after", "\nExample:\n  $ deskhand handoffs transcript 1a2b3c --for customer > transcript.md")
    .action(async (typed: string, options: { readonly format: string; readonly for: string }) => {
      const command = {
        kind: "handoffs-transcript",
        handoff: readHandoffCode(typed),
        format: readOneOf("--format", options.format, TRANSCRIPT_FORMATS),
        reader: readOneOf("--for", options.for, TRANSCRIPT_READERS),
      } as const;
      const { data } = await withOperations((operations) => operations.manage(command, deps.signal));
      if (typeof data === "string") terminal.print(data);
      else terminal.printJson(data);
    });
}
