import { rememberWordsEach } from "../../text/remember.js";
import { stemWord } from "../../text/stem.js";
import { STOP_WORDS, WEAK_WORDS, type Language } from "../../text/stop-words.js";
import { eachWrittenWord, inOneForm, tokenize, tokensOfWord, type Token } from "../../text/tokens.js";

const RAW_WORD = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;

/** A few words do not tell their language, so what carries no topic in any of them counts as grammar. */
const GRAMMAR: ReadonlySet<string> = new Set([
  ...Object.values(STOP_WORDS).flatMap((list) => [...list]),
  ...WEAK_WORDS,
]);

/** The words of a text as written, lower case, apostrophes and hyphens kept: `don't`, `e-mail`. */
export function rawWordsOf(text: string): readonly string[] {
  return text.normalize("NFKC").toLowerCase().replaceAll("’", "'").match(RAW_WORD) ?? [];
}

/** The words that carry a topic, in order, lower case, joined: `wi-fi` is `wifi`. */
export function contentWordsOf(text: string): readonly string[] {
  return withTopic(tokenize(text));
}

function withTopic(tokens: readonly Token[]): readonly string[] {
  return tokens
    .map((token) => token.word)
    .filter((word) => !GRAMMAR.has(word) && (word.length > 1 || /\p{N}/u.test(word)));
}

/** Like `contentWordsOf`, with the pieces of joined words beside them: `wifi`, `wi`, `fi`. */
export function contentWordsAndParts(text: string): readonly string[] {
  return tokenize(text)
    .flatMap((token) => [token.word, ...token.parts])
    .filter((word) => !GRAMMAR.has(word));
}

/** Stems of the words that carry a topic, in order, repeated as often as they occur. */
export function contentStems(text: string, language: Language): readonly string[] {
  const read = inOneForm(text);
  const stemsOf = stemsOfWord(language);
  const stems: string[] = [];
  eachWrittenWord(read, (start, end) => {
    for (const stem of stemsOf(read, start, end)) stems.push(stem);
    return true;
  });
  return stems;
}

const MAX_REMEMBERED_WORDS = 50_000;

const stemsOfWord = rememberWordsEach(
  (raw: string, language: Language) => withTopic(tokensOfWord(raw)).map((word) => stemWord(word, language)),
  MAX_REMEMBERED_WORDS,
);

export function countWords(text: string): number {
  return text.trim() === "" ? 0 : text.trim().split(/\s+/u).length;
}
