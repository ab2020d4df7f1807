import { createHash } from "node:crypto";

const LENGTH = 12;

/** The same for the same questions in whatever order: tells whether something was fitted to what it is measured on. */
export function questionsMark(questions: readonly { readonly text: string }[]): string {
  const texts = questions.map(({ text }) => text.trim()).sort();
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, LENGTH);
}
