import { z } from "zod";
import { LANGUAGE_CODES } from "../../src/text/language-codes.js";
import { tokenize } from "../../src/text/tokens.js";

const codes = Object.values(LANGUAGE_CODES);

const phrase = z
  .string()
  .max(100)
  .refine((text) => tokenize(text).length > 0, "has neither letters nor digits")
  .refine((text) => tokenize(text).length <= 8, "must have at most 8 words");

const groupSchema = z.strictObject({
  words: z
    .array(phrase)
    .min(2, "must name at least two words")
    .max(20)
    .refine((words) => new Set(words.map(lettersOf)).size === words.length, { message: "names a word twice" })
    .describe("Words and phrases that mean the same. Spaces, hyphens, capitals and inflection make no difference."),
  language: z
    .enum(codes)
    .optional()
    .describe(`The language of the questions that it is for, one of ${codes.join(", ")}; all when it is left out.`),
});

/** `knowledge.synonyms`. */
export const synonymsSchema = z
  .array(groupSchema)
  .max(2_000)
  .default([])
  .meta({
    examples: [
      [
        { words: ["two-factor authentication", "2FA", "MFA"] },
        { words: ["Rechnung", "Faktura"], language: "de" as const },
      ],
    ],
  })
  .describe("What your people and your documents call by different words. A word itself goes before its synonyms.");

/** As a question is compared with it. */
function lettersOf(text: string): string {
  return tokenize(text)
    .map(({ word }) => word)
    .join("");
}
