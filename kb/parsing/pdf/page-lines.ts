import type { TextSpan } from "./span-collector.js";
import type { PageContent } from "./page-reader.js";
import { isMostlyRightToLeft, toReadingOrder } from "./visual-order.js";

/** A stretch of a line without a wide gap: a line of a column, or a cell of a table. */
export interface Segment {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  readonly size: number;
  readonly isBold: boolean;
  readonly isMonospace: boolean;
}

/** A line of one column. */
export interface Line extends Segment {
  readonly page: number;
  /** Counts the columns and bands of a page: what is in another one does not stand beside or directly below. */
  readonly region: number;
  readonly segments: readonly Segment[];
}

/** In parts of the size: a wider gap parts two segments, a smaller one may be a space. */
const SEGMENT_GAP = 0.9;
const SPACE = 0.17;

/** The lines of a page in the order in which they are read: a column to its end, then the next one. */
export function toLines(page: PageContent, number: number): readonly Line[] {
  const segments = rowsOf(page.spans).flatMap(toSegments);
  const isReversed = isMostlyRightToLeft(segments.map((segment) => segment.text).join(""));
  const regions = readingOrder(segments, isReversed, 0);
  return regions.flatMap((region, index) => rowsOf(region).map((row) => toLine(row, number, index, isReversed)));
}

/** Puts together what stands on one line, also when it is raised or lowered a little, each row from left to right. */
function rowsOf<Piece extends TextSpan>(pieces: readonly Piece[]): Piece[][] {
  const rows: { baseline: number; size: number; pieces: Piece[] }[] = [];
  for (const piece of [...pieces].sort((one, other) => one.baseline - other.baseline)) {
    const last = rows.at(-1);
    if (last !== undefined && piece.baseline - last.baseline < 0.4 * Math.max(piece.size, last.size)) {
      last.pieces.push(piece);
      if (piece.size > last.size) Object.assign(last, { size: piece.size, baseline: piece.baseline });
    } else rows.push({ baseline: piece.baseline, size: piece.size, pieces: [piece] });
  }
  return rows.map((row) => row.pieces.sort((one, other) => one.left - other.left));
}

function toSegments(row: readonly TextSpan[]): Segment[] {
  const groups: TextSpan[][] = [];
  for (const span of row) {
    const last = groups.at(-1);
    const end = last === undefined ? 0 : Math.max(...last.map((other) => other.right));
    if (last !== undefined && span.left - end < SEGMENT_GAP * span.size) last.push(span);
    else groups.push([span]);
  }
  return groups.map((group) => joinPieces(group, false));
}

function joinPieces(pieces: readonly Segment[], isReversed: boolean): Segment {
  let text = "";
  let end = Number.NEGATIVE_INFINITY;
  for (const piece of pieces) {
    const isApart = text !== "" && piece.left - end > SPACE * piece.size && !text.endsWith(" ");
    text += (isApart ? " " : "") + piece.text;
    end = piece.right;
  }
  const main = pieces.reduce((best, piece) => (piece.text.length > best.text.length ? piece : best));
  return {
    text: isReversed ? text : text.replace(/\s+/gu, " ").trim(),
    left: Math.min(...pieces.map((piece) => piece.left)),
    right: Math.max(...pieces.map((piece) => piece.right)),
    baseline: main.baseline,
    size: main.size,
    isBold: pieces.every((piece) => piece.isBold),
    isMonospace: pieces.every((piece) => piece.isMonospace),
  };
}

/** Text comes in visual order and leaves in reading order, for the line and for each of its cells. */
function toLine(row: readonly Segment[], page: number, region: number, isReversed: boolean): Line {
  const line = joinPieces(row, false);
  const cells = row.map((segment) => ({ ...segment, text: toReadingOrder(segment.text, isReversed) }));
  return {
    ...line,
    text: toReadingOrder(line.text, isReversed),
    page,
    region,
    segments: isReversed ? cells.reverse() : cells,
  };
}

/** More columns than this are no columns of text. */
const MAX_NESTING = 3;

