import type { Passage } from "../../ports/knowledge.js";
import { analyze, type TermGroup } from "../../text/analyze.js";
import type { Language } from "../../text/stop-words.js";
import { NO_TEXT_VECTORS, type TextVectors } from "../../text/word-vectors.js";
import { linesOf, type FoundLine, type FoundLines } from "./found-lines.js";
import { normalise } from "./letter-groups.js";

/** A question with what was found, as the features look at it. */
export interface Evidence {
  readonly found: FoundLines;
  /** The first title's lines. */
  readonly own: readonly FoundLine[];
  /** All terms of the question. */
  readonly terms: ReadonlySet<string>;
  /** Its terms with their pieces and joined forms. */
  readonly forms: ReadonlySet<string>;
  /** Its words with a topic; all of them when none has one. */
  readonly topics: readonly TermGroup[];
  readonly normalised: string;
  /** Of its language. */
  readonly vectors: TextVectors;
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
  const groups = analyze(question, language);
  const withTopic = groups.filter((group) => !group.isWeak);
  const found = linesOf(passages, language);
  return {
    found,
    own: found.lines.filter(({ title }) => title === 0),
    terms: new Set(groups.map((group) => group.term)),
    forms: new Set(groups.flatMap((group) => [group.term, ...group.others])),
    topics: withTopic.length === 0 ? groups : withTopic,
    normalised: normalise(question),
    vectors: language === "english" ? vectors : NO_TEXT_VECTORS,
  };
}
