import { groupTokens, type TermGroup } from "../../src/text/analyze.js";
import { detectLanguage } from "../../src/text/language.js";
import type { Language } from "../../src/text/stop-words.js";
import { tokenize, type Token } from "../../src/text/tokens.js";
import { MAX_QUERY_CHARACTERS, MAX_QUERY_WORDS, TERM_WEIGHTS } from "./ranking.js";

/** A word of the question with the terms it may be indexed as, weighted. */
export interface QueryWord {
  readonly word: string;
  /** What it is called in the analysis and what a mistyped word is compared by. */
  readonly mainTerm: string;
  readonly terms: ReadonlyMap<string, number>;
  /** What the whole word's score counts. */
  readonly weight: number;
  readonly isWeak: boolean;
}

/** Tried together when a question is too short to tell its language; the knowledge base then decides. */
const LIKELY_LANGUAGES: readonly Language[] = ["english", "spanish", "french", "german"];

/** The beginning of a question, as much of it as is looked at. */
export function capQuery(text: string): string {
  return text.slice(0, MAX_QUERY_CHARACTERS).toWellFormed();
}

/** The different words of a question, weighed. Words without a topic count for less, unless there is nothing else. */
export function queryWords(text: string): readonly QueryWord[] {
  const tokens = tokenize(text);
  const languages = likelyLanguages(tokens);
  const [main = [], ...alternatives] = languages.map((each) => groupTokens(tokens, each));
  const isAllWeak = main.every((group) => group.isWeak);
  const words = new Map<string, QueryWord>();
  for (const group of main) {
    if (words.size >= MAX_QUERY_WORDS || words.has(group.word)) continue;
    const same = alternatives.flatMap((groups) => groups.filter((other) => other.word === group.word));
    const isWeak = group.isWeak && !isAllWeak;
    words.set(group.word, {
      word: group.word,
      mainTerm: group.term,
      terms: weighTerms([group, ...same]),
      weight: isWeak ? TERM_WEIGHTS.weakWord : 1,
      isWeak,
    });
  }
  return [...words.values()];
}

/** The languages in which the words of a question are stemmed. */
export function languagesOf(text: string): readonly Language[] {
  return likelyLanguages(tokenize(text));
}

function likelyLanguages(tokens: readonly Token[]): readonly Language[] {
  const language = detectLanguage(tokens.map((token) => token.word));
  return language === null ? LIKELY_LANGUAGES : [language];
}

function weighTerms(groups: readonly TermGroup[]): ReadonlyMap<string, number> {
  const others = groups.flatMap((group) => group.others);
  const terms = new Map(others.map((term) => [term, TERM_WEIGHTS.otherForm as number]));
  for (const group of groups) terms.set(group.term, 1);
  return terms;
}
