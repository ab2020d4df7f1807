import type { Language } from "./stop-words.js";

/** The ISO 639-1 code of each language that has a stemmer. */
export const LANGUAGE_CODES = {
  danish: "da",
  dutch: "nl",
  english: "en",
  finnish: "fi",
  french: "fr",
  german: "de",
  italian: "it",
  norwegian: "no",
  portuguese: "pt",
  russian: "ru",
  spanish: "es",
  swedish: "sv",
} as const satisfies Readonly<Record<Language, string>>;

export type LanguageCode = (typeof LANGUAGE_CODES)[Language];

/** The language of a code. */
export function languageOfCode(code: LanguageCode): Language {
  const languages = Object.keys(LANGUAGE_CODES) as readonly Language[];
  return languages.find((language) => LANGUAGE_CODES[language] === code) ?? "english";
}
