import type { ContentBlock, ListBlock } from "../parsed-document.js";

export interface ListParagraph {
  /** 0 for the outermost. */
  readonly level: number;
  readonly isOrdered: boolean;
  readonly number: number;
  readonly blocks: readonly ContentBlock[];
}

/** Paragraphs that are entries of lists, one below the other, as nested lists. */
export function nestLists(entries: readonly ListParagraph[]): readonly ListBlock[] {
  const lists: ListBlock[] = [];
  for (let from = 0; from < entries.length;) {
    const start = entries[from];
    if (start === undefined) break;
    const end = entries.findIndex(
      (entry, index) => index > from && entry.level <= start.level && entry.isOrdered !== start.isOrdered,
    );
    const to = end === -1 ? entries.length : end;
    lists.push(toList(entries.slice(from, to), start));
    from = to;
  }
  return lists;
}

function toList(entries: readonly ListParagraph[], start: ListParagraph): ListBlock {
  const items: { entry: ListParagraph; inner: ListParagraph[] }[] = [];
  for (const entry of entries) {
    const last = items.at(-1);
    if (last !== undefined && entry.level > start.level) last.inner.push(entry);
    else items.push({ entry, inner: [] });
  }
  return {
    kind: "list",
    ordered: start.isOrdered,
    start: start.isOrdered ? start.number : 1,
    items: items.map(({ entry, inner }) => [...entry.blocks, ...nestLists(inner)]),
    isNavigation: false,
  };
}
