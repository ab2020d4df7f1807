import { fixedText, fixedTextLanguage } from "../answering/fixed-texts.js";
import { recogniseIntent } from "../answering/stages/intent.js";
import type { Allowance, BudgetLimits } from "../ports/budgets.js";
import type { Clock } from "../ports/clock.js";
import type { Logger, Metrics } from "../ports/logger.js";
import { plainReply } from "../ports/reply.js";
import type { WithStores } from "../ports/stores.js";
import { guessLanguage } from "../text/guess-language.js";
import type { AllowedAnswerHandler, AnswerHandler, Asking } from "./answer-handler.js";
import type { AskedTurn } from "./asked-turn.js";
import { botReply } from "./bot-reply.js";
import type { Commit, EventContext } from "./event-context.js";

export interface BudgetDependencies {
  readonly withStores: WithStores;
  readonly budget: BudgetLimits;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "budgetSpent">;
  readonly clock: Clock;
  readonly botName: string;
}

/**
 * Counts each question against what may be spent, before anything is done for it. Who has asked too many is told so once
 * in a period, and what they write after that is kept and gets no reply; a wish for a person goes on, and costs nothing.
 */
export function withinBudget(deps: BudgetDependencies, answer: AllowedAnswerHandler): AnswerHandler {
  return async (context, turn, history, signal) => {
    const { lease, event, inboxId } = context;
    const asker = { installationId: lease.conversation.installationId, personId: event.author.id, inboxId };
    const allowance = await deps.withStores(lease.tenantId, ({ budgets }) => budgets.take(deps.budget, asker));
    if (allowance.kind === "tenant-spent") note(deps, context, "tenant");
    const isRefused = allowance.kind === "person-spent" && recogniseIntent(turn.question).kind !== "human-please";
    return isRefused ? refuse(deps, context, turn, allowance) : answer(context, turn, history, allowance, signal);
  };
}

type PersonSpent = Extract<Allowance, { kind: "person-spent" }>;

function refuse(deps: BudgetDependencies, context: Asking, turn: AskedTurn, { period, isFirst }: PersonSpent): Commit {
  if (isFirst) note(deps, context, `person-${period}`);
  const outcome = { kind: "ignored", reason: "budget-spent" } as const;
  return async (stores) => {
    // An edit that is not answered leaves the question and its answer as they were.
    const ended = context.event.kind === "message" ? await turn.keepWords(stores) : {};
    if (!isFirst) return { outcome, wake: [], ...ended };
    const language = fixedTextLanguage(guessLanguage(turn.question));
    const text = fixedText(period === "minute" ? "too-many-now" : "too-many-today", language);
    const reply = plainReply(text, [{ name: "human" }]);
    await stores.deliveries.add([botReply(context, reply, deps.botName)]);
    const { conversationId } = context.lease;
    const said = { speaker: "bot", name: deps.botName, text, at: deps.clock.now() } as const;
    await stores.conversations.append(conversationId, context.cause, said);
    return { outcome, wake: [conversationId], ...ended };
  };
}

function note({ logger, metrics }: BudgetDependencies, { lease }: EventContext, code: string): void {
  metrics.budgetSpent(code);
  logger.warn("budget of answers spent", { code, platform: lease.platform, conversationId: lease.conversationId });
}
