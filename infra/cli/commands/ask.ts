import { InvalidArgumentError, type Command } from "commander";
import { replyText } from "../../../src/answering/reply-text.js";
import { UsageError } from "../../../src/ports/errors.js";
import { newId } from "../../../src/ports/ids.js";
import { startTimeLimit } from "../../../src/ports/time-limit.js";
import { askQuestion, type Asked } from "../ask-question.js";
import type { CommandContext } from "../command-context.js";
import { ServerError } from "../remote-operations.js";

interface AskOptions {
  readonly name: string;
  readonly timeout: number;
  readonly json?: boolean;
}

export function addAskCommand(program: Command, context: CommandContext): void {
  program
    .command("ask <question...>")
    .description("Asks one question and prints the answer with its sources, or says that a person will answer.")
    .option("--name <name>", "who asks", context.deps.env["USER"] ?? "Customer")
    .option("--timeout <seconds>", "how long to wait for the outcome", seconds, 120)
    .option("--json", "print {outcome, reason, answer, citations, confidence, answerId, handedOff, conversation}")
    .addHelpText("after", '\nExample:\n  $ deskhand ask "How do I reset the hub?"')
    .action(async (words: string[], options: AskOptions) => {
      await ask(context, words.join(" ").trim(), options);
    });
}

async function ask({ deps, terminal, withOperations }: CommandContext, text: string, options: AskOptions) {
  if (text === "") throw new UsageError('The question is empty. Ask like this: deskhand ask "How do I …?"');
  const conversationKey = `ask-${newId()}`;
  using limit = startTimeLimit(deps.signal, options.timeout * 1000);
  const said = { conversationKey, messageId: newId(), text, displayName: options.name };
  const asked = await withOperations((operations) => askQuestion(operations, said, limit.signal));
  if (asked === null) {
    throw new ServerError(
      "timeout",
      `No outcome within ${options.timeout} s. It is kept: deskhand chat --resume ${conversationKey}`,
    );
  }
  if (options.json === true) terminal.printJson(toJson(asked, conversationKey));
  else printAsked(terminal, asked, conversationKey);
  if (asked.finished.outcome.kind === "failed") deps.setExitCode(1);
}

function toJson({ finished, replies }: Asked, conversation: string): object {
  const { outcome, confidence, answerId } = finished;
  const isAnswer = outcome.kind === "answered" || outcome.kind === "clarified";
  const said = replies.flatMap(({ reply }) => (reply === null ? [] : [reply]));
  return {
    outcome: outcome.kind,
    reason: outcome.reason,
    answer: isAnswer ? said.map(replyText).join("\n\n") : null,
    citations: isAnswer ? said.flatMap(({ citations }) => citations) : [],
    confidence,
    answerId,
    handedOff: outcome.kind === "handed-off",
    conversation,
  };
}

function printAsked(terminal: CommandContext["terminal"], { finished, replies }: Asked, conversationKey: string): void {
  for (const { reply } of replies) if (reply !== null) terminal.printReply(reply);
  terminal.print("");
  const isSmallTalk = finished.confidence === 0 && finished.outcome.kind !== "handed-off";
  if (finished.confidence !== null && !isSmallTalk) {
    const explain = finished.answerId === null ? "" : ` · deskhand explain ${finished.answerId}`;
    terminal.print(`Confidence ${Math.round(finished.confidence * 100)} %${explain}`);
  }
  if (finished.outcome.kind === "handed-off") {
    terminal.print("A person will answer, from the agents' side of the page that `deskhand start` serves.");
    terminal.print(`Their reply arrives here: deskhand chat --resume ${conversationKey}`);
  }
  if (finished.outcome.kind === "failed")
    terminal.notice("The question failed. Look at what is broken: deskhand doctor");
}

function seconds(text: string): number {
  if (!/^[1-9]\d{0,4}$/u.test(text)) throw new InvalidArgumentError("It must be a whole number of seconds.");
  return Number(text);
}
