import { assertNever } from "../ports/errors.js";
import type { Block, Citation, HandoffActionName, Inline, Reply, ReplyAction } from "../ports/reply.js";
import type { HandoffHolder, HandoffReason, HandoffStanding, HandoffState } from "../ports/handoffs.js";
import { RATINGS, type Rating } from "../ports/ratings.js";
import type { NewAnswer } from "../ports/stores.js";
import { placeOf } from "../text/place-of.js";
import { policyTopics } from "./policy-topics.js";
import { shortTime } from "./short-time.js";
import { reasonTexts } from "./texts.js";

export interface HandoffCardContent {
  readonly handoffId: string;
  readonly customerName: string;
  readonly question: string;
  /** What the customer wrote last, where the question was asked before it. */
  readonly words: string | null;
  /** What the customer had asked before, in their words. */
  readonly before: readonly string[];
  readonly reason: HandoffReason;
  readonly answer: NewAnswer | null;
  /** The passages the bot looked at, best first. */
  readonly tried: readonly Citation[];
  /** The team that it is for; null where there is only one. */
  readonly team: string | null;
  /** What is due when; empty where nothing is. */
  readonly due: string;
}

/** The card that agents see first: the question, why it came to them, and what was tried. */
export function handoffCard(content: HandoffCardContent): Reply {
  const { customerName, question, words, before, reason, answer, tried, handoffId, team, due } = content;
  return {
    blocks: [
      { kind: "heading", children: [text(`${customerName} asks`)] },
      ...(due === "" ? [] : [dueBlock(due)]),
      ...(team === null ? [] : [forTeam(team)]),
      { kind: "quote", blocks: [{ kind: "paragraph", children: [text(question)] }] },
      ...(words === null ? [] : lastWords(words)),
      ...whatWasAsked(before),
      { kind: "paragraph", children: whyHere(reason, answer) },
      ...whatWasTried(tried),
    ],
    citations: tried,
    actions: cardActions(handoffId, "waiting"),
  };
}

function forTeam(team: string, more = ""): Block {
  const name: Inline = { kind: "strong", children: [text(`For ${team}`)] };
  return { kind: "paragraph", children: more === "" ? [name] : [name, text(more)] };
}

const DUE = "Due: ";

function dueBlock(due: string): Block {
  return { kind: "paragraph", children: [{ kind: "strong", children: [text(DUE)] }, text(due)] };
}

/** Without what was due when the card was posted: the customer's words stand in a quote, never like this. */
function withoutDue(blocks: readonly Block[]): readonly Block[] {
  return blocks.filter((block) => {
    const [first] = block.kind === "paragraph" ? block.children : [];
    const [said] = first?.kind === "strong" ? first.children : [];
    return said?.kind !== "text" || said.text !== DUE;
  });
}

/** The card of a handoff as it was first posted, for another team. */
export function cardMovedTo(
  card: Reply,
  from: string | null,
  to: { readonly team: string; readonly by: string; readonly due: string },
): Reply {
  const [heading, ...rest] = withoutDue(card.blocks);
  const words = from === null ? rest : rest.slice(1);
  const team = forTeam(to.team, `, passed on by ${to.by}${from === null ? "" : `, from ${from}`}`);
  const due = to.due === "" ? [] : [dueBlock(to.due)];
  return { ...card, blocks: [...(heading === undefined ? [] : [heading]), ...due, team, ...words] };
}

/** What is left of the card with the former team: nothing can be done with it there. */
export function cardGoneTo(card: Reply, team: string): Reply {
  return withState(card, [text(`Has gone to ${team}`)], []);
}

/** What can be done with a handoff that stands like that. */
export function cardActions(handoffId: string, state: HandoffState): readonly ReplyAction[] {
  return actionNames(state).map((name) => ({ name, handoffId }));
}

function actionNames(state: HandoffState): readonly HandoffActionName[] {
  switch (state) {
    case "waiting":
    case "reopened":
      return ["claim", "suggest"];
    case "claimed":
      return ["resolve", "suggest", "snooze", "release", "return"];
    case "snoozed":
      return ["claim", "resolve", "suggest", "release", "return"];
    case "resolved":
    case "returned":
    case "expired":
      return ["reopen"];
    default:
      return assertNever(state);
  }
}

