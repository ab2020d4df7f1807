import type { HandoffHandlers } from "../handoff/handoff-handlers.js";
import { wordsOf } from "../handoff/relayed-words.js";
import type { ChatAdapter, Platform } from "../ports/chat.js";
import { assertNever } from "../ports/errors.js";
import type { Handoff } from "../ports/handoffs.js";
import type { Turn, WithStores } from "../ports/stores.js";
import { amendedTurn, questionAfter, type Amendment } from "./amended-turn.js";
import type { AnswerHandler } from "./answer-handler.js";
import { newTurn } from "./asked-turn.js";
import { ignored, type Commit, type Effects } from "./event-context.js";
import { readHistory, type History } from "./read-history.js";
import { strikeWords, withdrawTurn } from "./withdraw.js";

export interface AmendmentDependencies {
  readonly withStores: WithStores;
  readonly answer: AnswerHandler;
  readonly handoffs: HandoffHandlers;
  readonly adapterFor: (platform: Platform) => ChatAdapter;
  readonly botName: string;
}

/** What an edit or a deletion makes of a message that has had its turn, or never came. */
type Verdict =
  | { readonly kind: "ignore"; readonly reason: string }
  /** Words that were nobody's question before. */
  | { readonly kind: "ask-anew" }
  | { readonly kind: "ask-again"; readonly turn: Turn }
  | { readonly kind: "withdraw"; readonly turn: Turn }
  /** What was done about it stays: only the words go. */
  | { readonly kind: "strike"; readonly turn: Turn };

/** Answers an edited question again, and withdraws the answer to a deleted one. */
export async function amend(deps: AmendmentDependencies, context: Amendment, signal: AbortSignal): Promise<Commit> {
  const { lease } = context;
  const { turn, history } = await look(deps, context);
  const verdict = judge(context, turn);
  switch (verdict.kind) {
    case "ignore":
      return ignored(verdict.reason);
    case "ask-anew": {
      const text = context.event.kind === "edit" ? wordsOf(context.event) : "";
      const asked = newTurn(context, [{ inboxId: context.inboxId, event: context.event, text }], deps.botName);
      return deps.answer(context, asked, history, signal);
    }
    case "ask-again": {
      const place = { adapter: deps.adapterFor(lease.platform), botName: deps.botName };
      return deps.answer(context, amendedTurn(context, verdict.turn, place), history, signal);
    }
    case "withdraw":
      return async (stores) => withdrawn(verdict.turn, await withdrawTurn(stores, lease, verdict.turn, deps.botName));
    case "strike":
      return async (stores) => withdrawn(verdict.turn, await strikeWords(stores, lease, verdict.turn));
    default:
      return assertNever(verdict);
  }
}

/** While a person has the conversation: whatever changes is told to them. */
export async function relayAmendment(
  deps: Pick<AmendmentDependencies, "withStores" | "handoffs">,
  context: Amendment,
  handoff: Handoff,
): Promise<Commit> {
  const { lease, event } = context;
  const turn = await deps.withStores(lease.tenantId, ({ inbox }) => inbox.turnOf(lease, event));
  if (event.kind === "deletion") {
    return turn === null ? ignored("unknown-message") : deps.handoffs.relayDeletion(context, handoff, turn);
  }
  const text = event.text.trim();
  if (text === "" || isUnchanged(turn, wordsOf(event))) return ignored("unchanged");
  return deps.handoffs.relayEdit(context, handoff, { turn, text });
}

function look(
  { withStores }: AmendmentDependencies,
  { lease, event }: Amendment,
): Promise<{ turn: Turn | null; history: History }> {
  return withStores(lease.tenantId, async ({ conversations, inbox }) => {
    const turn = await inbox.turnOf(lease, event);
    // A changed question is read with what had been said before it was first asked.
    const before = turn?.said[0]?.at ?? turn?.occurredAt ?? event.occurredAt;
    return { turn, history: await readHistory(conversations, lease.conversationId, before) };
  });
}

function judge(context: Amendment, turn: Turn | null): Verdict {
  const { event } = context;
  if (turn !== null && turn.kind !== "message" && turn.kind !== "edit") return ignore("not-a-question");
  if (event.kind === "deletion") return judgeDeletion(context, turn);
  if (event.text.trim() === "") return ignore("empty");
  if (turn === null || isUnheard(turn)) {
    return event.addressesBot ? { kind: "ask-anew" } : ignore("not-addressed");
  }
  if (isUnchanged(turn, wordsOf(event))) return ignore("unchanged");
  return turn.wentToPeople ? ignore("answered-by-a-person") : { kind: "ask-again", turn };
}

function judgeDeletion(context: Amendment, turn: Turn | null): Verdict {
  if (turn === null || isUnheard(turn)) return ignore("unknown-message");
  if (turn.wentToPeople || turn.outcome.kind === "ignored") return { kind: "strike", turn };
  return questionAfter(context, turn) === "" ? { kind: "withdraw", turn } : { kind: "ask-again", turn };
}

function ignore(reason: string): Verdict {
  return { kind: "ignore", reason };
}

/** What was refused for the budget is ignored, too, and its words are kept. */
function isUnheard({ outcome, said }: Turn): boolean {
  return outcome.kind === "ignored" && said.length === 0;
}

function withdrawn({ turnId }: Turn, wake: readonly string[]): Effects {
  return { outcome: { kind: "recorded", reason: "withdrawn" }, wake, turnId };
}

/** Whether an edit left the words as they are, but for case, spaces and the mark at the end. */
function isUnchanged(turn: Turn | null, text: string): boolean {
  const before = turn?.said.find(({ inboxId }) => inboxId === turn.inboxId)?.text;
  return before !== undefined && essence(before) === essence(text);
}

function essence(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/^ | ?[.?!…]* ?$/gu, "");
}
