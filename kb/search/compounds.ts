import { foldAccents, stemWord } from "../../src/text/stem.js";
import { STOP_WORDS, WEAK_WORDS, type Language } from "../../src/text/stop-words.js";
import { tokenize, type Token } from "../../src/text/tokens.js";
import { likelyLanguages, type QueryWord, type SaidSynonym } from "./query-terms.js";
import type { TermUse } from "./resolved-word.js";

/** Those that write a noun and what tells it apart as one word. */
const COMPOUNDING: ReadonlySet<Language> = new Set(["german", "dutch", "swedish", "danish", "norwegian", "finnish"]);

/** What stands between the parts of a compound: `Rechnung-s-adresse`, `Kunde-n-nummer`, `barn-e-bok`. */
const LINKS = ["", "s", "n", "en", "es", "er", "e"] as const;

/** A shorter part is too often one by chance, most where every long word is looked at. */
const MIN_PART = { unknownWord: 3, compounding: 4 } as const;
const MAX_COMPOUND = 32;

/** A word that may be two, and the terms of the parts of each way to part it. */
export interface Splitting {
  /** The word's position in the question. */
  readonly position: number;
  readonly ways: readonly (readonly [first: readonly string[], second: readonly string[]])[];
}

/**
 * Neighbouring words of a question that may stand as one in the knowledge base: `time zone` as `timezone`, and in languages
 * with compounds `Adresse der Rechnung` as `Rechnungsadresse`. All of them are looked up and few are there.
 */
export function joinedWords(text: string): readonly SaidSynonym[] {
  const tokens = tokenize(text);
  const languages = likelyLanguages(tokens);
  const compounding = languages.filter((language) => languages.length === 1 && COMPOUNDING.has(language));
  return [...besides(tokens, languages), ...compounding.flatMap((language) => compoundsIn(tokens, language))];
}

function besides(tokens: readonly Token[], languages: readonly Language[]): readonly SaidSynonym[] {
  return tokens.flatMap((token, index) => {
    const next = tokens[index + 1];
    if (next === undefined || token.isPair || next.isPair || isGrammar(token.word, languages)) return [];
    if (isGrammar(next.word, languages)) return [];
    return [toSaid([token, next], [`${token.word}${next.word}`], languages)];
  });
}

function compoundsIn(tokens: readonly Token[], language: Language): readonly SaidSynonym[] {
  const nouns = tokens.filter(
    (token) => token.word.length >= MIN_PART.compounding && !isGrammar(token.word, [language]),
  );
  return nouns.slice(1).map((second, index) => {
    const first = nouns[index] ?? second;
    const compounds = LINKS.flatMap((link) => [
      `${first.word}${link}${second.word}`,
      `${second.word}${link}${first.word}`,
    ]);
    return toSaid([first, second], compounds, [language]);
  });
}

function toSaid(tokens: readonly Token[], joined: readonly string[], languages: readonly Language[]): SaidSynonym {
  const terms = new Set(joined.flatMap((word) => languages.map((language) => stemWord(word, language))));
  return { words: tokens.map(({ word }) => word), others: [], terms: [...terms], phrases: [] };
}

function isGrammar(word: string, languages: readonly Language[]): boolean {
  return languages.some(
    (language) => STOP_WORDS[language].has(word) || (language === "english" && WEAK_WORDS.has(word)),
  );
}

/**
 * Ways to part words of which the knowledge base has nothing, and in languages with compounds every long word. The stem of
 * the first part takes off what links it to the second.
 */
export function splittings(words: readonly QueryWord[], languages: readonly Language[]): readonly Splitting[] {
  const isCompounding = languages.length === 1 && languages.every((language) => COMPOUNDING.has(language));
  const least = isCompounding ? MIN_PART.compounding : MIN_PART.unknownWord;
  return words.flatMap(({ word, isWeak, terms, phrase }, position) => {
    const mayBeSplit = phrase === null && !isWeak && (isCompounding || terms.size === 0);
    if (!mayBeSplit || word.length > MAX_COMPOUND || !/^\p{L}+$/u.test(word)) return [];
    const places = Array.from({ length: Math.max(word.length - 2 * least + 1, 0) }, (_, index) => index + least);
    const ways = places
      .map((at) => [word.slice(0, at), word.slice(at)] as const)
      .filter((parts) => parts.every((part) => !isGrammar(part, languages)))
      .map(([first, second]) => [termsOf(first, languages), termsOf(second, languages)] as const);
    return ways.length === 0 ? [] : [{ position, ways }];
  });
}

function termsOf(part: string, languages: readonly Language[]): readonly string[] {
  return [...new Set([...languages.map((language) => stemWord(part, language)), foldAccents(part)])];
}

/**
 * The way whose parts are used most, by the geometric mean of their numbers of chunks (Koehn and Knight 2003), as the words
 * of a phrase; null where a part of each way is nowhere.
 */
export function bestWay(
  { ways }: Splitting,
  uses: ReadonlyMap<string, TermUse>,
): readonly (readonly string[])[] | null {
  const chunks = (terms: readonly string[]): number =>
    terms.reduce((most, term) => Math.max(most, uses.get(term)?.chunks ?? 0), 0);
  let best: { readonly way: readonly (readonly string[])[]; readonly mean: number } | null = null;
  for (const way of ways) {
    const mean = Math.sqrt(way.reduce((product, terms) => product * chunks(terms), 1));
    if (mean > (best?.mean ?? 0)) best = { way, mean };
  }
  return best?.way.map((terms) => terms.filter((term) => uses.has(term))) ?? null;
}
