import type { Passage } from "../../ports/knowledge.js";
import type { PromptPassage } from "../../ports/models.js";
import type { AnswerSettings } from "../contract.js";
import { cleanText } from "../text/clean-text.js";
import { withoutOrders, type WithoutOrders } from "../../text/orders.js";

/** A passage with the number under which the model may cite it. */
export interface PackedPassage {
  readonly number: number;
  readonly passage: Passage;
  readonly prompt: PromptPassage;
  /** Sentences that were taken out of it, as they speak to the writer of the answer. */
  readonly ordersTaken: number;
}

export interface Packing {
  readonly passages: readonly PackedPassage[];
  readonly tokens: number;
  /** Why passages were left out, with how many. */
  readonly leftOut: { readonly duplicate: number; readonly sameDocument: number; readonly budget: number };
}

/** A document stuffed with the words of every question may not fill the model's whole view. */
const MAX_PASSAGES_PER_DOCUMENT = 3;

/** Chooses, in the order of retrieval, the passages an answer may be written from, and numbers them from 1. */
export function packPassages(found: readonly Passage[], settings: AnswerSettings): Packing {
  const passages: PackedPassage[] = [];
  const texts = new Set<string>();
  const perDocument = new Map<string, number>();
  const leftOut = { duplicate: 0, sameDocument: 0, budget: 0 };
  let tokens = 0;
  for (const passage of found) {
    const key = passage.text.replaceAll(/\s+/gu, " ").trim();
    const ofDocument = perDocument.get(passage.documentId) ?? 0;
    if (texts.has(key)) leftOut.duplicate += 1;
    else if (ofDocument >= MAX_PASSAGES_PER_DOCUMENT) leftOut.sameDocument += 1;
    else if (passages.length >= settings.packedPassages) leftOut.budget += 1;
    else {
      const shown = withoutOrders(cleanText(passage.text));
      // What is taken out of a passage costs no room, so that nobody can push one out of view by writing orders into it.
      const size = estimateTokens(shown.text);
      if (passages.length > 0 && tokens + size > settings.passageTokens) {
        leftOut.budget += 1;
        continue;
      }
      texts.add(key);
      perDocument.set(passage.documentId, ofDocument + 1);
      tokens += size;
      passages.push(numbered(passages.length + 1, passage, shown, standingOf(passage, found)));
    }
  }
  return { passages, tokens, leftOut };
}

/** About right for the tokenizers in use and never far below: a quarter of the characters, more for dense scripts. */
export function estimateTokens(text: string): number {
  const dense = text.match(/[^\u0000-\u024f]/gu)?.length ?? 0;
  return Math.ceil((text.length - dense) / 4 + dense * 0.8);
}

/** A difference in relevance that makes one document e times as fit as another. */
const RELEVANCE_SCALE = 2;

/**
 * How fit a passage's document is beside the one that was found first, which has 1. What stands in the first document may
 * be said by any of its passages. After reranking the search may think more of another one: it does not stand above the first.
 */
function standingOf({ documentId, scores }: Passage, found: readonly Passage[]): number {
  const best = found[0]?.scores.relevance;
  const relevance = found.find((other) => other.documentId === documentId)?.scores.relevance;
  if (best === undefined || relevance === undefined) return scores.fused;
  return Math.min(1, Math.exp((relevance - best) / RELEVANCE_SCALE));
}

function numbered(number: number, passage: Passage, { text, taken }: WithoutOrders, score: number): PackedPassage {
  const { kind } = passage;
  return {
    number,
    passage,
    ordersTaken: taken,
    prompt: {
      number,
      title: cleanText(passage.title),
      headingPath: passage.headingPath.map(cleanText),
      kind,
      text,
      score,
    },
  };
}
