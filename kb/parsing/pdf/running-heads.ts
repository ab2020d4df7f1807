import type { Line } from "./page-lines.js";

export interface PageLines {
  readonly number: number;
  readonly height: number;
  readonly lines: readonly Line[];
}

/** The share of a page's height at its top and at its bottom where heads, feet and page numbers stand. */
const MARGIN = 0.12;
const MIN_PAGES = 2;
/** A line that stands at the same place on this share of the pages is no text of theirs. */
const MIN_SHARE = 0.5;

/** Of the size of the text: a head in letters this large may be the title, and is kept once. */
const TITLE_RATIO = 1.3;

/** Takes out what stands at the head or foot of page after page, and lone page numbers there. */
export function dropRunningHeads(pages: readonly PageLines[]): readonly PageLines[] {
  const bodySize = medianSize(pages);
  const counts = new Map<string, number>();
  for (const page of pages) {
    const keys = new Set(page.lines.filter((line) => isInMargin(line, page)).map((line) => keyOf(line, page)));
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const least = Math.max(MIN_PAGES, Math.ceil(pages.length * MIN_SHARE));
  const kept = new Set<string>();
  const isRunning = (line: Line, page: PageLines): boolean => {
    if (!isInMargin(line, page)) return false;
    const key = keyOf(line, page);
    if ((counts.get(key) ?? 0) < least) return isPageNumber(line, page);
    if (line.size < bodySize * TITLE_RATIO || kept.has(key)) return true;
    kept.add(key);
    return false;
  };
  return pages.map((page) => ({ ...page, lines: page.lines.filter((line) => !isRunning(line, page)) }));
}

function medianSize(pages: readonly PageLines[]): number {
  const sizes = pages.flatMap((page) => page.lines.map((line) => line.size)).sort((one, other) => one - other);
  return sizes[Math.floor(sizes.length / 2)] ?? 0;
}

function isInMargin(line: Line, page: PageLines): boolean {
  return line.baseline < page.height * MARGIN || line.baseline > page.height * (1 - MARGIN);
}

/** Odd and even pages may have theirs on different sides: where it stands is told by its height alone. */
function keyOf(line: Line, page: PageLines): string {
  const isTop = line.baseline < page.height / 2;
  const place = isTop ? line.baseline : page.height - line.baseline;
  return `${isTop ? "top" : "bottom"}|${Math.round(place / 4)}|${line.text.replace(/\d+/gu, "#")}`;
}

const PAGE_NUMBER =
  /^(?:[-–—|]\s*)?(?:(?:page|p\.|seite|pagina|página|strana|стр\.?)\s*)?(\d{1,4}|[ivxl]{1,6})(?:\s*(?:\/|of|von|de|di|van|sur)\s*\d{1,4})?(?:\s*[-–—|])?$/iu;

/** Between two lines it would be a line of the text; here nothing is below or above it. */
function isPageNumber(line: Line, page: PageLines): boolean {
  if (!PAGE_NUMBER.test(line.text)) return false;
  return page.lines.every(
    (other) =>
      other === line ||
      (line.baseline < page.height / 2 ? other.baseline >= line.baseline : other.baseline <= line.baseline),
  );
}
