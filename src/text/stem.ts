import { newStemmer, type Stemmer } from "snowball-stemmers";
import { rememberEach } from "./remember.js";
import type { Language } from "./stop-words.js";

/** A stem costs about 10 µs and a knowledge base repeats its words, so they are remembered, up to this many a language. */
const MEMO_LIMIT = 50_000;

const stemmers = new Map<Language, Stemmer>();

/** The Snowball stem of a lower-case word, without accents: what is typed without them finds what is written with them. */
export const stemWord = rememberEach(
  (word: string, language: Language) => foldAccents(/\p{N}/u.test(word) ? word : stemmerOf(language).stem(word)),
  MEMO_LIMIT,
);

export function foldAccents(word: string): string {
  return word.normalize("NFD").replaceAll(/\p{M}/gu, "").normalize("NFC");
}

function stemmerOf(language: Language): Stemmer {
  const known = stemmers.get(language);
  if (known !== undefined) return known;
  const stemmer = newStemmer(language);
  stemmers.set(language, stemmer);
  return stemmer;
}
