import { splitQuotable } from "../../../src/answering/text/sentences.js";
import { countWords } from "../../../src/answering/text/words.js";
import type { PromptPassage } from "../../../src/ports/models.js";

/** The smallest thing that is quoted: a sentence, a list item, a table row, a piece of code. */
export interface QuoteUnit {
  readonly passage: PromptPassage;
  /** Position in the passage, counting from 0. */
  readonly position: number;
  readonly kind: "sentence" | "step" | "item" | "row" | "code";
  /** Of a step in its list, as in the document; null for anything else. */
  readonly number: number | null;
  /** Markdown as it is quoted, word for word as in the document. */
  readonly text: string;
  /** As counted in a finished answer: a list marker is one. */
  readonly words: number;
  /** Units of one paragraph, list or table share it; so do the parts of a list that counts on after something else. */
  readonly group: number;
  /** Headings inside the passage above this unit. */
  readonly heading: string;
  /** What a table row stands under. */
  readonly context: string;
  readonly isWarning: boolean;
  /** False for a sentence that does not end like one: a label, a heading, a part cut off. */
  readonly isWhole: boolean;
}

const LIST_START = /^\s*(?:[-*+]|\d{1,9}[.)])\s/u;
const LIST_MARKER = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/u;
const WARNING =
  /^\**(?:warning|caution|important|attention|danger|achtung|warnung|wichtig|vorsicht|avertissement|advertencia|aviso|atenção|attenzione|waarschuwing|let op)\b/iu;

/** Cuts a passage into what could be quoted from it, in order. */
export function quoteUnits(passage: PromptPassage): readonly QuoteUnit[] {
  const reader = new PassageReader(passage);
  for (const block of blocksOf(passage.text)) reader.read(block);
  return reader.units;
}

interface ListItem {
  readonly number: number | null;
  readonly text: string;
}

class PassageReader {
  readonly units: QuoteUnit[] = [];
  readonly #passage: PromptPassage;
  #group = 0;
  /** The last step read, which a list that counts on goes on from: a picture or a remark may stand between steps. */
  #lastStep: QuoteUnit | null = null;
  #heading = "";

  constructor(passage: PromptPassage) {
    this.#passage = passage;
  }

  read(block: string): void {
    this.#group += 1;
    const heading = headingOf(block);
    if (heading !== null) this.#heading = heading;
    else if (/^\s*(?:`{3}|~{3})/u.test(block)) this.#add("code", block);
    else if (block.startsWith("|")) this.#readTable(block.split("\n"));
    else if (LIST_START.test(block)) this.#readList(block.split("\n"));
    else for (const sentence of splitQuotable(quotable(block))) this.#add("sentence", sentence);
  }

  #readTable(lines: readonly string[]): void {
    const [header, ...rows] = lines.filter((line) => !/^\|[\s|:-]+\|?$/u.test(line)).map(cellsOf);
    if (header === undefined) return;
    for (const row of rows) {
      const text = rowSentence(header, row);
      if (text !== null) this.#add("row", text, { context: header.join(" ") });
    }
  }

  #readList(lines: readonly string[]): void {
    let item: ListItem | null = null;
    let next: number | null = null;
    for (const line of lines) {
      const [, indent = "", number, rest = ""] = LIST_MARKER.exec(line) ?? [];
      const isTopLevel = LIST_MARKER.test(line) && indent.length < 2;
      if (isTopLevel) {
        this.#addItem(item);
        // A list may be written "1. 1. 1." and is read 1, 2, 3.
        const current: number | null = number === undefined ? null : (next ?? Number(number));
        next = current === null ? null : current + 1;
        item = { number: current, text: quotable(rest) };
      } else if (item !== null) {
        item = { number: item.number, text: joinNested(item.text, line) };
      }
    }
    this.#addItem(item);
  }

  #addItem(item: ListItem | null): void {
    if (item === null) return;
    const goesOn = item.number !== null && item.number === (this.#lastStep?.number ?? 0) + 1;
    const group = goesOn ? (this.#lastStep?.group ?? this.#group) : this.#group;
    this.#add(item.number === null ? "item" : "step", item.text, { number: item.number, group });
    if (item.number !== null) this.#lastStep = this.units.at(-1) ?? null;
  }

  #add(kind: QuoteUnit["kind"], text: string, more: Partial<QuoteUnit> = {}): void {
    if (text.trim() === "") return;
    this.units.push({
      passage: this.#passage,
      position: this.units.length,
      kind,
      number: null,
      text,
      words: countWords(text) + (kind === "sentence" || kind === "code" ? 0 : 1),
      group: this.#group,
      heading: this.#heading,
      context: "",
      isWarning: WARNING.test(text),
      isWhole: kind !== "sentence" || /[.!?…:。！？：]["'”’»)*_`]*$/u.test(text),
      ...more,
    });
  }
}

