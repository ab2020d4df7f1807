import type { ConversationRef } from "../ports/chat.js";
import { DeskhandError } from "../ports/errors.js";
import type { TenantId } from "../ports/ids.js";
import { plainReply, type Citation } from "../ports/reply.js";
import type { HandoffReason } from "../ports/handoffs.js";
import type { CoreStores, DeliveryCause, Lease, NewAnswer } from "../ports/stores.js";
import { startTimers, type HandoffRules } from "./change-handoff.js";
import { conversationLanguage } from "./conversation-language.js";
import { handoffCard } from "./handoff-card.js";
import { openingText } from "./opening-text.js";

/** Says where the agents of a tenant work: the conversation that handoff cards are posted to. */
export type AgentsChannel = (tenantId: TenantId, from: ConversationRef) => ConversationRef;

/** Nobody can say yet where the agents work: their platform was not reached since the start. Later it can be. */
export class AgentsUnreachableError extends DeskhandError {
  override readonly name = "AgentsUnreachableError";
  readonly code = "agents-unreachable";
  readonly isRetryable = true;
}

export interface HandoffOpening {
  readonly lease: Lease;
  readonly cause: DeliveryCause;
  readonly customerName: string;
  readonly question: string;
  readonly reason: HandoffReason;
  readonly answer: NewAnswer | null;
  readonly tried: readonly Citation[];
  /** Told to the customer. The handoff exists before this sentence does. */
  readonly toCustomer: string;
}

export interface HandoffOpener {
  /** False while nobody can say where the agents work. */
  isReachable(lease: Lease): boolean;
  /** Opens the handoff, tells the customer and posts the card. Resolves with the conversations that have posts due. */
  open(stores: CoreStores, opening: HandoffOpening): Promise<readonly string[]>;
}

export function createHandoffOpener(deps: {
  readonly agentsChannel: AgentsChannel;
  readonly rules: HandoffRules;
}): HandoffOpener {
  const { rules } = deps;
  const bot = { role: "bot", name: rules.botName } as const;
  return {
    isReachable: (lease) => reachableChannel(deps.agentsChannel, lease) !== null,
    async open(stores, opening) {
      const { lease, cause, question, reason, answer, customerName } = opening;
      const handoffId = rules.newId();
      const channel = deps.agentsChannel(lease.tenantId, lease.conversation);
      const channelConversationId = await stores.conversations.ensure(channel);
      const card = handoffCard({ handoffId, customerName, question, reason, answer, tried: opening.tried });
      const cardDelivery = {
        conversationId: channelConversationId,
        cause,
        purpose: "handoff-card",
        operation: "post",
        targetDeliveryId: null,
        speaker: bot,
        reply: card,
      } as const;
      const [cardDeliveryId] = await stores.deliveries.add([cardDelivery]);
      if (cardDeliveryId === undefined) throw new Error("unreachable: one delivery in, one id out");
      const agentConversationId = await stores.conversations.startedBy(cardDeliveryId, channel.installationId);
      const { conversationId } = lease;
      const at = rules.clock.now();
      const opens = openingText(rules.hours, at, await conversationLanguage(stores, conversationId, question));
      const toCustomer = opens === null ? opening.toCustomer : `${opening.toCustomer} ${opens}`;
      const actor = { id: "bot", displayName: rules.botName, role: "bot" } as const;
      const handoff = await stores.handoffs.open(
        {
          handoffId,
          conversationId,
          agentConversationId,
          cardDeliveryId,
          reason,
          question,
          customerName,
          answerId: answer?.answerId ?? null,
        },
        actor,
      );
      await startTimers({ rules, stores, handoff, actor, cause });
      await stores.deliveries.add([
        { ...cardDelivery, conversationId, purpose: "reply", reply: plainReply(toCustomer) },
      ]);
      await stores.conversations.append(conversationId, cause, {
        speaker: "bot",
        name: rules.botName,
        text: toCustomer,
        at,
      });
      return [conversationId, channelConversationId];
    },
  };
}

/** Where the agents of a conversation's tenant work; null while nobody can say. */
export function reachableChannel(
  agentsChannel: AgentsChannel,
  { tenantId, conversation }: Pick<Lease, "tenantId" | "conversation">,
): ConversationRef | null {
  try {
    return agentsChannel(tenantId, conversation);
  } catch (error) {
    if (error instanceof AgentsUnreachableError) return null;
    throw error;
  }
}
