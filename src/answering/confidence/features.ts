import type { SearchResult } from "../../ports/knowledge.js";
import { languageOf } from "../../text/analyze.js";
import type { TextVectors } from "../../text/word-vectors.js";
import { alignedFeatures } from "./aligned-features.js";
import { entryFeatures } from "./entry-features.js";
import { gatherEvidence } from "./evidence.js";
import type { Features } from "./feature-names.js";
import { readMeaning } from "./read-meaning.js";
import { scoreFeatures } from "./score-features.js";
import { wordingFeatures } from "./wording-features.js";

/**
 * What the confidence is made from. The question is compared in the words of the first passage, where the house has synonyms.
 * Null when nothing was found or nothing was asked: then there is nothing to be confident about.
 * Pure.
 * @param vectors of English texts
 */
export function featuresOf(question: string, result: SearchResult, vectors: TextVectors): Features | null {
  const [first] = result.passages;
  if (first === undefined || result.analysis.terms.length === 0) return null;
  const asked = result.analysis.restated ?? question;
  const language = languageOf(question);
  const evidence = gatherEvidence(asked, result.passages, language, vectors);
  const meaning = readMeaning(evidence);
  return {
    ...scoreFeatures(result.passages, first),
    ...wordingFeatures(evidence, meaning),
    ...alignedFeatures(evidence, meaning),
    ...entryFeatures(evidence, first.title, language),
  };
}
