import type { AnalysedTerm } from "../ports/knowledge.js";
import type { Inline } from "../ports/reply.js";
import type { AnswerStage } from "../ports/stores.js";
import { fieldOf, textOf } from "./explained-fields.js";
import { strong, text } from "./reply-blocks.js";

/** What the house's synonyms added to a question, by its words as they are indexed; null where they added nothing. */
export function synonymLine(terms: readonly Pick<AnalysedTerm, "term" | "synonyms">[]): readonly Inline[] | null {
  const added = terms.flatMap(({ term, synonyms = [] }) =>
    synonyms.length === 0 ? [] : [`${synonyms.join(", ")} (for ${term})`],
  );
  return added.length === 0 ? null : [strong("Synonyms searched for as well: "), text(added.join("; "))];
}

/** The same of a trace, and how the question was read where the first passage has a synonym of what it says. */
export function searchedSynonyms(stages: readonly AnswerStage[]): readonly (readonly Inline[])[] {
  const output = stages.find(({ stage }) => stage === "retrieve")?.output;
  const terms = fieldOf(output, "terms");
  const line = synonymLine(Array.isArray(terms) ? terms.map(toTerm) : []);
  const restated = textOf(output, "restated");
  return [
    ...(line === null ? [] : [line]),
    ...(restated === "" ? [] : [[strong("In the words of the first passage: "), text(restated)]]),
  ];
}

function toTerm(value: unknown): Pick<AnalysedTerm, "term" | "synonyms"> {
  const synonyms = fieldOf(value, "synonyms");
  return { term: textOf(value, "term"), synonyms: Array.isArray(synonyms) ? synonyms.map(String) : [] };
}
