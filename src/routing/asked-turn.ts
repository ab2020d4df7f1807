import type { FixedTextLanguage } from "../answering/fixed-texts.js";
import type { Reply } from "../ports/reply.js";
import type { CoreStores } from "../ports/stores.js";
import { botReply } from "./bot-reply.js";
import type { TurnMessage } from "./burst.js";
import type { Effects, EventContext } from "./event-context.js";

/** A question on its way to an answer, and how the answer is put into the conversation. */
export interface AskedTurn {
  readonly question: string;
  /** False where the answer takes the place of another one. */
  readonly mayStream: boolean;
  /** Keeps the customer's words, and ends what else they came in. Says what the event's own end is to tell of it. */
  keepWords(stores: CoreStores): Promise<Pick<Effects, "turnId" | "joined">>;
  /** Posts the reply, and resolves with the conversations that have posts due. */
  deliver(stores: CoreStores, reply: Reply, language: FixedTextLanguage): Promise<readonly string[]>;
  /** Keeps the bot's words. */
  keepReply(stores: CoreStores, text: string, at: Date): Promise<void>;
  /** Makes room for a person: what the bot said before in this turn does not stand. */
  giveWay(stores: CoreStores): Promise<readonly string[]>;
}

type Words = Pick<TurnMessage, "inboxId" | "text"> & { readonly event: EventContext["event"] };

/** A new question: the words of one message, or of a burst. */
export function newTurn(context: EventContext, messages: readonly Words[], botName: string): AskedTurn {
  const { conversationId } = context.lease;
  return {
    question: joinWords(messages.map(({ text }) => text)),
    mayStream: true,
    async keepWords(stores) {
      // All before the reply, which may be kept at the same time.
      const kept = messages.map(({ inboxId, event, text }) =>
        stores.conversations.append(
          conversationId,
          { type: "event", id: inboxId },
          { speaker: "customer", name: event.author.displayName, text: text.trim(), at: event.occurredAt },
        ),
      );
      await Promise.all(kept);
      const others = messages.map(({ inboxId }) => inboxId).filter((id) => id !== context.inboxId);
      if (others.length > 0) await stores.inbox.join(context.lease, others, context.inboxId);
      return { joined: others.length };
    },
    async deliver(stores, reply) {
      await stores.deliveries.add([botReply(context, reply, botName)]);
      return [conversationId];
    },
    keepReply: (stores, text, at) =>
      stores.conversations.append(conversationId, context.cause, { speaker: "bot", name: botName, text, at }),
    giveWay: () => Promise.resolve([]),
  };
}

export function joinWords(texts: readonly string[]): string {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .join("\n");
}
