import type { TeamsText } from "./render-text.js";

const FENCE = /^(`{3,})\n([\s\S]*)\n\1$/u;

/** Cuts a text that is longer than `limit` characters at lines, then at spaces, then anywhere; code stays code. */
export function splitText(part: TeamsText, limit: number): readonly TeamsText[] {
  if (part.markdown.length <= limit) return [part];
  const fenced = FENCE.exec(part.markdown);
  const [, fence = "", code = ""] = fenced ?? [];
  const pieces =
    fenced === null
      ? cut(part.markdown, limit)
      : cut(code, limit - 2 * fence.length - 2).map((piece) => `${fence}\n${piece}\n${fence}`);
  return pieces.map((markdown) => ({
    markdown,
    cited: part.cited.filter((number) => markdown.includes(`[${number}]`)),
  }));
}

function cut(text: string, limit: number): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const end = cutAt(rest, limit);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end).replace(/^[\n ]/u, "");
  }
  return rest === "" ? pieces : [...pieces, rest];
}

/** The last line end, else the last space, in the second half; else the limit, moved off what must stay together. */
function cutAt(text: string, limit: number): number {
  for (const separator of ["\n", " "]) {
    const found = text.lastIndexOf(separator, limit);
    if (found > limit / 2) return found;
  }
  return /[\ud800-\udbff\\]/u.test(text.charAt(limit - 1)) ? limit - 1 : limit;
}
