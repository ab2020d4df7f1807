import { blockToMarkdown, blocksToMarkdown } from "../parsing/blocks-to-markdown.js";
import type { ContentBlock, ListBlock, TableBlock } from "../parsing/parsed-document.js";
import { countWords } from "./word-count.js";

/** What is not torn apart as long as it can be helped: a paragraph, a table, or a procedure with all that belongs to it. */
export interface Unit {
  readonly blocks: readonly ContentBlock[];
  readonly text: string;
  readonly words: number;
}

export function unitOf(blocks: readonly ContentBlock[]): Unit {
  const text = blocksToMarkdown(blocks);
  return { blocks, text, words: countWords(text) };
}

const CALLOUT =
  /^\*{0,2}(?:warning|caution|danger|important|attention|note|notice|tip|hint|achtung|hinweis|wichtig)\b/iu;

/** Groups blocks into units: a list with the paragraph that introduces it and with the warnings around it. */
export function toUnits(blocks: readonly ContentBlock[]): readonly Unit[] {
  const groups: ContentBlock[][] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    if (last !== undefined && belongsTo(last, block)) last.push(block);
    else groups.push([block]);
  }
  return groups.map(unitOf);
}

function belongsTo(group: readonly ContentBlock[], block: ContentBlock): boolean {
  const last = group.at(-1);
  if (last === undefined) return false;
  if (isSteps(block)) return isLeadIn(last) || isSteps(last);
  if (block.kind === "list" || block.kind === "table" || block.kind === "code") return endsWithColon(last);
  // What warns of a step, or shows what it does, stands right behind the steps.
  return isCallout(block) && (isSteps(last) || (isCallout(last) && group.some(isSteps)) || endsWithColon(last));
}

function isSteps(block: ContentBlock): boolean {
  return block.kind === "list" && block.ordered;
}

function isLeadIn(block: ContentBlock): boolean {
  return block.kind === "paragraph" || isCallout(block);
}

function isCallout(block: ContentBlock): boolean {
  return (block.kind === "quote" && block.label !== null) || (block.kind === "paragraph" && CALLOUT.test(block.text));
}

function endsWithColon(block: ContentBlock): boolean {
  return block.kind === "paragraph" && /[:：]\**$/u.test(block.text.trimEnd());
}

/** Splits a unit that is too large for one chunk, as little as possible. Every part can be read alone. */
export function splitUnit(unit: Unit, maxWords: number): readonly Unit[] {
  if (unit.words <= maxWords) return [unit];
  if (unit.blocks.length > 1) return splitGroup(unit.blocks, maxWords);
  const [block] = unit.blocks;
  return block === undefined ? [] : splitBlock(block, maxWords).map((part) => unitOf([part]));
}

/** The sentence that introduces a list or a table is repeated before each of its parts when it is short. */
function splitGroup(blocks: readonly ContentBlock[], maxWords: number): readonly Unit[] {
  const [first, ...rest] = blocks;
  if (first === undefined) return [];
  const leadIn = first.kind === "paragraph" && countWords(first.text) <= maxWords / 5 ? [first] : [];
  const parts = (leadIn.length > 0 ? rest : blocks).flatMap((block) =>
    splitBlock(block, maxWords - countWords(blocksToMarkdown(leadIn))),
  );
  return packBlocks(parts, maxWords - countWords(blocksToMarkdown(leadIn))).map((part) => unitOf([...leadIn, ...part]));
}

function packBlocks(blocks: readonly ContentBlock[], maxWords: number): ContentBlock[][] {
  return pack(blocks, (block) => countWords(blockToMarkdown(block)), maxWords);
}

/** Fills groups in order up to a size; one entry that is larger alone is a group of its own. */
export function pack<Entry>(entries: readonly Entry[], sizeOf: (entry: Entry) => number, max: number): Entry[][] {
  const groups: { entries: Entry[]; size: number }[] = [];
  for (const entry of entries) {
    const size = sizeOf(entry);
    const last = groups.at(-1);
    if (last !== undefined && last.size + size <= max) {
      last.entries.push(entry);
      last.size += size;
    } else groups.push({ entries: [entry], size });
  }
  return groups.map((group) => group.entries);
}

function splitBlock(block: ContentBlock, maxWords: number): readonly ContentBlock[] {
  if (countWords(blockToMarkdown(block)) <= maxWords) return [block];
  switch (block.kind) {
    case "list":
      return splitList(block, maxWords);
    case "table":
      return splitTable(block, maxWords);
    case "code":
      return pack(block.text.split("\n"), lineSize, maxWords).map((lines) => ({ ...block, text: lines.join("\n") }));
    case "quote":
      return packBlocks(
        block.blocks.flatMap((inner) => splitBlock(inner, maxWords)),
        maxWords,
      ).map((blocks) => ({
        ...block,
        blocks,
      }));
    case "paragraph":
      return splitText(block.text, maxWords).map((text) => ({ kind: "paragraph", text }));
    case "heading":
      return [block];
  }
}

/** A line without words still takes room. */
function lineSize(line: string): number {
  return Math.max(1, countWords(line));
}

/** Between entries; steps count on. An entry that is too large alone is split inside. */
function splitList(list: ListBlock, maxWords: number): readonly ContentBlock[] {
  const entries = list.items.flatMap((item, index) =>
    packBlocks(
      item.flatMap((block) => splitBlock(block, maxWords)),
      maxWords,
    ).map((blocks) => ({ blocks, index })),
  );
  const size = (entry: { blocks: ContentBlock[] }): number => countWords(blocksToMarkdown(entry.blocks));
  return pack(entries, size, maxWords).map((part) => ({
    ...list,
    start: list.start + (part[0]?.index ?? 0),
    items: part.map((entry) => entry.blocks),
  }));
}

function splitTable(table: TableBlock, maxWords: number): readonly ContentBlock[] {
  const headerWords = countWords(table.header.join(" "));
  const size = (row: readonly string[]): number => Math.max(1, countWords(row.join(" ")));
  return pack(table.rows, size, Math.max(1, maxWords - headerWords)).map((rows) => ({ ...table, rows }));
}

/** At the ends of sentences, and inside of one only when it alone is too long. */
function splitText(text: string, maxWords: number): readonly string[] {
  const sentences = Array.from(
    new Intl.Segmenter(undefined, { granularity: "sentence" }).segment(text),
    ({ segment }) => segment,
  );
  const pieces = sentences.flatMap((sentence) =>
    countWords(sentence) <= maxWords ? [sentence] : splitWords(sentence, maxWords),
  );
  return pack(pieces, countWords, maxWords)
    .map((part) => part.join("").trim())
    .filter((part) => part !== "");
}

function splitWords(sentence: string, maxWords: number): readonly string[] {
  const words = sentence
    .split(/(?<=\s)/u)
    .flatMap((word) => (word.length <= 2_000 ? [word] : (word.match(/.{1,2000}/gsu) ?? [])));
  return pack(words, (word) => Math.max(1, countWords(word)), maxWords).map((part) => part.join(""));
}
