import type { SlackPlace } from "../conversation-key.js";
import type { RenderedMessage } from "../render/render-reply.js";
import type { MessageCalls } from "./message-calls.js";
import type { OwnMessage } from "./own-messages.js";

/** The messages of a reply after its first, as they are wanted and as they are there. */
export interface RestOfReply {
  readonly calls: MessageCalls;
  readonly place: SlackPlace;
  readonly deliveryId: string;
  readonly messages: readonly RenderedMessage[];
  readonly present: ReadonlyMap<number, OwnMessage>;
}

/** Posts what is missing; what is there stays, or is replaced. */
export async function putRest(
  { calls, place, deliveryId, messages, present }: RestOfReply,
  signal: AbortSignal,
  existing: "keep" | "replace" = "keep",
): Promise<void> {
  for (const [part, message] of messages.entries()) {
    if (part === 0) continue;
    const mark = { deliveryId, part, parts: messages.length };
    const there = present.get(part);
    if (there === undefined) await calls.post(place, message, mark, signal);
    else if (existing === "replace") await calls.update(place.channel, there.ts, message, mark, signal);
  }
}
