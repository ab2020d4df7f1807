import type { Passage } from "../../src/ports/knowledge.js";
import { analyze, groupTokens, languageOf } from "../../src/text/analyze.js";
import { tokenize, tokensOfWord, writtenWords } from "../../src/text/tokens.js";
import type { PlacedSynonym } from "./synonyms.js";

/**
 * A question in the words of a passage: what is said otherwise there, by the house's synonyms, is put as it is said there.
 * Null where nothing is.
 */
export function restate(
  text: string,
  said: readonly PlacedSynonym[],
  { title, headingPath, text: body, variants = [] }: Pick<Passage, "title" | "headingPath" | "text" | "variants">,
): string | null {
  if (said.length === 0) return null;
  const passage = [title, ...headingPath, ...variants, body].join("\n");
  const language = languageOf(passage);
  const held = new Set(analyze(passage, language).flatMap(({ term, others }) => [term, ...others]));
  const isHeld = (words: string): boolean => {
    const groups = groupTokens(tokenize(words), language).filter(({ isWeak }) => !isWeak);
    return groups.length > 0 && groups.every(({ term, others }) => [term, ...others].some((each) => held.has(each)));
  };
  const normal = text.normalize("NFKC");
  const places = placesOf(normal);
  let restated = normal;
  // From the end on, so that the places before stay true.
  for (const { words, others, start, end } of [...said].reverse()) {
    const [from, to] = [places[start]?.from, places[end - 1]?.to];
    const other = isHeld(words.join(" ")) ? undefined : others.find(isHeld);
    if (other === undefined || from === undefined || to === undefined) continue;
    restated = restated.slice(0, from) + other + restated.slice(to);
  }
  return restated === normal ? null : restated;
}

interface Place {
  /** Left out for a token that does not begin, or end, a word as it is written. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** Where each token stands in a text. */
function placesOf(text: string): readonly Place[] {
  let end = 0;
  return writtenWords(text).flatMap((written) => {
    const from = text.indexOf(written, end);
    end = from + written.length;
    const to = end;
    return tokensOfWord(written).map((_, index, tokens) => ({
      from: index === 0 ? from : undefined,
      to: index === tokens.length - 1 ? to : undefined,
    }));
  });
}
