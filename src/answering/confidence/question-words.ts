import { analyze, languageOf, mainTerms } from "../../text/analyze.js";

/** What a calibration knows a question's words by: stems, stop words dropped, each once. */
export function questionWords(question: string): readonly string[] {
  return [...mainTerms(question, languageOf(question))];
}

/**
 * Those that a calibration is fitted for. "How" and "my" are asked about everything: what they had to say about a few
 * hundred questions would be chance.
 */
export function topicWords(question: string): readonly string[] {
  const groups = analyze(question, languageOf(question));
  return [...new Set(groups.filter(({ isWeak }) => !isWeak).map(({ term }) => term))];
}
