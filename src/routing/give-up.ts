import type { HandoffOpener } from "../handoff/open-handoff.js";
import { handoffTexts } from "../handoff/texts.js";
import { plainReply } from "../ports/reply.js";
import type { CoreStores } from "../ports/stores.js";
import type { Commit, EventContext } from "./event-context.js";

/**
 * The end of an event that failed at every attempt: a fixed sentence with a reference, and a person told where the
 * customer is the one who waits. Outcome `failed`, never silence.
 */
export function giveUp(
  deps: { readonly opener: HandoffOpener; readonly botName: string },
  context: EventContext,
): Commit {
  const { lease, cause, event, inboxId } = context;
  const reference = inboxId.slice(-8);
  return async (stores) => {
    const state = await stores.conversations.state(lease.conversationId);
    const outcome = { kind: "failed", reason: "fault" } as const;
    if (state.handoff === null && state.agentSideOf === null && event.kind === "message") {
      const wake = await deps.opener.open(stores, {
        lease,
        cause,
        customerName: event.author.displayName,
        question: event.text,
        reason: "fault",
        answer: null,
        tried: [],
        toCustomer: handoffTexts.handedOverFault(reference),
      });
      return { outcome, wake };
    }
    await sayItFailed(deps.botName, context, handoffTexts.faultForAgents(reference), stores);
    return { outcome, wake: [lease.conversationId] };
  };
}

async function sayItFailed(botName: string, { lease, cause }: EventContext, text: string, stores: CoreStores) {
  await stores.deliveries.add([
    {
      conversationId: lease.conversationId,
      cause,
      purpose: "reply",
      part: 0,
      operation: "post",
      targetDeliveryId: null,
      speaker: { role: "bot", name: botName },
      reply: plainReply(text),
    },
  ]);
}
