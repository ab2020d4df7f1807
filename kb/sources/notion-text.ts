import type { PhrasingContent } from "mdast";
import type { NotionText } from "./notion-api.js";

export function plainText(texts: readonly NotionText[]): string {
  return texts.map(({ plain_text: plain }) => plain).join("");
}

/** Text with its marks; equations are code, struck out text is left out. */
export function phrasingOf(texts: readonly NotionText[]): PhrasingContent[] {
  return joined(texts.filter(({ annotations }) => annotations?.strikethrough !== true)).flatMap(phrasing);
}

/** Parts with the same marks as one: marks that end and begin side by side cannot be told apart. */
function joined(texts: readonly NotionText[]): readonly NotionText[] {
  const parts: NotionText[] = [];
  for (const text of texts) {
    const last = parts.at(-1);
    if (last !== undefined && marksOf(last) === marksOf(text)) {
      parts[parts.length - 1] = { ...last, plain_text: last.plain_text + text.plain_text };
    } else parts.push(text);
  }
  return parts;
}

function marksOf({ type, href, annotations }: NotionText): string {
  return JSON.stringify([type === "equation", href, annotations?.bold, annotations?.italic, annotations?.code]);
}

function phrasing({ type, plain_text: plain, href, annotations }: NotionText): PhrasingContent[] {
  const [, before = "", inner = "", after = ""] = /^(\s*)(.*?)(\s*)$/su.exec(plain) ?? [];
  if (inner === "") return linesOf(plain);
  const isCode = annotations?.code === true || type === "equation";
  let nodes: PhrasingContent[] = isCode ? [{ type: "inlineCode", value: inner.replace(/\s+/gu, " ") }] : linesOf(inner);
  if (annotations?.italic === true) nodes = [{ type: "emphasis", children: nodes }];
  if (annotations?.bold === true) nodes = [{ type: "strong", children: nodes }];
  if (href !== null && /^https?:\/\//u.test(href)) nodes = [{ type: "link", url: href, children: nodes }];
  return [...linesOf(before), ...nodes, ...linesOf(after)];
}

function linesOf(text: string): PhrasingContent[] {
  return text
    .split("\n")
    .flatMap((line, index): PhrasingContent[] => [
      ...(index === 0 ? [] : [{ type: "break" } as const]),
      ...(line === "" ? [] : [{ type: "text", value: line } as const]),
    ]);
}
