import type { Command } from "commander";
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
    .action((options: { readonly json?: boolean }) => manage(context, { kind: "handoffs-status" }, options));
}
