import { STOP_WORDS, WEAK_WORDS, type Language } from "./stop-words.js";

/** Only this many words are looked at: a page does not change its language. */
const SAMPLE_WORDS = 400;

const LANGUAGES = Object.keys(STOP_WORDS) as readonly Language[];

/** For each stop word the positions in `LANGUAGES` of those it belongs to. */
const LANGUAGES_OF = indexLanguages();

/**
 * The language of a text by its stop words, or null when they do not tell (a few keywords, or a language without a list).
 * Two words of lead, or a share of a third of the text, are enough.
 */
export function detectLanguage(words: readonly string[]): Language | null {
  const sample = words.slice(0, SAMPLE_WORDS);
  const hits = LANGUAGES.map(() => 0);
  for (const word of sample) for (const index of LANGUAGES_OF.get(word) ?? []) hits[index] = (hits[index] ?? 0) + 1;
  const ranked = LANGUAGES.map((language, index) => ({ language, hits: hits[index] ?? 0 })).sort(
    (one, other) => other.hits - one.hits,
  );
  const [best, second] = ranked;
  if (best === undefined || best.hits === 0) return null;
  const lead = best.hits - (second?.hits ?? 0);
  return lead >= 2 || (lead >= 1 && best.hits * 3 >= sample.length) ? best.language : null;
}

function indexLanguages(): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, readonly number[]>();
  for (const [number, language] of LANGUAGES.entries()) {
    const words = new Set([...STOP_WORDS[language], ...(language === "english" ? WEAK_WORDS : [])]);
    for (const word of words) index.set(word, [...(index.get(word) ?? []), number]);
  }
  return index;
}
