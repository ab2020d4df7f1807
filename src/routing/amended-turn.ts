import type { FixedTextLanguage } from "../answering/fixed-texts.js";
import { customerText } from "../handoff/customer-texts.js";
import { wordsOf } from "../handoff/relayed-words.js";
import type { ChatAdapter, DeletionEvent, EditEvent } from "../ports/chat.js";
import { plainReply, type Reply } from "../ports/reply.js";
import type { CoreStores, Turn } from "../ports/stores.js";
import { joinWords, type AskedTurn } from "./asked-turn.js";
import { botReply } from "./bot-reply.js";
import type { EventContext } from "./event-context.js";
import { strikeWords, withdrawReplies } from "./withdraw.js";

export type Amendment = EventContext<EditEvent | DeletionEvent>;

/** Words of a turn after an edit or a deletion in it; empty when nothing is left of it. */
export function questionAfter({ event }: Pick<Amendment, "event">, turn: Turn): string {
  const isKept = turn.said.some(({ inboxId }) => inboxId === turn.inboxId);
  const now = turn.said.map((said) => {
    if (said.inboxId !== turn.inboxId) return said.text;
    return event.kind === "edit" ? wordsOf(event) : "";
  });
  // One that had been deleted, and is back.
  return joinWords(isKept || event.kind === "deletion" ? now : [...now, wordsOf(event)]);
}

/** A question that was changed after its answer: the new answer takes the place of the former one where that can be. */
export function amendedTurn(
  context: Amendment,
  turn: Turn,
  { adapter, botName }: { readonly adapter: ChatAdapter; readonly botName: string },
): AskedTurn {
  const { lease, cause } = context;
  const { conversationId } = lease;
  return {
    question: questionAfter(context, turn),
    mayStream: false,
    async keepWords(stores) {
      await keepChange(stores, context, turn);
      return { turnId: turn.turnId };
    },
    async deliver(stores, reply, language) {
      const standing = await stores.deliveries.standing(turn.turnId);
      const [only, ...others] = standing;
      const fresh = botReply(context, reply, botName);
      const isOneForOne = others.length === 0 && adapter.countParts(fresh) === 1 && adapter.capabilities.edit;
      if (only === undefined) {
        await stores.deliveries.add([fresh]);
      } else if (isOneForOne) {
        await stores.deliveries.add([{ ...fresh, ...inPlaceOf(only.deliveryId, only.conversationId) }]);
        return [only.conversationId];
      } else {
        const wake = await withdrawReplies(stores, turn.turnId, botName);
        await stores.deliveries.add([{ ...fresh, reply: replacing(reply, language) }]);
        return [...new Set([...wake, conversationId])];
      }
      return [conversationId];
    },
    async keepReply(stores, text, at) {
      if (await stores.conversations.amendReply(conversationId, turn.turnId, text)) return;
      await stores.conversations.append(conversationId, cause, { speaker: "bot", name: botName, text, at });
    },
    async giveWay(stores) {
      await stores.conversations.strikeReply(conversationId, turn.turnId);
      return withdrawReplies(stores, turn.turnId, botName);
    },
  };
}

async function keepChange(stores: CoreStores, { lease, cause, event }: Amendment, turn: Turn): Promise<void> {
  const { conversations } = stores;
  const { conversationId } = lease;
  if (event.kind === "deletion") {
    await strikeWords(stores, lease, turn);
    return;
  }
  const text = wordsOf(event).trim();
  if (await conversations.amend(conversationId, turn.inboxId, text)) return;
  const { displayName: name } = event.author;
  const said = { speaker: "customer", name, text, at: turn.occurredAt } as const;
  await conversations.append(conversationId, { type: cause.type, id: turn.inboxId }, said);
}

function inPlaceOf(targetDeliveryId: string, conversationId: string) {
  return { operation: "edit", targetDeliveryId, conversationId } as const;
}

/** The reply below a word about what it takes the place of. */
function replacing(reply: Reply, language: FixedTextLanguage): Reply {
  return { ...reply, blocks: [...plainReply(customerText("replaces", language)).blocks, ...reply.blocks] };
}
