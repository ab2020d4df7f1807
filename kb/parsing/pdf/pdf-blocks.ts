import type { ContentBlock } from "../parsed-document.js";
import { dehyphenate } from "./hyphenation.js";
import type { Vocabulary } from "./hyphenation.js";
import { listOf, markerOf } from "./pdf-list.js";
import type { ListEntry } from "./pdf-list.js";
import type { Line } from "./page-lines.js";
import { tableAt } from "./pdf-table.js";
import type { FoundTable } from "./pdf-table.js";

/** What the whole document tells of how a line is to be understood. */
export interface TextStyle {
  /** The size of most of its text. */
  readonly bodySize: number;
  /** Of headings, largest first. */
  readonly headingSizes: readonly number[];
  readonly vocabulary: Vocabulary;
}

const HEADING_RATIO = 1.12;
const MAX_HEADING_LENGTH = 200;
const MAX_BOLD_HEADING_LENGTH = 100;

export function styleOf(lines: readonly Line[], vocabulary: Vocabulary): TextStyle {
  const characters = new Map<number, number>();
  for (const line of lines) {
    const size = round(line.size);
    characters.set(size, (characters.get(size) ?? 0) + line.text.length);
  }
  const [body] = [...characters].sort((one, other) => other[1] - one[1]);
  const bodySize = body?.[0] ?? 10;
  const headingSizes = [...characters.keys()]
    .filter((size) => size >= bodySize * HEADING_RATIO)
    .sort((one, other) => other - one);
  return { bodySize, headingSizes, vocabulary };
}

function round(size: number): number {
  return Math.round(size * 2) / 2;
}

/** Turns the lines of all pages into blocks. */
export function toBlocks(lines: readonly Line[], style: TextStyle): readonly ContentBlock[] {
  return new BlockBuilder(lines, style).build();
}

class BlockBuilder {
  readonly #lines: readonly Line[];
  readonly #style: TextStyle;
  /** Of the text of each column. */
  readonly #rightEdges = new Map<string, number>();
  readonly #blocks: ContentBlock[] = [];
  #entries: ListEntry[] = [];
  #lefts: readonly number[] = [];

  constructor(lines: readonly Line[], style: TextStyle) {
    this.#lines = lines;
    this.#style = style;
    for (const line of lines) {
      const column = columnOf(line);
      this.#rightEdges.set(column, Math.max(line.right, this.#rightEdges.get(column) ?? 0));
    }
  }

