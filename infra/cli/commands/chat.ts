import type { Command } from "commander";
import { newId } from "../../../src/ports/ids.js";
import { runChatSession } from "../chat-session.js";
import type { CommandContext } from "../command-context.js";

interface ChatOptions {
  readonly name: string;
  readonly resume?: string;
}

export function addChatCommand(program: Command, { deps, terminal, withOperations }: CommandContext): void {
  program
    .command("chat")
    .description("Talks with the bot in the terminal. A person's replies arrive here, too. Ctrl-C ends it.")
    .option("--name <name>", "who asks", deps.env["USER"] ?? "Customer")
    .option("--resume <conversation>", "goes on with an earlier conversation")
    .addHelpText(
      "after",
      "\nLines that start with / are commands, for example /kb status or /help. /quit ends the chat.\n" +
        "\nExamples:\n  $ deskhand chat\n  $ deskhand chat < questions.txt",
    )
    .action(async (options: ChatOptions) => {
      const conversationKey = options.resume ?? `chat-${newId()}`;
      const isResumed = options.resume !== undefined;
      const { isHandedOff } = await withOperations((operations) =>
        runChatSession(deps, operations, { conversationKey, displayName: options.name }),
      );
      if (isHandedOff || isResumed) terminal.notice(`Come back to it with: deskhand chat --resume ${conversationKey}`);
    });
}
