import { candidateCard, endedCard } from "../commands/candidate-card.js";
import { reachableChannel, type AgentsChannel } from "../handoff/agents-channel.js";
import type { PostedCard } from "../ports/candidates.js";
import type { NewId, TenantId } from "../ports/ids.js";
import type { Logger } from "../ports/logger.js";
import type { Queue } from "../ports/queue.js";
import type { Reply } from "../ports/reply.js";
import type { CoreStores, NewDelivery, WithStores } from "../ports/stores.js";
import { repeat } from "../routing/repeat.js";

export interface CandidateCardPlan {
  readonly tenantId: TenantId;
  /** Out of how many handoffs a candidate must have come to be shown. */
  readonly leastHandoffs: number;
  /** Between the end of one look and the start of the next. */
  readonly intervalMs: number;
}

export interface CandidateCardDependencies {
  readonly plan: CandidateCardPlan;
  readonly withStores: WithStores;
  readonly queue: Pick<Queue, "enqueue">;
  readonly agentsChannel: AgentsChannel;
  readonly newId: NewId;
  readonly logger: Logger;
  readonly botName: string;
}

/** How many cards one look posts, changes, and ends; the next goes on with the rest. */
const CARDS_PER_LOOK = 5;

/**
 * Shows candidates that wait to the agents, each once, and brings their cards up to date with whatever was decided, changed or
 * became of them, wherever that was. Two processes post a card once. Never rejects.
 */
export function runCandidateCards(deps: CandidateCardDependencies, signal: AbortSignal): Promise<void> {
  return repeat("candidate cards", () => lookOnce(deps), { ...deps, intervalMs: deps.plan.intervalMs }, signal);
}

async function lookOnce(deps: CandidateCardDependencies): Promise<void> {
  const { plan, withStores, queue, agentsChannel } = deps;
  const channel = reachableChannel(agentsChannel, plan.tenantId, null);
  if (channel === null) return;
  const wake = await withStores(plan.tenantId, async (stores) => {
    const edited = await bringUpToDate(deps, stores);
    const fresh = await stores.candidates.withoutCard(plan.leastHandoffs, CARDS_PER_LOOK);
    if (fresh.length === 0) return edited;
    const conversationId = await stores.conversations.ensure(channel);
    for (const candidate of fresh) {
      const card = { ...fromBot(deps), conversationId, operation: "post", targetDeliveryId: null } as const;
      const [deliveryId] = await stores.deliveries.add([{ ...card, reply: candidateCard(candidate) }]);
      if (deliveryId !== undefined) await stores.candidates.setCard(candidate, deliveryId);
    }
    return [...edited, conversationId];
  });
  for (const conversationId of new Set(wake))
    await queue.enqueue("conversation.send", conversationId, { conversationId });
}

async function bringUpToDate(deps: CandidateCardDependencies, stores: CoreStores): Promise<readonly string[]> {
  const { candidates } = stores;
  const edited: string[] = [];
  for (const changed of await candidates.outdatedCards(CARDS_PER_LOOK)) {
    edited.push(await editCard(deps, stores, changed.card, candidateCard(changed)));
    await candidates.setCard(changed, changed.card.deliveryId);
  }
  for (const ended of await candidates.untoldEndings(CARDS_PER_LOOK)) {
    edited.push(await editCard(deps, stores, ended.card, endedCard(ended)));
    await candidates.markTold(ended.candidateId);
  }
  return edited;
}

/** Resolves with the conversation that has a post due. */
async function editCard(
  deps: CandidateCardDependencies,
  { deliveries }: CoreStores,
  { deliveryId: targetDeliveryId, conversationId }: PostedCard,
  reply: Reply,
): Promise<string> {
  await deliveries.add([{ ...fromBot(deps), conversationId, operation: "edit", targetDeliveryId, reply }]);
  return conversationId;
}

function fromBot({ newId, botName }: CandidateCardDependencies): Pick<NewDelivery, "cause" | "purpose" | "speaker"> {
  return {
    cause: { type: "timer", id: newId() },
    purpose: "notice",
    speaker: { role: "bot", name: botName },
  };
}
