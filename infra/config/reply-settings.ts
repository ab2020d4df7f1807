import { z } from "zod";
import { FIXED_TEXT_LANGUAGES } from "../../src/answering/fixed-texts.js";
import { PLACEHOLDERS, placeholdersOf, type CannedReply } from "../../src/handoff/canned-replies.js";

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u;
const MOST_CHARACTERS = 4_000;

const textSchema = z
  .string()
  .trim()
  .min(1, "is empty")
  .max(MOST_CHARACTERS, `is longer than ${MOST_CHARACTERS} characters`)
  .superRefine((text, context) => {
    for (const name of placeholdersOf(text)) {
      if (PLACEHOLDERS.some((known) => known === name)) continue;
      const known = PLACEHOLDERS.map((one) => `{${one}}`).join(" and ");
      context.addIssue({ code: "custom", message: `has {${name}}; what can be put in is ${known}` });
    }
  });

const LANGUAGES = [...FIXED_TEXT_LANGUAGES, "any"] as const;

const byLanguageSchema = z
  .partialRecord(z.enum(LANGUAGES), textSchema, {
    error: ({ code }: { readonly code: string }) =>
      code === "unrecognized_keys" ? `is no language of replies: ${LANGUAGES.join(", ")}` : undefined,
  })
  .refine((texts) => Object.keys(texts).length > 0, "has no text");

export const repliesSchema = z
  .record(z.string().regex(NAME, "is no name: letters, digits, - and _"), z.union([textSchema, byLanguageSchema]))
  .superRefine((replies, context) => {
    const names = Object.keys(replies).map((name) => name.toLowerCase());
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) context.addIssue({ code: "custom", message: `has two replies named ${twice}` });
  })
  .default({})
  .meta({
    examples: [
      {
        greet: "Hello {customer}, this is {agent}. I'm looking into it.",
        wait: { en: "One moment, please.", de: "Einen Moment bitte." },
      },
    ],
  })
  .describe(
    "Replies that agents send by name, with `!reply NAME`: one text, or one for each language (`en`, `de`, `fr`, `es`, `pt`, `it`, `nl`, and `any` for the others). `{customer}` and `{agent}` stand for names.",
  );

/** What the core needs to know of them, in their order. */
export function cannedReplies(replies: z.infer<typeof repliesSchema>): readonly CannedReply[] {
  return Object.entries(replies).map(([name, said]) => ({
    name,
    texts: typeof said === "string" ? { any: said } : said,
  }));
}
