import type { PassageScores } from "../../src/ports/knowledge.js";
import { withoutOrders } from "../../src/text/orders.js";
import type { AskedQuestion } from "./asked-question.js";
import type { Nearness } from "./nearness.js";
import { heldByPhrase, phraseRules } from "./phrases.js";
import { languagesOf, type QueryWord } from "./query-terms.js";
import { TERM_WEIGHTS } from "./ranking.js";
import { piecesOf, readClosely, type Reading } from "./read-closely.js";
import type { PassageText } from "./read-passages.js";
import { TermBeginnings } from "./term-beginnings.js";

/** A BM25F score of this much is half way to the strongest. */
const HALF_STRENGTH = 25;

/** Ends of sentences, lines, and phrases that stand in a row with bars between them. */
const SEGMENT_END = /\n+|[.!?]\s+|\s\|\s|[。！？]/u;

/** A passage is looked at up to here: its chunk is shorter. */
const MAX_CHARACTERS = 6_000;

/** The logarithm of a long passage's number of words, about. */
const LONG = 6;

/** @param importance what each word counts, in the order of the words */
export function toAskedQuestion(
  text: string,
  words: readonly Pick<QueryWord, "terms" | "phrase">[],
  importance: readonly number[],
): AskedQuestion {
  const total = importance.reduce((sum, each) => sum + each, 0);
  const wordsOf = new Map<string, (readonly [number, number])[]>();
  for (const [position, { terms }] of words.entries()) {
    for (const [term, weight] of terms) wordsOf.set(term, [...(wordsOf.get(term) ?? []), [position, weight]]);
  }
  const { places, size } = piecesOf(text);
  return {
    text,
    wordsOf,
    phrases: phraseRules(words),
    beginnings: new TermBeginnings(wordsOf.keys()),
    meanings: new Map(),
    shares: importance.map((each) => (total === 0 ? 0 : each / total)),
    pieces: places,
    size,
    languages: languagesOf(text),
  };
}

/** In the order of {@link RANKING_FEATURES}. @param nearness to this question */
export function featuresOfPassage(
  question: AskedQuestion,
  scores: PassageScores,
  passage: Pick<PassageText, "title" | "headingPath" | "text">,
  nearness: Nearness,
): readonly number[] {
  const { shares, size: asked } = question;
  const meaning = nearness.isKnown ? nearness : null;
  meaning?.beginTitle();
  const title = read(question, passage.title, meaning);
  meaning?.endTitle();
  const titleMeaning = nearness.toQuestion();
  const headings = passage.headingPath.filter((heading) => heading !== passage.title).join("\n");
  const heading = read(question, headings, null);
  const above = title.held.map((weight, position) => Math.max(weight, heading.held[position] ?? 0));
  let sentenceMeaning = 0;
  const parts = withoutOrders(passage.text.slice(0, MAX_CHARACTERS))
    .text.split(SEGMENT_END)
    .map((part) => {
      meaning?.beginSentence();
      const reading = read(question, part, meaning);
      sentenceMeaning = Math.max(sentenceMeaning, nearness.toQuestion());
      return reading;
    });
  const withAbove = (held: readonly number[]) => held.map((weight, index) => Math.max(weight, above[index] ?? 0));
  const together = parts.map(({ held }) => massOf(shares, withAbove(held)));
  const words = parts.reduce((sum, part) => sum + part.words, 0);
  return [
    scores.fused,
    Math.max(scores.vector ?? 0, 0),
    scores.coverage,
    scores.lexical / (scores.lexical + HALF_STRENGTH),
    massOf(shares, title.held),
    dice(title.common, asked, title.pieces),
    title.common / Math.max(title.pieces, 1),
    highest(parts.map(({ common, pieces }) => dice(common, asked, pieces))),
    highest(parts.map(({ common }) => common / Math.max(asked, 1))),
    highest([massOf(shares, above), ...together]),
    Math.log1p(words) / LONG,
    scores.sourceLead ?? 0,
    titleMeaning,
    sentenceMeaning,
  ];
}

function read(question: AskedQuestion, text: string, nearness: Nearness | null): Reading {
  const reading = readClosely(question, text, nearness);
  if (question.phrases.length === 0) return reading;
  return { ...reading, held: heldByPhrase(question.phrases, reading.held, TERM_WEIGHTS.synonym) };
}

function massOf(shares: readonly number[], held: readonly number[]): number {
  return held.reduce((sum, weight, position) => sum + weight * (shares[position] ?? 0), 0);
}

function dice(common: number, one: number, other: number): number {
  return (2 * common) / Math.max(one + other, 1);
}

function highest(values: readonly number[]): number {
  return values.reduce((best, value) => Math.max(best, value), 0);
}
