import type { PassageScores } from "../../src/ports/knowledge.js";
import type { AskedQuestion } from "./asked-question.js";
import { Nearness } from "./nearness.js";
import { featuresOfPassage } from "./passage-features.js";
import { RERANKED } from "./ranking.js";
import { RANKING_WEIGHTS } from "./ranking-model.js";
import type { PassageText } from "./read-passages.js";
import { NO_TEXT_VECTORS, type TextVectors } from "../../src/text/word-vectors.js";

/** A passage that is proposed, with its text. */
export interface ReadCandidate {
  readonly text: PassageText;
  readonly scores: PassageScores;
}

/** What a reranking looked at: for training and explaining. */
export interface RankedCandidate extends ReadCandidate {
  readonly features: readonly number[];
}

export interface RerankOptions {
  readonly observe?: ((ranked: readonly RankedCandidate[]) => void) | undefined;
  readonly weights?: readonly number[] | undefined;
  readonly vectors?: TextVectors | undefined;
}

export type Rerank = (question: AskedQuestion, candidates: readonly ReadCandidate[]) => readonly ReadCandidate[];

/**
 * Puts the first candidates in the order of a linear model over {@link featuresOfPassage}, in the manner of learning to rank
 * (Liu 2009); the others follow as they came. The weights were trained by `test/bench/train-ranking.ts`.
 * @param options.observe sees the features of what is ranked
 * @param options.weights other ones than those that are shipped
 * @param options.vectors of English texts, which nearness in meaning is told by; it is 0 without them and for other languages
 */
export function createRerank({
  observe,
  weights = RANKING_WEIGHTS,
  vectors = NO_TEXT_VECTORS,
}: RerankOptions = {}): Rerank {
  return (question, candidates) => {
    const nearness = new Nearness(isForeign(question) ? NO_TEXT_VECTORS : vectors, question.text);
    const first = candidates.slice(0, RERANKED).map((candidate) => {
      const features = featuresOfPassage(question, candidate.scores, candidate.text, nearness);
      const relevance = features.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0);
      return { text: candidate.text, scores: { ...candidate.scores, relevance }, features, relevance };
    });
    observe?.(first);
    // Sorting is stable: equals stay in the order that they were proposed in.
    const ranked = first.sort((one, other) => other.relevance - one.relevance);
    return [...ranked.map(({ text, scores }) => ({ text, scores })), ...candidates.slice(RERANKED)];
  };
}

/** Whether a question is in another language than the vectors' words: it shares grammar with many a title, and those would all be near. */
function isForeign({ languages }: AskedQuestion): boolean {
  return languages.length === 1 && languages[0] !== "english";
}
