import type { Passage } from "../../ports/knowledge.js";
import { analyze, type TermGroup } from "../../text/analyze.js";
import type { Language } from "../../text/stop-words.js";
import { NO_TEXT_VECTORS, type TextVectors } from "../../text/word-vectors.js";
import { FoundLines, type FoundLine } from "./found-lines.js";
import { normalise } from "./letter-groups.js";

/** A question with what was found, as the features look at it. Terms are numbers of the lines. */
export interface Evidence {
  readonly found: FoundLines;
  /** The first title's lines. */
  readonly own: readonly FoundLine[];
  /** All terms of the question, each once. */
  readonly terms: readonly number[];
  /** Its terms with their pieces and joined forms. */
  readonly forms: ReadonlySet<number>;
  /** Its words with a topic; all of them when none has one. */
  readonly topics: readonly Topic[];
  readonly normalised: string;
  /** Of its language. */
  readonly vectors: TextVectors;
}

/** A word of the question. */
export interface Topic {
  readonly term: number;
  /** Its pieces and joined forms. */
  readonly others: readonly number[];
}

/**
 * @param language the question's: both sides are read in it, so that the same word has the same stem
 * @param vectors of English texts
 */
export function gatherEvidence(
  question: string,
  passages: readonly Passage[],
  language: Language,
  vectors: TextVectors,
): Evidence {
  const found = new FoundLines(passages, language);
  const groups = analyze(question, language);
  const withTopic = groups.filter((group) => !group.isWeak);
  const toTopic = ({ term, others }: TermGroup): Topic => ({
    term: found.numberOf(term),
    others: others.map((other) => found.numberOf(other)),
  });
  const all = groups.map(toTopic);
  return {
    found,
    own: found.lines.filter(({ title }) => title === 0),
    terms: [...new Set(all.map(({ term }) => term))],
    forms: new Set(all.flatMap(({ term, others }) => [term, ...others])),
    topics: withTopic.length === 0 ? all : withTopic.map(toTopic),
    normalised: normalise(question),
    vectors: language === "english" ? vectors : NO_TEXT_VECTORS,
  };
}