function readingOrder(segments: readonly Segment[], isReversed: boolean, depth: number): Segment[][] {
  const gutter = depth < MAX_NESTING ? findGutter(segments) : null;
  if (gutter === null) return segments.length === 0 ? [] : [[...segments]];
  const regions: Segment[][] = [];
  let band: Segment[] = [];
  const endBand = (): void => {
    regions.push(...orderBand(band, gutter, isReversed, depth));
    band = [];
  };
  for (const row of rowsOf(segments)) {
    const crossing = row.filter((segment) => segment.left < gutter && segment.right > gutter);
    if (crossing.length === 0) band.push(...row);
    else {
      endBand();
      const last = regions.at(-1);
      if (last?.every((segment) => segment.left < gutter && segment.right > gutter) === true) last.push(...row);
      else regions.push([...row]);
    }
  }
  endBand();
  return regions;
}

/** What stands between two lines that run over the gutter. */
function orderBand(band: readonly Segment[], gutter: number, isReversed: boolean, depth: number): Segment[][] {
  const left = band.filter((segment) => segment.right <= gutter);
  const right = band.filter((segment) => segment.left >= gutter);
  if (left.length === 0 || right.length === 0 || !areColumns(left, right)) return band.length === 0 ? [] : [[...band]];
  const sides = isReversed ? [right, left] : [left, right];
  return sides.flatMap((side) => readingOrder(side, isReversed, depth + 1));
}

const MIN_COLUMN_LINES = 4;

/** An upright stretch in the middle that few lines run over, with text on both sides. */
function findGutter(segments: readonly Segment[]): number | null {
  if (segments.length < 2 * MIN_COLUMN_LINES) return null;
  const left = Math.min(...segments.map((segment) => segment.left));
  const right = Math.max(...segments.map((segment) => segment.right));
  const step = Math.max(1, (right - left) / 300);
  let best: { from: number; to: number; crossing: number } | null = null;
  for (let x = left + (right - left) * 0.2; x < left + (right - left) * 0.8; x += step) {
    const crossing = segments.filter((segment) => segment.left < x && segment.right > x).length;
    if (best === null || crossing < best.crossing) best = { from: x, to: x, crossing };
    else if (crossing === best.crossing && x - best.to <= step * 1.5) best.to = x;
  }
  if (best === null || best.crossing > segments.length * 0.4) return null;
  const gutter = (best.from + best.to) / 2;
  const columns = [
    segments.filter((segment) => segment.right <= gutter),
    segments.filter((segment) => segment.left >= gutter),
  ];
  return columns.every((column) => column.length >= MIN_COLUMN_LINES) && areColumns(columns[0] ?? [], columns[1] ?? [])
    ? gutter
    : null;
}

/**
 * Columns of text, and not the columns of a table: lines on both sides that fill their width, or that do not stand on
 * common lines.
 */
function areColumns(left: readonly Segment[], right: readonly Segment[]): boolean {
  if (left.length < 2 || right.length < 2) return false;
  if ([left, right].every((side) => isProse(side))) return true;
  const both = [left, right].every((side) => side.length >= 3 && averageLength(side) >= 12);
  return both && shareWithPartner(left, right) < 0.5 && shareWithPartner(right, left) < 0.5;
}

function isProse(side: readonly Segment[]): boolean {
  const left = Math.min(...side.map((segment) => segment.left));
  const width = Math.max(...side.map((segment) => segment.right)) - left;
  const full = side.filter((segment) => segment.right - segment.left >= width * 0.75).length;
  return full >= side.length * 0.4 && averageLength(side) >= 18;
}

function averageLength(side: readonly Segment[]): number {
  return side.reduce((sum, segment) => sum + segment.text.length, 0) / side.length;
}

function shareWithPartner(side: readonly Segment[], other: readonly Segment[]): number {
  const partnered = side.filter((segment) =>
    other.some((candidate) => Math.abs(candidate.baseline - segment.baseline) < 0.2 * segment.size),
  );
  return partnered.length / side.length;
}
