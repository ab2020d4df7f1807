import { newStemmer, type Stemmer } from "snowball-stemmers";
import type { Language } from "./stop-words.js";

/** A stem costs about 10 µs and a knowledge base repeats its words, so they are remembered, up to this many a language. */
const MEMO_LIMIT = 50_000;

const stemmers = new Map<Language, Stemmer>();
const memos = new Map<Language, Map<string, string>>();

/** The Snowball stem of a lower-case word, without accents: what is typed without them finds what is written with them. */
export function stemWord(word: string, language: Language): string {
  const memo = memos.get(language) ?? new Map<string, string>();
  memos.set(language, memo);
  const known = memo.get(word);
  if (known !== undefined) return known;
  const stem = foldAccents(/\p{N}/u.test(word) ? word : stemmerOf(language).stem(word));
  if (memo.size >= MEMO_LIMIT) memo.clear();
  memo.set(word, stem);
  return stem;
}

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
