import { languageOf, mainTerms } from "../../text/analyze.js";

/** What a calibration knows a question's words by: stems, stop words dropped, each once. */
export function questionWords(question: string): readonly string[] {
  return [...mainTerms(question, languageOf(question))];
}
