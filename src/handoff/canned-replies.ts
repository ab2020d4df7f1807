import { editDistance } from "../text/edit-distance.js";

/** A reply that the house has written beforehand. */
export interface CannedReply {
  readonly name: string;
  /** By language; `any` where it is the same for all, or for those that have none of their own. */
  readonly texts: Readonly<Record<string, string>>;
}

/** What stands in braces, and what it is of. */
export const PLACEHOLDERS = ["customer", "agent"] as const;
export type PlaceholderValues = Readonly<Record<(typeof PLACEHOLDERS)[number], string>>;

export type FilledReply =
  | { readonly kind: "filled"; readonly name: string; readonly text: string }
  | { readonly kind: "unknown"; readonly nearest: string | null }
  /** The value of a placeholder is not known: nobody is to read a gap. */
  | { readonly kind: "missing"; readonly name: string; readonly placeholder: string };

const PLACEHOLDER = /\{([^{}\s]*)\}/gu;
const MOST_EDITS = 2;

/** The reply of that name in the customer's language, with its placeholders filled. */
export function fillReply(
  replies: readonly CannedReply[],
  name: string,
  language: string,
  values: PlaceholderValues,
): FilledReply {
  const reply = replies.find((one) => isSame(one.name, name));
  if (reply === undefined) return { kind: "unknown", nearest: nearestName(replies, name) };
  const text = textIn(reply, language);
  const missing = placeholdersOf(text).find((placeholder) => valueOf(values, placeholder) === "");
  if (missing !== undefined) return { kind: "missing", name: reply.name, placeholder: missing };
  const filled = text.replaceAll(PLACEHOLDER, (_, placeholder: string) => valueOf(values, placeholder));
  return { kind: "filled", name: reply.name, text: filled };
}

/** The names in braces, as they stand there. */
export function placeholdersOf(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, placeholder = ""]) => placeholder);
}

/** In their language, else in what goes for all, else in whatever there is. */
export function textIn({ texts }: CannedReply, language: string): string {
  return texts[language] ?? texts["any"] ?? texts["en"] ?? Object.values(texts)[0] ?? "";
}

function valueOf(values: PlaceholderValues, placeholder: string): string {
  const known = PLACEHOLDERS.find((one) => one === placeholder);
  return known === undefined ? "" : values[known].trim();
}

function nearestName(replies: readonly CannedReply[], name: string): string | null {
  const typed = name.toLowerCase();
  const [nearest] = replies
    .map((reply) => ({ name: reply.name, edits: editDistance(typed, reply.name.toLowerCase(), MOST_EDITS) }))
    .filter((one) => one.edits <= MOST_EDITS || (typed.length > 1 && one.name.toLowerCase().startsWith(typed)))
    .sort((one, other) => one.edits - other.edits);
  return nearest?.name ?? null;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
