import { groupTokens, type TermGroup } from "../../src/text/analyze.js";
import { detectLanguage } from "../../src/text/language.js";
import type { Language } from "../../src/text/stop-words.js";
import { tokenize, type Token } from "../../src/text/tokens.js";
import { MAX_PHRASE_WORDS, MAX_QUERY_CHARACTERS, MAX_QUERY_WORDS, TERM_WEIGHTS } from "./ranking.js";

/** A word of the question with the terms it may be indexed as, weighted. */
export interface QueryWord {
  readonly word: string;
  /** What it is called in the analysis and what a mistyped word is compared by. */
  readonly mainTerm: string;
  readonly terms: ReadonlyMap<string, number>;
  /** What the whole word's score counts. */
  readonly weight: number;
  readonly isWeak: boolean;
  /** What the house says for it as well, as it is configured. */
  readonly synonyms: readonly string[];
  /** For a word that is not the question's own but one of a phrase that means the same as some of those; else null. */
  readonly phrase: PhrasePart | null;
}

/** Which phrase a word belongs to, and the positions of the question's words that it stands for. */
export interface PhrasePart {
  readonly id: number;
  readonly standsFor: readonly number[];
}

/** Something in a question for which the house has other words. */
export interface SaidSynonym {
  /** The words of the question, as {@link QueryWord.word} has them. */
  readonly words: readonly string[];
  /** What the house says as well. */
  readonly others: readonly string[];
  /** What those of one word are indexed as. */
  readonly terms: readonly string[];
  /** What the words of each of the others are indexed as: one term or another of each, of all of them. */
  readonly phrases: readonly (readonly (readonly string[])[])[];
}

/** Tried together when a question is too short to tell its language; the knowledge base then decides. */
export const LIKELY_LANGUAGES: readonly Language[] = ["english", "spanish", "french", "german"];

/** The beginning of a question, as much of it as is looked at. */
export function capQuery(text: string): string {
  return text.slice(0, MAX_QUERY_CHARACTERS).toWellFormed();
}

/**
 * The different words of a question, weighed. Words without a topic count for less, unless there is nothing else.
 * @param said what else may stand for them
 */
export function queryWords(text: string, said: readonly SaidSynonym[] = []): readonly QueryWord[] {
  const tokens = tokenize(text);
  const languages = likelyLanguages(tokens);
  const [main = [], ...alternatives] = languages.map((each) => groupTokens(tokens, each));
  const isAllWeak = main.every((group) => group.isWeak);
  const words = new Map<string, QueryWord>();
  for (const group of main) {
    if (words.size >= MAX_QUERY_WORDS || words.has(group.word)) continue;
    const same = alternatives.flatMap((groups) => groups.filter((other) => other.word === group.word));
    const isWeak = group.isWeak && !isAllWeak;
    const synonyms = synonymsOf(group, said);
    words.set(group.word, {
      word: group.word,
      mainTerm: group.term,
      terms: weighTerms([group, ...same], synonyms),
      weight: isWeak ? TERM_WEIGHTS.weakWord : 1,
      isWeak,
      synonyms: synonyms.flatMap(({ others }) => others),
      phrase: null,
    });
  }
  return [...words.values(), ...phraseWords([...words.values()], said)];
}

/** A phrase's words are searched for like further words of the question, and count only for those that they stand for. */
function phraseWords(own: readonly QueryWord[], said: readonly SaidSynonym[]): readonly QueryWord[] {
  const phrases = said.flatMap(({ words, phrases: all }) => all.map((pieces) => ({ words, pieces })));
  return phrases
    .flatMap(({ words, pieces }, id) => {
      const standsFor = own.flatMap(({ word, isWeak }, position) =>
        words.includes(word) && !isWeak ? [position] : [],
      );
      if (standsFor.length === 0) return [];
      return pieces.map((terms) => phraseWord(terms, { id, standsFor }));
    })
    .slice(0, MAX_PHRASE_WORDS);
}

/** A word of a phrase, by the terms it may be indexed as. */
export function phraseWord(terms: readonly string[], phrase: PhrasePart): QueryWord {
  const [term = ""] = terms;
  return {
    word: term,
    mainTerm: term,
    terms: new Map(terms.map((each) => [each, 1])),
    weight: TERM_WEIGHTS.synonym,
    isWeak: false,
    synonyms: [],
    phrase,
  };
}

/** The languages in which the words of a question are stemmed. */
export function languagesOf(text: string): readonly Language[] {
  return likelyLanguages(tokenize(text));
}

export function likelyLanguages(tokens: readonly Token[]): readonly Language[] {
  const language = detectLanguage(tokens.map((token) => token.word));
  return language === null ? LIKELY_LANGUAGES : [language];
}

/** Of a phrase the words with a topic stand for what else means it, and all of them when none has one. */
function synonymsOf({ word, isWeak }: TermGroup, said: readonly SaidSynonym[]): readonly SaidSynonym[] {
  return said.filter(({ words }) => words.includes(word) && (!isWeak || words.length === 1));
}

function weighTerms(groups: readonly TermGroup[], synonyms: readonly SaidSynonym[]): ReadonlyMap<string, number> {
  const terms = new Map<string, number>();
  const add = (term: string, weight: number): void => void terms.set(term, Math.max(terms.get(term) ?? 0, weight));
  for (const term of groups.flatMap((group) => group.others)) add(term, TERM_WEIGHTS.otherForm);
  for (const term of synonyms.flatMap((each) => each.terms)) add(term, TERM_WEIGHTS.synonym);
  for (const { term } of groups) add(term, 1);
  return terms;
}
