import { fixedText, fixedTextLanguage } from "../answering/fixed-texts.js";
import { recogniseIntent } from "../answering/stages/intent.js";
import { recogniseLanguage } from "../answering/stages/language.js";
import type { Allowance, BudgetLimits } from "../ports/budgets.js";
import type { Clock } from "../ports/clock.js";
import type { Logger, Metrics } from "../ports/logger.js";
import { StaleLeaseError } from "../ports/errors.js";
import { plainReply } from "../ports/reply.js";
import type { WithStores } from "../ports/stores.js";
import type { AllowedAnswerHandler, AnswerHandler, Asking } from "./answer-handler.js";
import type { AskedTurn } from "./asked-turn.js";
import { botReply } from "./bot-reply.js";
import type { Commit, EventContext } from "./event-context.js";
import { toTurn, type History } from "./read-history.js";

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
    if (recogniseIntent(turn.question).kind === "human-please") return answer(context, turn, history, FREE, signal);
    const { lease, event, inboxId } = context;
    const asker = { installationId: lease.conversation.installationId, personId: event.author.id, inboxId };
    const allowance = await deps.withStores(lease.tenantId, ({ budgets }) => budgets.take(deps.budget, asker));
    if (allowance.kind === "tenant-spent") note(deps, context, "tenant");
    if (allowance.kind === "person-spent") return refuse(deps, context, turn, history, allowance);
    try {
      return await answer(context, turn, history, allowance, signal);
    } catch (error) {
      await giveBack(deps, context, allowance, error);
      throw error;
    }
  };
}

/** Asking for a person costs nothing. */
const FREE: Allowance = { kind: "granted", hold: null };

/** An attempt that failed by itself is made anew, and holds anew. One that was cut short may have cost what it held. */
async function giveBack({ withStores }: BudgetDependencies, { lease }: Asking, allowance: Allowance, error: unknown) {
  if (allowance.kind !== "granted" || allowance.hold === null || error instanceof StaleLeaseError) return;
  const { hold } = allowance;
  // What failed before may fail here: then it stays counted.
  await withStores(lease.tenantId, ({ budgets }) => budgets.giveBack(hold)).catch(() => undefined);
}

type PersonSpent = Extract<Allowance, { kind: "person-spent" }>;

function refuse(
  deps: BudgetDependencies,
  context: Asking,
  turn: AskedTurn,
  history: History,
  { period, isFirst }: PersonSpent,
): Commit {
  if (isFirst) note(deps, context, `person-${period}`);
  const outcome = { kind: "ignored", reason: "budget-spent" } as const;
  return async (stores) => {
    // An edit that is not answered leaves the question and its answer as they were.
    const ended = context.event.kind === "edit" ? {} : await turn.keepWords(stores);
    if (!isFirst || context.event.kind === "deletion") return { outcome, wake: [], ...ended };
    const { code } = await recogniseLanguage(turn.question, history.flatMap(toTurn));
    const language = fixedTextLanguage(code);
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
