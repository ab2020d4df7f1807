import { detectLanguageOfText } from "./language.js";
import { rememberWordsEach } from "./remember.js";
import { foldAccents, stemWord } from "./stem.js";
import { STOP_WORDS, WEAK_WORDS, type Language } from "./stop-words.js";
import { eachWrittenWord, inOneForm, tokenize, tokensOfWord, type Token } from "./tokens.js";

/** What English verbs are completed by: `log in` is also indexed as `login`, `set up` as `setup`. */
const PARTICLES = new Set(["in", "on", "off", "up", "out", "down", "over", "back"]);

/** A word of a text as the index knows it: one or more terms that stand for it. */
export interface TermGroup {
  /** The main term. */
  readonly term: string;
  /** Pieces and joined forms, which count for less. */
  readonly others: readonly string[];
  /** The word as it was written, lower case. */
  readonly word: string;
  /** True for words that mostly carry grammar. */
  readonly isWeak: boolean;
}

/** The language a text is analysed in. English where nothing else is recognised. @param sampleWords that it is told by */
export function languageOf(text: string, sampleWords?: number): Language {
  return detectLanguageOfText(text, sampleWords) ?? "english";
}

/** The topic-carrying words of a text in order, stop words dropped. */
export function analyze(text: string, language: Language): readonly TermGroup[] {
  return groupTokens(tokenize(text), language);
}

/** The main terms of a text without repetition, as {@link analyze} gives them: cheaper, for texts of which no more is asked. */
export function mainTerms(text: string, language: Language): ReadonlySet<string> {
  const read = inOneForm(text);
  const termsOf = rememberedTerms(language);
  const terms = new Set<string>();
  eachWrittenWord(read, (start, end) => {
    for (const term of termsOf(read, start, end)) terms.add(term);
    return true;
  });
  return terms;
}

/** Words repeat more than the texts that they stand in. */
const MAX_REMEMBERED_WORDS = 50_000;

const rememberedTerms = rememberWordsEach(mainTermsOfWord, MAX_REMEMBERED_WORDS);

/** The main terms of a word as it is written. */
export function mainTermsOfWord(raw: string, language: Language): readonly string[] {
  return tokensOfWord(raw)
    .filter((token) => !isStopWord(token, language))
    .map((token) => termOf(token.word, token, language));
}

export function groupTokens(tokens: readonly Token[], language: Language): readonly TermGroup[] {
  return tokens.flatMap((token, index) => {
    const joined = joinedVerb(token, tokens[index + 1]);
    if (isStopWord(token, language)) return [];
    return [toGroup(token, language, joined)];
  });
}

function toGroup(token: Token, language: Language, joined: string | null): TermGroup {
  const term = termOf(token.word, token, language);
  const parts = token.parts
    .filter((part) => part.length > 1 && !isGrammar(part, language))
    .map((part) => termOf(part, token, language));
  const others = new Set([...parts, ...(joined === null ? [] : [stemWord(joined, language)])]);
  others.delete(term);
  return { term, others: [...others], word: token.word, isWeak: isGrammar(token.word, language) };
}

function termOf(word: string, token: Token, language: Language): string {
  return token.isPair ? foldAccents(word) : stemWord(word, language);
}

function joinedVerb(token: Token, next: Token | undefined): string | null {
  if (next === undefined || !PARTICLES.has(next.word) || token.word.length < 3 || token.isPair) return null;
  return `${token.word}${next.word}`;
}

function isStopWord(token: Token, language: Language): boolean {
  return (
    STOP_WORDS[language].has(token.word) ||
    (token.word.length === 1 && token.word !== "i" && /^[\p{Script=Latin}\p{P}]$/u.test(token.word))
  );
}

function isGrammar(word: string, language: Language): boolean {
  return STOP_WORDS[language].has(word) || (language === "english" && WEAK_WORDS.has(word));
}
