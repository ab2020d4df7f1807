import { groupTokens, type TermGroup } from "../../src/text/analyze.js";
import { languageOfCode, type LanguageCode } from "../../src/text/language-codes.js";
import { foldAccents, stemWord } from "../../src/text/stem.js";
import type { Language } from "../../src/text/stop-words.js";
import { tokenize, type Token } from "../../src/text/tokens.js";
import { LIKELY_LANGUAGES, likelyLanguages, type SaidSynonym } from "./query-terms.js";

/** Words and phrases that mean the same in this house. */
export interface SynonymGroup {
  readonly words: readonly string[];
  /** The language of the questions that it is for, where it is not for all. */
  readonly language?: LanguageCode | undefined;
}

/** A synonym in a question, by the places of its first token and of the one behind its last. */
export interface PlacedSynonym extends SaidSynonym {
  readonly start: number;
  readonly end: number;
}

export interface Synonyms {
  /** What is said in a text otherwise than the house may have it: the longest phrases, in their order, none within another. */
  find(text: string): readonly PlacedSynonym[];
}

interface Phrase {
  readonly group: SynonymGroup;
  readonly said: string;
  /** Its letters and digits, without a space: `log in`, `log-in` and `login` are the same. */
  readonly letters: string;
}

interface Lexicon {
  readonly phrases: readonly Phrase[];
  /** The phrases of a language by the stem of their letters. */
  readonly byLanguage: Map<Language, ReadonlyMap<string, readonly Phrase[]>>;
  /** How they begin: most words of a question are passed over by this alone. */
  readonly beginnings: ReadonlySet<string>;
  readonly mostTokens: number;
}

const BEGINNING = 2;

/** Null where the house has no synonyms: then questions are not looked at for any. */
export function createSynonyms(groups: readonly SynonymGroup[]): Synonyms | null {
  if (groups.length === 0) return null;
  const phrases = groups.flatMap((group) =>
    group.words.map((said) => ({ group, said, letters: lettersOf(tokenize(said)) })),
  );
  const lexicon: Lexicon = {
    phrases,
    byLanguage: new Map(),
    beginnings: new Set(phrases.map(({ letters }) => beginningOf(letters))),
    mostTokens: Math.max(...phrases.map(({ said }) => tokensWhenApart(said))),
  };
  return { find: (text) => findAll(lexicon, tokenize(text)) };
}

function findAll(lexicon: Lexicon, tokens: readonly Token[]): readonly PlacedSynonym[] {
  const likely = likelyLanguages(tokens);
  const languages = likely.length === 1 ? likely : [...new Set([...likely, ...languagesOfGroups(lexicon)])];
  const found: PlacedSynonym[] = [];
  for (let start = 0; start < tokens.length;) {
    const longest = findLongest(lexicon, tokens, start, languages);
    found.push(...longest);
    start = longest[0]?.end ?? start + 1;
  }
  return found;
}

function findLongest(
  lexicon: Lexicon,
  tokens: readonly Token[],
  start: number,
  languages: readonly Language[],
): readonly PlacedSynonym[] {
  const most = Math.min(start + lexicon.mostTokens, tokens.length);
  for (let end = most; end > start; end -= 1) {
    const part = tokens.slice(start, end);
    const letters = lettersOf(part);
    if (!lexicon.beginnings.has(beginningOf(letters))) continue;
    const phrases = languages.flatMap((each) => phrasesIn(lexicon, each).get(stemWord(letters, each)) ?? []);
    // A group may hold two words that are one in some language.
    const byGroup = new Map(phrases.map((phrase) => [phrase.group, phrase]));
    if (byGroup.size > 0)
      return [...byGroup.values()].map((each) => ({ start, end, ...toSaid(each, part, languages) }));
  }
  return [];
}

function toSaid({ group, said }: Phrase, part: readonly Token[], languages: readonly Language[]): SaidSynonym {
  const others = group.words.filter((word) => word !== said);
  const read = group.language === undefined ? [...languages, ...LIKELY_LANGUAGES] : [languageOfCode(group.language)];
  const meant = others.map((other) => wordsOf(other, new Set(read)));
  return {
    words: part.map(({ word }) => word),
    others,
    terms: meant.flatMap((words) => (words.length === 1 ? (words[0] ?? []) : [])),
    phrases: meant.filter((words) => words.length > 1),
  };
}

/**
 * A phrase as the words that all have to stand, each by one of its terms; one word alone has no more than one. It is read in
 * those languages that leave the fewest words of it, which are those that know its grammar.
 */
function wordsOf(other: string, languages: ReadonlySet<Language>): readonly (readonly string[])[] {
  const tokens = tokenize(other);
  const readings = [...languages].map((language) => {
    const groups = groupTokens(tokens, language);
    const withTopic = groups.filter(({ isWeak }) => !isWeak);
    return (withTopic.length === 0 ? groups : withTopic).flatMap((group) => termsOf(group, tokens.length));
  });
  const fewest = Math.min(...readings.flatMap(({ length }) => (length === 0 ? [] : [length])));
  const best = readings.filter(({ length }) => length === fewest);
  return (best[0] ?? []).map((_, index) => [...new Set(best.flatMap((terms) => terms[index] ?? []))]);
}

/** Of a phrase the pieces of a word, with a hyphen or without; of `log in`, which loses its grammar, `login`. */
function termsOf({ term, others }: TermGroup, tokens: number): readonly string[] {
  if (tokens > 1 && others.length > 0) return others;
  return [term];
}

function phrasesIn({ phrases, byLanguage }: Lexicon, language: Language): ReadonlyMap<string, readonly Phrase[]> {
  const known = byLanguage.get(language);
  if (known !== undefined) return known;
  const byStem = new Map<string, readonly Phrase[]>();
  for (const phrase of phrases) {
    const { language: code } = phrase.group;
    if (code !== undefined && languageOfCode(code) !== language) continue;
    const stem = stemWord(phrase.letters, language);
    byStem.set(stem, [...(byStem.get(stem) ?? []), phrase]);
  }
  byLanguage.set(language, byStem);
  return byStem;
}

function languagesOfGroups({ phrases }: Lexicon): readonly Language[] {
  return phrases.flatMap(({ group: { language } }) => (language === undefined ? [] : [languageOfCode(language)]));
}

function lettersOf(tokens: readonly Token[]): string {
  return tokens.map(({ word }) => word).join("");
}

function beginningOf(letters: string): string {
  return foldAccents(letters.slice(0, BEGINNING));
}

/** In how many tokens a phrase may come: as it is written, or with each piece for itself. One more for `log in` of `login`. */
function tokensWhenApart(said: string): number {
  return tokenize(said).reduce((sum, { parts }) => sum + Math.max(parts.length, 1), 1);
}
