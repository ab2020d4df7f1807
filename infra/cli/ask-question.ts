import type { FinishedEvent, Operations, SaidMessage } from "../../src/commands/operations.js";
import type { WebMessage } from "../../src/ports/console.js";

/** What came of one question. */
export interface Asked {
  readonly finished: FinishedEvent;
  /** What was posted in answer, in order. */
  readonly replies: readonly WebMessage[];
}

/** Says something and waits for its outcome. Null when `signal` aborts first. */
export async function askQuestion(
  operations: Pick<Operations, "say" | "follow">,
  said: SaidMessage,
  signal: AbortSignal,
): Promise<Asked | null> {
  const { inboxId } = await operations.say(said, signal);
  const replies = new Map<string, WebMessage>();
  for await (const update of operations.follow(said.conversationKey, said.messageId, signal)) {
    if (update.kind === "message") replies.set(update.message.messageId, update.message);
    else if (update.inboxId === inboxId) return { finished: update, replies: [...replies.values()] };
  }
  return null;
}
