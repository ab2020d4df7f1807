import type { AnswerListener, Answering } from "../answering/contract.js";
import type { Allowance, BudgetLimits } from "../ports/budgets.js";
import { StaleLeaseError } from "../ports/errors.js";
import type { Handoff } from "../ports/handoffs.js";
import type { NewId } from "../ports/ids.js";
import type { KnowledgeSearch } from "../ports/knowledge.js";
import { plainReply, type Reply } from "../ports/reply.js";
import type { WithStores } from "../ports/stores.js";
import { botReply } from "../routing/bot-reply.js";
import type { Commit, EventContext } from "../routing/event-context.js";
import { readHistory, toTurn } from "../routing/read-history.js";
import { foundReply } from "./found-reply.js";
import { helpTexts, noDraftText } from "./help-texts.js";
import { hasLeft } from "./in-thread.js";
import { lastAsked, type LastAsked } from "./last-asked.js";
import { suggestionReply } from "./suggestion-reply.js";
import { handoffTexts } from "./texts.js";

/** What the bot looks up for agents. It is posted in the handoff's thread; nothing of it reaches the customer. */
export interface AgentHelp {
  /** The bot's best draft for what the customer asked last. @throws {NotFoundError}, and what the search throws */
  suggest(context: EventContext, handoffId: string, signal: AbortSignal): Promise<Commit>;
  /** The passages that these words find. @throws what the search throws */
  search(context: EventContext, handoffId: string, words: string, signal: AbortSignal): Promise<Commit>;
}

export interface AgentHelpDependencies {
  readonly withStores: WithStores;
  readonly answering: Answering;
  readonly search: KnowledgeSearch;
  readonly budget: BudgetLimits;
  readonly newId: NewId;
  readonly botName: string;
}

/** Passages that a search lists. */
const FOUND = 5;

export function createAgentHelp(deps: AgentHelpDependencies): AgentHelp {
  return {
    async suggest(context, handoffId, signal) {
      const { asked, isGone, ...desk } = await readDesk(deps, context, handoffId);
      if (isGone) return answerGone(deps, context, desk.handoff);
      if (asked !== null) return withinTenantsBudget(deps, context, { ...desk, asked }, signal);
      return answerAgents(deps, context, desk.handoff, plainReply(helpTexts.nothingAsked), "no-suggestion");
    },
    async search(context, handoffId, words, signal) {
      const { handoff, audience } = await readDesk(deps, context, handoffId);
      const { tenantId } = context.lease;
      const { passages } = await deps.search.search({ tenantId, text: words, audience, limit: FOUND }, signal);
      return answerAgents(deps, context, handoff, foundReply(words, passages.slice(0, FOUND)), "searched");
    },
  };
}

interface Desk {
  readonly handoff: Handoff;
  readonly asked: LastAsked | null;
  /** What the agent and everybody who asks in the customer's conversation may read. */
  readonly audience: readonly string[];
  readonly channelId: string | null;
  /** Asked for on the card of a team that has it no longer. */
  readonly isGone: boolean;
}

function readDesk(
  { withStores }: AgentHelpDependencies,
  { lease, event }: EventContext,
  handoffId: string,
): Promise<Desk> {
  return withStores(lease.tenantId, async ({ handoffs, conversations }) => {
    const handoff = await handoffs.lock(handoffId);
    const history = await readHistory(conversations, handoff.conversationId);
    const reader = await conversations.readers(handoff.conversationId);
    const audience = (reader?.audience ?? []).filter((token) => event.audience.includes(token));
    const isGone = await hasLeft({ conversations }, handoff, lease.conversationId);
    return { handoff, asked: lastAsked(history), audience, channelId: reader?.channelId ?? null, isGone };
  });
}

type Asked = Omit<Desk, "isGone"> & { readonly asked: LastAsked };

/** Counts against what the tenant may spend, and not against what one person may ask: the agent asks for the customer. */
async function withinTenantsBudget(
  deps: AgentHelpDependencies,
  context: EventContext,
  desk: Asked,
  signal: AbortSignal,
): Promise<Commit> {
  const { lease, event, inboxId } = context;
  const asker = { installationId: lease.conversation.installationId, personId: event.author.id, inboxId };
  const limits = { ...deps.budget, person: { perMinute: null, perDay: null } };
  const allowance = await deps.withStores(lease.tenantId, ({ budgets }) => budgets.take(limits, asker));
  const hold = allowance.kind === "granted" ? allowance.hold : null;
  try {
    return await suggest(deps, context, desk, allowance, signal);
  } catch (error) {
    if (hold !== null && !(error instanceof StaleLeaseError)) {
      // What failed before may fail here: then it stays counted.
      await deps.withStores(lease.tenantId, ({ budgets }) => budgets.giveBack(hold)).catch(() => undefined);
    }
    throw error;
  }
}

const UNSEEN: AnswerListener = {
  stage: () => Promise.resolve(),
  begin: () => Promise.resolve(false),
  sentence: () => Promise.resolve(true),
};

async function suggest(
  deps: AgentHelpDependencies,
  context: EventContext,
  { handoff, asked, audience, channelId }: Asked,
  allowance: Allowance,
  signal: AbortSignal,
): Promise<Commit> {
  const { lease, inboxId } = context;
  const request = {
    tenantId: lease.tenantId,
    // The trace belongs to the thread in which it was asked for: to the customer nothing was said.
    conversationId: lease.conversationId,
    inboxId,
    question: asked.question,
    history: asked.before.flatMap(toTurn),
    audience,
    ...(channelId === null ? {} : { channelId }),
    ...(allowance.kind === "tenant-spent" ? { spent: allowance.use } : {}),
    mayStream: false,
    isForAgent: true,
  };
  const { answer, candidate } = await deps.answering.answer(request, UNSEEN, signal);
  const hold = allowance.kind === "granted" ? allowance.hold : null;
  const suggestionId = deps.newId();
  const isDraft = candidate.kind === "draft";
  const reply = isDraft
    ? suggestionReply(suggestionId, asked.question, candidate, answer)
    : plainReply(noDraftText(candidate.reason));
  const show = answerAgents(deps, context, handoff, reply, isDraft ? "suggested" : "no-suggestion");
  return async (stores) => {
    await stores.traces.record(answer, hold);
    const { handoffId } = handoff;
    const { answerId } = answer;
    if (isDraft) {
      await stores.suggestions.add({ suggestionId, handoffId, answerId, question: asked.question, reply: candidate });
    }
    return show(stores);
  };
}

function answerGone({ botName }: AgentHelpDependencies, context: EventContext, { team }: Handoff): Commit {
  return async ({ deliveries }) => {
    await deliveries.add([botReply(context, plainReply(handoffTexts.pressedGone(team)), botName)]);
    return { outcome: { kind: "recorded", reason: "gone" }, wake: [context.lease.conversationId] };
  };
}

/** In the thread that the handoff has by then: it may have gone to another team meanwhile. */
function answerAgents(
  { botName }: AgentHelpDependencies,
  context: EventContext,
  { handoffId }: Handoff,
  reply: Reply,
  reason: string,
): Commit {
  return async ({ deliveries, handoffs }) => {
    const { agentConversationId } = await handoffs.lock(handoffId);
    await deliveries.add([{ ...botReply(context, reply, botName), conversationId: agentConversationId }]);
    return { outcome: { kind: "recorded", reason }, wake: [agentConversationId] };
  };
}