/** The card as it was posted, with how its handoff stands now. */
export function cardInState(
  card: Reply,
  standing: HandoffStanding,
  { actions, rating, due, assignedTo }: CardNews,
): Reply {
  const rated = rating === null ? "" : `. Rated ${rating} of ${RATINGS.length}`;
  const whom = assignedTo === null ? [] : forPerson(assignedTo);
  const words = `${stateText(standing)}${due === "" ? "" : `. ${DUE}${due}`}${rated}`;
  return withState(card, [...whom, text(words)], actions);
}

function forPerson({ id, displayName }: HandoffHolder): readonly Inline[] {
  return [text("For "), { kind: "mention", id, name: displayName }, text(". ")];
}

export interface CardNews {
  readonly actions: readonly ReplyAction[];
  readonly rating: Rating | null;
  /** What is due when; empty where nothing is. */
  readonly due: string;
  /** Whom it is for; null for everybody. */
  readonly assignedTo: HandoffHolder | null;
}

function withState(card: Reply, words: readonly Inline[], actions: readonly ReplyAction[]): Reply {
  const [heading, ...rest] = withoutDue(card.blocks);
  const state: Block = { kind: "paragraph", children: [{ kind: "strong", children: words }] };
  return { ...card, blocks: [...(heading === undefined ? [] : [heading]), state, ...rest], actions };
}

function stateText({ state, claimedBy, snoozedUntil }: HandoffStanding): string {
  const whom = claimedBy?.displayName ?? "somebody";
  switch (state) {
    case "waiting":
      return "Waits for somebody to claim it";
    case "reopened":
      return "Not solved yet: waits for somebody to claim it";
    case "claimed":
      return `Claimed by ${whom}`;
    case "snoozed":
      return `Snoozed by ${whom}${snoozedUntil === null ? "" : ` until ${shortTime(snoozedUntil)}`}`;
    case "resolved":
      return `Resolved by ${whom}`;
    case "returned":
      return "Handed back to the bot";
    case "expired":
      return "Expired: nobody has claimed it";
    default:
      return assertNever(state);
  }
}

function whyHere(reason: HandoffReason, answer: NewAnswer | null): Inline[] {
  const why = text(reasonTexts[reason]);
  if (answer === null) return [why];
  // Of a person who was asked for, or a topic that people answer, nothing was looked for and there is nothing to be sure of.
  if (!answer.stages.some(({ stage }) => stage === "confidence")) return [why, ...topicsOf(answer)];
  const percent = Math.round(answer.confidence * 100);
  const needed = Math.round(answer.threshold * 100);
  return [why, ...topicsOf(answer), text(` Confidence ${percent} %, needed ${needed} %.`)];
}

function topicsOf(answer: NewAnswer): Inline[] {
  const topics = policyTopics(answer);
  if (topics.length === 0) return [];
  return [text(` ${topics.length === 1 ? "Topic" : "Topics"}: ${topics.join(", ")}.`)];
}

function lastWords(words: string): Block[] {
  return [
    { kind: "paragraph", children: [{ kind: "strong", children: [text("Then wrote")] }] },
    { kind: "quote", blocks: [{ kind: "paragraph", children: [text(words)] }] },
  ];
}

function whatWasAsked(before: readonly string[]): Block[] {
  if (before.length === 0) return [];
  const items = before.map((line): Block[] => [{ kind: "paragraph", children: [text(line)] }]);
  return [
    { kind: "paragraph", children: [{ kind: "strong", children: [text("Asked before")] }] },
    { kind: "list", ordered: false, start: 1, items },
  ];
}

function whatWasTried(tried: readonly Citation[]): Block[] {
  if (tried.length === 0) return [];
  const items = tried.map((citation): Block[] => [
    {
      kind: "paragraph",
      children: [text(placeOf(citation)), text(" "), { kind: "citation", number: citation.number }],
    },
  ]);
  return [
    { kind: "paragraph", children: [{ kind: "strong", children: [text("The bot looked at")] }] },
    { kind: "list", ordered: false, start: 1, items },
  ];
}

function text(value: string): Inline {
  return { kind: "text", text: value };
}