  build(): readonly ContentBlock[] {
    for (let index = 0; index < this.#lines.length;) {
      const table = tableAt(this.#lines, index);
      const group = table === null ? this.#groupAt(index) : [];
      if (table !== null) this.#addTable(table, this.#lines[index]?.page ?? 1);
      else this.#addGroup(group);
      index += table === null ? Math.max(1, group.length) : table.length;
    }
    this.#endList();
    return this.#blocks;
  }

  /** The lines that make one paragraph, heading or entry of a list. */
  #groupAt(from: number): readonly Line[] {
    const group: Line[] = [];
    for (let index = from; index < this.#lines.length; index += 1) {
      const line = this.#lines[index];
      const last = group.at(-1);
      if (line === undefined) break;
      if (last !== undefined && (!this.#goesOn(group, last, line) || tableAt(this.#lines, index) !== null)) break;
      group.push(line);
    }
    return group;
  }

  #goesOn(group: readonly Line[], last: Line, line: Line): boolean {
    if (round(last.size) !== round(line.size) && Math.abs(last.size - line.size) > 0.08 * last.size) return false;
    if (last.isBold !== line.isBold || last.isMonospace !== line.isMonospace) return false;
    if (last.isMonospace) return isDirectlyBelow(last, line, 1.9);
    if (markerOf(line.text) !== null) return false;
    if (!isDirectlyBelow(last, line, 1.65)) return this.#runsOver(last, line);
    const first = group[0] ?? line;
    // A line that is set in is the first of a paragraph, unless all of them are.
    const isSetIn = markerOf(first.text) === null && line.left - last.left > 0.8 * line.size && last.left <= first.left;
    const isEnd =
      /[.!?:。！？]["”’)»]?$/u.test(last.text) &&
      last.right < (this.#rightEdges.get(columnOf(last)) ?? last.right) - 6 * last.size;
    return !isSetIn && !isEnd;
  }

  /** From the end of a column or page to the beginning of the next one, in the middle of a sentence. */
  #runsOver(last: Line, line: Line): boolean {
    const isOther = last.page !== line.page || last.region !== line.region;
    return (
      isOther &&
      !/[.!?:;。！？]["”’)»]?$/u.test(last.text) &&
      /^[\p{Ll}\p{Script=Han}]/u.test(line.text) &&
      !this.#isLarge(line)
    );
  }

  #addGroup(group: readonly Line[]): void {
    const [first] = group;
    if (first === undefined) return;
    if (first.isMonospace && group.length > 1) {
      this.#add({ kind: "code", language: null, text: codeOf(group), page: first.page });
      return;
    }
    const text = dehyphenate(
      group.map((line) => line.text),
      this.#style.vocabulary,
    );
    if (text === "") return;
    const depth = this.#headingDepth(group, text);
    const marker = markerOf(text);
    if (depth !== null) this.#add({ kind: "heading", depth, text, page: first.page });
    else if (marker !== null) this.#entries.push({ ...marker, left: first.left, page: first.page });
    else if (!this.#belongsToEntry(first, text)) this.#add({ kind: "paragraph", text, page: first.page });
  }

  /** A paragraph that is set in below an entry is of that entry. */
  #belongsToEntry(first: Line, text: string): boolean {
    const entry = this.#entries.at(-1);
    if (entry === undefined || entry.page !== first.page || first.left < entry.left + 0.8 * first.size) return false;
    this.#entries.splice(-1, 1, { ...entry, more: [...entry.more, text] });
    return true;
  }

  #isLarge(line: Line): boolean {
    return line.size >= this.#style.bodySize * HEADING_RATIO;
  }

  #headingDepth(group: readonly Line[], text: string): number | null {
    const [first] = group;
    if (first === undefined || !/\p{L}|\p{N}/u.test(text)) return null;
    const { headingSizes, bodySize } = this.#style;
    if (this.#isLarge(first) && text.length <= MAX_HEADING_LENGTH) {
      const place = headingSizes.findIndex((size) => size <= round(first.size));
      return Math.min(5, Math.max(1, place + 1));
    }
    const isBoldLine = group.every((line) => line.isBold) && group.length <= 2 && first.size >= bodySize * 0.95;
    const isTitle = isBoldLine && text.length <= MAX_BOLD_HEADING_LENGTH && !/[.,;:!]$/u.test(text);
    return isTitle && !/^[•●○◦▪▫■□‣⁃∙]/u.test(text) ? Math.min(6, headingSizes.length + 1) : null;
  }

  #addTable({ rows, lefts }: FoundTable, page: number): void {
    this.#endList();
    if (areSteps(rows)) {
      const [left = 0] = lefts;
      for (const [mark = "1", text = ""] of rows)
        this.#entries.push({ text, number: Number.parseInt(mark, 10), left, page, more: [] });
      return;
    }
    const [header, ...body] = rows;
    const last = this.#blocks.at(-1);
    const isSame =
      lefts.length === this.#lefts.length &&
      lefts.every((left, index) => Math.abs(left - (this.#lefts[index] ?? 0)) < 4);
    if (last?.kind === "table" && isSame && header !== undefined && last.page !== page) {
      const isRepeated = header.every((cell, index) => cell === last.header[index]);
      this.#blocks.splice(-1, 1, { ...last, rows: [...last.rows, ...(isRepeated ? body : rows)] });
    } else if (header !== undefined) this.#blocks.push({ kind: "table", header, rows: body, page });
    this.#lefts = lefts;
  }

  #add(block: ContentBlock): void {
    this.#endList();
    this.#blocks.push(block);
  }

  #endList(): void {
    if (this.#entries.length > 0) this.#blocks.push(...listOf(this.#entries));
    this.#entries = [];
  }
}

function columnOf({ page, region }: Line): string {
  return `${page}/${region}`;
}

function isDirectlyBelow(last: Line, line: Line, most: number): boolean {
  const gap = line.baseline - last.baseline;
  return last.page === line.page && last.region === line.region && gap > 0 && gap <= most * line.size;
}

/** Numbers that count on, each with its text, without a dot behind the number. */
function areSteps(rows: readonly (readonly string[])[]): boolean {
  const numbers = rows.map(([mark = ""]) => (/^\d{1,3}$/u.test(mark) ? Number(mark) : Number.NaN));
  return (
    rows.every((row) => row.length === 2) && numbers.every((number, index) => number === (numbers[0] ?? 0) + index)
  );
}

/** Keeps how far lines are set in, as far as a letter's width tells. */
function codeOf(lines: readonly Line[]): string {
  const left = Math.min(...lines.map((line) => line.left));
  return lines
    .map((line) => " ".repeat(Math.max(0, Math.round((line.left - left) / (line.size * 0.6)))) + line.text)
    .join("\n");
}
