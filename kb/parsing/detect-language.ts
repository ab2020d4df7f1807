import { detectLanguage as detectByWords } from "../../src/text/language.js";
import { LANGUAGE_CODES } from "../../src/text/language-codes.js";

/** Languages that alone are written in their letters, or nearly so. Japanese stands before Chinese, whose signs it uses. */
const SCRIPTS: readonly (readonly [code: string, letters: RegExp, share: number])[] = [
  ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 0.1],
  ["ko", /\p{Script=Hangul}/gu, 0.3],
  ["zh", /\p{Script=Han}/gu, 0.3],
  ["ar", /\p{Script=Arabic}/gu, 0.5],
  ["he", /\p{Script=Hebrew}/gu, 0.5],
  ["el", /\p{Script=Greek}/gu, 0.5],
  ["th", /\p{Script=Thai}/gu, 0.5],
  ["hi", /\p{Script=Devanagari}/gu, 0.5],
];

/** Persian and Urdu use letters that Arabic has not. */
const NOT_ARABIC = /[پچژگکی]/u;
const NOT_RUSSIAN = /[іїєґўјљњћђџ]/iu;

/** The main language of a text, for example `en`, by its letters or its most common words; null when they do not tell. */
export function detectLanguage(text: string): string | null {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters < 2) return null;
  const script = SCRIPTS.find(([, pattern, share]) => (text.match(pattern)?.length ?? 0) >= letters * share);
  if (script !== undefined) return script[0] === "ar" && NOT_ARABIC.test(text) ? null : script[0];
  const language = detectByWords(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  if (language === null || (language === "russian" && NOT_RUSSIAN.test(text))) return null;
  return LANGUAGE_CODES[language];
}

/** The code of a language that a document names, without its region; null for what is no such name. */
export function toLanguage(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const name = value.trim().toLowerCase();
  if (/^[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*$/u.test(name)) return name.split(/[-_]/u)[0] ?? null;
  return Object.entries(LANGUAGE_CODES).find(([language]) => language === name)?.[1] ?? null;
}
