import type { Block, Citation, Inline, Reply } from "../ports/reply.js";
import type { HandoffReason, NewAnswer } from "../ports/stores.js";
import { placeOf } from "../text/place-of.js";
import { reasonTexts } from "./texts.js";

export interface HandoffCardContent {
  readonly handoffId: string;
  readonly customerName: string;
  readonly question: string;
  readonly reason: HandoffReason;
  readonly answer: NewAnswer | null;
  /** The passages the bot looked at, best first. */
  readonly tried: readonly Citation[];
}

/** The card that agents see first: the question, why it came to them, and what was tried. */
export function handoffCard(content: HandoffCardContent): Reply {
  const { customerName, question, reason, answer, tried, handoffId } = content;
  return {
    blocks: [
      { kind: "heading", children: [text(`${customerName} asks`)] },
      { kind: "quote", blocks: [{ kind: "paragraph", children: [text(question)] }] },
      { kind: "paragraph", children: whyHere(reason, answer) },
      ...whatWasTried(tried),
    ],
    citations: tried,
    actions: [
      { name: "claim", handoffId },
      { name: "resolve", handoffId },
    ],
  };
}

function whyHere(reason: HandoffReason, answer: NewAnswer | null): Inline[] {
  const why = text(reasonTexts[reason]);
  if (answer === null) return [why];
  const percent = Math.round(answer.confidence * 100);
  const needed = Math.round(answer.threshold * 100);
  return [why, ...topicsOf(answer), text(` Confidence ${percent} %, needed ${needed} %.`)];
}

/** Those of the house's topics that the question is about. */
function topicsOf({ stages }: NewAnswer): Inline[] {
  const topics = stages.find(({ stage }) => stage === "policy")?.output["topics"];
  if (!Array.isArray(topics) || topics.length === 0) return [];
  return [text(` ${topics.length === 1 ? "Topic" : "Topics"}: ${topics.map(String).join(", ")}.`)];
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
