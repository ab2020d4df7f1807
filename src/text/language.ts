import { rememberWords } from "./remember.js";
import { STOP_WORDS, WEAK_WORDS, type Language } from "./stop-words.js";
import { eachWrittenWord, inOneForm, tokensOfWord } from "./tokens.js";

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
  return tell(words.map(languagesOf));
}

/** The same for a text. @param sampleWords so many of its first words are looked at */
export function detectLanguageOfText(text: string, sampleWords = SAMPLE_WORDS): Language | null {
  const read = inOneForm(text);
  const words: (readonly number[])[] = [];
  eachWrittenWord(read, (start, end) => {
    for (const languages of languagesOfWritten(read, start, end)) words.push(languages);
    return words.length < sampleWords;
  });
  return tell(words);
}

/** @param words for each word the languages that it is a stop word of */
function tell(words: readonly (readonly number[])[]): Language | null {
  const sample = words.slice(0, SAMPLE_WORDS);
  const hits = LANGUAGES.map(() => 0);
  for (const languages of sample) for (const index of languages) hits[index] = (hits[index] ?? 0) + 1;
  const ranked = LANGUAGES.map((language, index) => ({ language, hits: hits[index] ?? 0 })).sort(
    (one, other) => other.hits - one.hits,
  );
  const [best, second] = ranked;
  if (best === undefined || best.hits === 0) return null;
  const lead = best.hits - (second?.hits ?? 0);
  return lead >= 2 || (lead >= 1 && best.hits * 3 >= sample.length) ? best.language : null;
}

const OF_NONE: readonly number[] = [];

function languagesOf(word: string): readonly number[] {
  return LANGUAGES_OF.get(word) ?? OF_NONE;
}

const MAX_REMEMBERED_WORDS = 50_000;

/** A written word may be several. */
const languagesOfWritten = rememberWords(
  (raw: string): readonly (readonly number[])[] => tokensOfWord(raw).map(({ word }) => languagesOf(word)),
  MAX_REMEMBERED_WORDS,
);

function indexLanguages(): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, readonly number[]>();
  for (const [number, language] of LANGUAGES.entries()) {
    const words = new Set([...STOP_WORDS[language], ...(language === "english" ? WEAK_WORDS : [])]);
    for (const word of words) index.set(word, [...(index.get(word) ?? []), number]);
  }
  return index;
}
