import type { eld as detector } from "eld/small";

type Eld = typeof detector;

/** Languages that alone are written in their letters, or nearly so. Japanese stands before Chinese, whose signs it uses. */
const SCRIPTS: readonly (readonly [code: string, letters: RegExp, share: number])[] = [
  ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 0.1],
  ["ko", /\p{Script=Hangul}/gu, 0.3],
  ["zh", /\p{Script=Han}/gu, 0.3],
  ["he", /\p{Script=Hebrew}/gu, 0.5],
  ["el", /\p{Script=Greek}/gu, 0.5],
  ["th", /\p{Script=Thai}/gu, 0.5],
];

/** What is not in words of a language: addresses, code, identifiers such as E-1042 or foo_bar. */
const NO_WORDS = /https?:\/\/\S+|`[^`]*`|\S*[\d_@/\\]\S*/gu;

/** Fewer letters than these tell hardly anything: "reset pw" looks Norwegian. */
const ENOUGH_LETTERS = 9;
/** A person writes in one language; more would only take time. */
const MOST_CHARACTERS = 1_000;

// Its tables take 150 MB and half a second: who never asks does not load them.
let loaded: Promise<{ readonly eld: Eld }> | null = null;

/** Loads the tables before somebody waits for them. */
export async function warmLanguages(): Promise<void> {
  await tables();
}

function tables(): Promise<{ readonly eld: Eld }> {
  return (loaded ??= import("eld/small"));
}

/** The language that a short text is written in, as its ISO 639-1 code; null where its words do not tell. */
export async function guessLanguage(text: string): Promise<string | null> {
  const words = text.slice(0, MOST_CHARACTERS).replaceAll(NO_WORDS, " ");
  const letters = words.match(/\p{L}/gu)?.length ?? 0;
  const script = SCRIPTS.find(([, pattern, share]) => (words.match(pattern)?.length ?? 0) > letters * share);
  // Two signs may be Chinese or Japanese.
  if (script !== undefined) return script[0] === "zh" && letters < 3 ? null : script[0];
  if (letters < ENOUGH_LETTERS) return null;
  const { eld } = await tables();
  const guess = eld.detect(words);
  return guess.isReliable() ? guess.language : null;
}
