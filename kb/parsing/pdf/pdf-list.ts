import type { ContentBlock, ListBlock } from "../parsed-document.js";

export interface ListEntry {
  readonly text: string;
  /** Null: a bullet. */
  readonly number: number | null;
  readonly left: number;
  readonly page: number;
  /** Paragraphs that belong to it. */
  readonly more: readonly string[];
}

const BULLET = /^[•●○◦▪▫■□‣⁃∙·➢✓\uf0b7\uf0a7\uf0d8\uf076\uf0fc\-–—*]\s+(\S.*)$/su;
const NUMBER = /^(\d{1,3})[.)]\s+(\S.*)$/su;

/** The entry that a line begins, or null. */
export function markerOf(text: string): Pick<ListEntry, "text" | "number" | "more"> | null {
  const bullet = BULLET.exec(text);
  if (bullet !== null) return { text: bullet[1] ?? "", number: null, more: [] };
  const numbered = NUMBER.exec(text);
  return numbered === null ? null : { text: numbered[2] ?? "", number: Number(numbered[1]), more: [] };
}

/** Entries one below the other as lists; those that are set in belong to the one above them. */
export function listOf(entries: readonly ListEntry[]): readonly ContentBlock[] {
  const [first] = entries;
  if (first === undefined) return [];
  const lists: ContentBlock[] = [];
  for (let from = 0; from < entries.length;) {
    const start = entries[from] ?? first;
    const end = endOfList(entries, from, start);
    lists.push(toList(entries.slice(from, end), start));
    from = end;
  }
  return lists;
}

/** A list ends where bullets become numbers or the other way round, at the same place or further left. */
function endOfList(entries: readonly ListEntry[], from: number, start: ListEntry): number {
  const end = entries.findIndex(
    (entry, index) => index > from && !isBelow(entry, start) && (entry.number === null) !== (start.number === null),
  );
  return end === -1 ? entries.length : end;
}

function isBelow(entry: ListEntry, start: ListEntry): boolean {
  return entry.left > start.left + 4;
}

function toList(entries: readonly ListEntry[], start: ListEntry): ListBlock {
  const items: { entry: ListEntry; inner: ListEntry[] }[] = [];
  for (const entry of entries) {
    const last = items.at(-1);
    if (last !== undefined && isBelow(entry, start)) last.inner.push(entry);
    else items.push({ entry, inner: [] });
  }
  return {
    kind: "list",
    ordered: start.number !== null,
    start: start.number ?? 1,
    items: items.map(({ entry, inner }) => [
      ...[entry.text, ...entry.more].map((text): ContentBlock => ({ kind: "paragraph", text })),
      ...listOf(inner),
    ]),
    isNavigation: false,
    page: start.page,
  };
}