/** Choices under a step stay a list under it; four spaces are inside of any marker. */
function joinNested(text: string, line: string): string {
  const content = quotable(line.replace(LIST_MARKER, "$3"));
  if (content === "") return text;
  return LIST_MARKER.test(line) ? `${text}\n    - ${content}` : `${text} ${content}`;
}

function blocksOf(text: string): readonly string[] {
  const blocks: string[] = [];
  for (const [index, part] of text.split(/^((?:`{3}|~{3})[^\n]*\n[\s\S]*?\n(?:`{3}|~{3}))[ \t]*$/mu).entries()) {
    if (index % 2 === 1) blocks.push(part);
    else
      blocks.push(...part.split(/\n[ \t]*\n+|\n(?=\|)(?<!\|[ \t]*\n)|(?<=\|)[ \t]*\n(?!\|)/u).flatMap(splitListStart));
  }
  return blocks.map((block) => block.replace(/^\n+/u, "").trimEnd()).filter((block) => block.trim() !== "");
}

/** A list may follow its introduction on the next line. */
function splitListStart(block: string): readonly string[] {
  const lines = block.split("\n");
  const start = lines.findIndex((line) => LIST_START.test(line));
  if (start <= 0) return [block];
  return [lines.slice(0, start).join("\n"), lines.slice(start).join("\n")];
}

function headingOf(block: string): string | null {
  const hash = /^#{1,6}\s+(.+)$/u.exec(block);
  if (hash?.[1] !== undefined && !block.includes("\n")) return hash[1];
  const bold = /^\*\*([^*\n]+)\*\*$/u.exec(block);
  return bold?.[1] === undefined || /[.:!]$/u.test(bold[1]) ? null : bold[1];
}

/**
 * Words with emphasis and code, without targets and pictures. HTML was taken out when the document was read, so what looks
 * like a tag now, "<topic name>", is text, and is written as text: a bracket that would begin a tag is escaped.
 */
function quotable(markdown: string): string {
  return markdown
    .replaceAll(/!\[[^\]]*\]\([^)]*\)/gu, "")
    .replaceAll(/\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/gu, "$1")
    .replaceAll(/\[([^\]]*)\]\[[^\]]*\]/gu, "$1")
    .replaceAll(CODE_OR_TAG, (found) => (found === "<" ? "\\<" : found))
    .replaceAll(/(?<!`)\[(\d{1,3})\](?!`)/gu, "($1)")
    .replaceAll(/^>\s?/gmu, "")
    .replaceAll(/\s+/gu, " ")
    .trim();
}

const CODE_OR_TAG = /(?<mark>`+)[^`]+\k<mark>|(?<!\\)<(?=[/!?a-z])/giu;

function cellsOf(line: string): readonly string[] {
  return line
    .trim()
    .replace(/^\|/u, "")
    .replace(/\|$/u, "")
    .split(/(?<!\\)\|/u)
    .map((cell) => quotable(cell.replaceAll("\\|", "|")));
}

/** "**Express** – Delivery time: Next business day; Price: €14.90." Two columns need no second name. */
function rowSentence(header: readonly string[], row: readonly string[]): string | null {
  const [subject, ...values] = row;
  if (subject === undefined || subject === "" || isEmpty(subject)) return null;
  const name = subject.includes("*") ? subject : `**${subject}**`;
  const said = values
    .map((value, index) => ({ value, label: header[index + 1] ?? "" }))
    .filter(({ value }) => !isEmpty(value))
    .map(({ value, label }) => (label === "" || values.length === 1 ? value : `${label}: ${value}`));
  if (said.length === 0) return null;
  const sentence = `${name}${values.length === 1 ? ": " : " – "}${said.join("; ")}`;
  return /[.!?]$/u.test(sentence) ? sentence : `${sentence}.`;
}

function isEmpty(cell: string): boolean {
  return /^[\s–—-]*$/u.test(cell);
}
