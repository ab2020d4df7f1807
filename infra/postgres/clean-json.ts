/**
 * Serialises for a jsonb parameter. PostgreSQL's jsonb and text refuse the NUL character and halves of surrogate pairs;
 * neither means anything in what people write, so the first is left out and the second replaced.
 */
export function toJsonb(value: unknown): string {
  const json = JSON.stringify(value);
  return REFUSED.test(json) ? JSON.stringify(value, (_key, item: unknown) => cleanItem(item)) : json;
}

/** How JSON writes what is refused. It may also stand in a text that tells of it, which cleaning leaves as it is. */
const REFUSED = /\\u(?:0000|d[89a-f])/i;

/** The same for a text parameter. */
export function cleanText(text: string): string {
  if (text.isWellFormed() && !text.includes("\0")) return text;
  return text.replaceAll("\0", "").replaceAll(/\p{Surrogate}/gu, "\uFFFD");
}

function cleanItem(item: unknown): unknown {
  if (typeof item === "string") return cleanText(item);
  if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
  return Object.fromEntries(Object.entries(item).map(([key, inner]) => [cleanText(key), inner]));
}
