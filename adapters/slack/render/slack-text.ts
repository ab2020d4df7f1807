/** Writes text so that Slack's own markup reads it as nothing but text. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The longest start of `text` that is at most `limit` UTF-16 units once escaped, with an ellipsis where it was cut. */
export function escapeWithin(text: string, limit: number): string {
  const whole = escapeText(text);
  if (whole.length <= limit) return whole;
  let length = 0;
  let kept = "";
  for (const character of text) {
    const escaped = escapeText(character);
    length += escaped.length;
    if (length > limit - 1) break;
    kept += escaped;
  }
  return `${kept.trimEnd()}…`;
}

/** The start of `text`, at most `limit` UTF-16 units, never half a character. */
export function cutWithin(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, safeCut(text, limit - 1)).trimEnd()}…`;
}

/** Where `text` may be cut at or before `limit`: after a line, else after a word, else between two characters. */
export function cutPoint(text: string, limit: number): number {
  if (text.length <= limit) return text.length;
  const nearest = Math.floor(limit * 0.8);
  for (const separator of ["\n", " "]) {
    const index = text.lastIndexOf(separator, limit - 1);
    if (index >= nearest) return index + 1;
  }
  return safeCut(text, limit);
}

function safeCut(text: string, limit: number): number {
  const code = text.charCodeAt(limit - 1);
  return code >= 0xd8_00 && code <= 0xdb_ff && limit > 1 ? limit - 1 : limit;
}

const INVISIBLE = "\u200B";

/**
 * Markdown of our own for a stream: a mention, a link in Slack's markup and a bare address are kept from coming alive
 * by a character that nobody sees. The finished message is built from the reply tree and needs none of this.
 */
export function inertMarkdown(markdown: string): string {
  return markdown.replaceAll(/<(?=[^\s<])/gu, `<${INVISIBLE}`).replaceAll("://", `:${INVISIBLE}//`);
}

/** An address that may be linked: http or https, written so that it holds nothing of Slack's markup. Else null. */
export function linkTarget(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") return null;
  const safe = href.replaceAll("|", "%7C").replaceAll("<", "%3C").replaceAll(">", "%3E");
  return safe.length <= LONGEST_LINK ? safe : null;
}

/** A longer one is not worth the room it takes from the answer. */
const LONGEST_LINK = 1_000;
