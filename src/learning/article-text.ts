import { splitSentences } from "../answering/text/sentences.js";
import { asDigits } from "../answering/grounding/facts.js";
import { contentStems } from "../answering/text/words.js";
import type { Language } from "../text/stop-words.js";

/** A stretch of Markdown between blank lines, by its place in the text. */
export interface TextBlock {
  readonly kind: "prose" | "list" | "other";
  readonly start: number;
  readonly end: number;
}

export interface PlacedSentence {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly stems: ReadonlySet<string>;
}

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const HEADING = /^ {0,3}#{1,6} /u;
const FENCE = /^ {0,3}(?:```|~~~)/u;
const LIST = /^ {0,3}(?:[-*+]|\d{1,3}[.)]) /u;
const OTHER = /^ {0,3}(?:\||>|<|#{1,6} |```|~~~| {4}|\t)/u;
const MARKER = /^\s*(?:[-*+]|\d{1,3}[.)])\s+/u;

/** Prose and lists by their places; headings, tables, quotations, code and front matter are `other`. */
export function blocksOf(body: string): readonly TextBlock[] {
  const blocks: TextBlock[] = [];
  let lines: { readonly text: string; readonly start: number }[] = [];
  let fence = false;
  const close = () => {
    const [first] = lines;
    const last = lines.at(-1);
    if (first !== undefined && last !== undefined) {
      blocks.push({ kind: kindOf(first.text), start: first.start, end: last.start + last.text.length });
    }
    lines = [];
  };
  for (const line of linesFrom(body, frontMatterEnd(body))) {
    if (FENCE.test(line.text)) fence = !fence;
    const isHeading = !fence && HEADING.test(line.text);
    if (isHeading || (!fence && line.text.trim() === "")) close();
    if (line.text.trim() !== "" || fence) lines.push(line);
    if (isHeading) close();
  }
  close();
  return blocks;
}

function kindOf(firstLine: string): TextBlock["kind"] {
  if (OTHER.test(firstLine)) return "other";
  return LIST.test(firstLine) ? "list" : "prose";
}

function frontMatterEnd(body: string): number {
  return /^---\r?\n[\s\S]*?\r?\n---\r?\n/u.exec(body)?.[0].length ?? 0;
}

function* linesFrom(body: string, from: number): Generator<{ readonly text: string; readonly start: number }> {
  let start = from;
  for (const text of body.slice(from).split("\n")) {
    yield { text: text.replace(/\r$/u, ""), start };
    start += text.length + 1;
  }
}

/** What stands below the last heading of a path, up to the next heading; the whole text where no heading is like it. */
export function sectionOf(body: string, headingPath: readonly string[]): TextRange {
  const wanted = headingPath.at(-1);
  const whole = { start: frontMatterEnd(body), end: body.length };
  if (wanted === undefined) return whole;
  const headings = blocksOf(body).filter(
    ({ kind, start, end }) => kind === "other" && HEADING.test(body.slice(start, end)),
  );
  const at = headings.findIndex(({ start, end }) => plain(body.slice(start, end)) === plain(wanted));
  const found = headings[at];
  if (found === undefined) return whole;
  return { start: found.end, end: headings[at + 1]?.start ?? body.length };
}

function plain(heading: string): string {
  return heading
    .replace(/^\s*#+/u, "")
    .replace(/\{#[^{}]*\}\s*$/u, "")
    .replaceAll(/[*_`#]/gu, "")
    .trim()
    .toLowerCase();
}

/** The sentences of prose and lists, wherever their lines break. */
export function sentencesOf(body: string, blocks: readonly TextBlock[], language: Language): readonly PlacedSentence[] {
  return blocks
    .filter(({ kind }) => kind !== "other")
    .flatMap(({ kind, start, end }) => {
      const text = body.slice(start, end);
      const parts = kind === "list" ? text.split(/\n(?=\s*(?:[-*+]|\d{1,3}[.)])\s)/u) : [text];
      return placed(body, parts, start, language);
    });
}

function placed(body: string, parts: readonly string[], from: number, language: Language): readonly PlacedSentence[] {
  let cursor = from;
  return parts.flatMap((part) =>
    splitSentences(part.replace(MARKER, "").replaceAll(/\s+/gu, " ").trim()).flatMap((text) => {
      const words = text.split(" ").map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&"));
      const pattern = new RegExp(words.join("\\s+"), "gu");
      pattern.lastIndex = cursor;
      const found = pattern.exec(body);
      if (found === null) return [];
      cursor = found.index + found[0].length;
      return [{ text, start: found.index, end: cursor, stems: topicsOf(text, language) }];
    }),
  );
}

/** What a text is about, without what it counts. */
export function topicsOf(text: string, language: Language): ReadonlySet<string> {
  const stems = contentStems(text, language).filter((stem) => !/\p{N}/u.test(stem) && asDigits(stem) === null);
  return new Set(stems);
}
