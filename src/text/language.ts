import { STOP_WORDS, WEAK_WORDS, type Language } from "./stop-words.js";

/** Only this many words are looked at: a page does not change its language. */
const SAMPLE_WORDS = 400;

const LANGUAGES = Object.keys(STOP_WORDS) as readonly Language[];

/**
 * The language of a text by its stop words, or null when they do not tell (a few keywords, or a language without a list).
 * Two words of lead, or a share of a third of the text, are enough.
 */
export function detectLanguage(words: readonly string[]): Language | null {
  const sample = words.slice(0, SAMPLE_WORDS);
  const ranked = LANGUAGES.map((language) => ({ language, hits: countHits(sample, language) })).sort(
    (one, other) => other.hits - one.hits,
  );
  const [best, second] = ranked;
  if (best === undefined || best.hits === 0) return null;
  const lead = best.hits - (second?.hits ?? 0);
  return lead >= 2 || (lead >= 1 && best.hits * 3 >= sample.length) ? best.language : null;
}

function countHits(sample: readonly string[], language: Language): number {
  const stopWords = STOP_WORDS[language];
  const isHit = (word: string): boolean => stopWords.has(word) || (language === "english" && WEAK_WORDS.has(word));
  return sample.reduce((count, word) => count + (isHit(word) ? 1 : 0), 0);
}
