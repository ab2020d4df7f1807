import { blockToMarkdown, blocksToMarkdown } from "../parsing/blocks-to-markdown.js";
import type { ContentBlock, ListBlock } from "../parsing/parsed-document.js";
import { cutAroundSplits, cutByContent, evenLimits } from "./cut-by-content.js";
import type { Cuttable } from "./cut-by-content.js";
import { splitTable } from "./split-table.js";
import { splitLine, splitText } from "./split-text.js";
import { countTokens, fitsTokens } from "./token-count.js";

type CodeBlock = Extract<ContentBlock, { kind: "code" }>;
type QuoteBlock = Extract<ContentBlock, { kind: "quote" }>;

/**
 * Splits a block into parts that fit, as little as possible; each part is of the same kind and can be read alone. What
 * is nested so deep that its marks leave no room for its words is split as the text that it is.
 */
export function splitBlock(block: ContentBlock, max: number): readonly ContentBlock[] {
  if (fitsTokens(blockToMarkdown(block), max)) return [block];
  return splitInShape(block, max).flatMap((part): readonly ContentBlock[] => {
    const text = blockToMarkdown(part);
    if (fitsTokens(text, max)) return [part];
    return splitText(text, max).map((piece) => ({ ...placeOf(part), kind: "paragraph", text: piece }));
  });
}

/** Where the block stands, as far as the parser says. */
function placeOf(block: ContentBlock): object {
  return "page" in block ? { page: block.page } : {};
}

function splitInShape(block: ContentBlock, max: number): readonly ContentBlock[] {
  switch (block.kind) {
    case "list":
      return splitList(block, max);
    case "table":
      return splitTable(block, max);
    case "code":
      return splitCode(block, max);
    case "quote":
      return splitQuote(block, max);
    case "paragraph":
    case "heading":
      return splitText(block.text, max).map((text) => ({ ...block, text }));
  }
}

interface SizedBlock extends Cuttable {
  readonly block: ContentBlock;
}

/** The separator to the next block is at most one token. */
function sized(block: ContentBlock): SizedBlock {
  const text = blockToMarkdown(block);
  return { block, text, size: countTokens(text) + 1 };
}

function splitBlocks(blocks: readonly ContentBlock[], max: number): readonly (readonly ContentBlock[])[] {
  const split = blocks.map((block) => splitBlock(block, max - 1).map(sized));
  return cutAroundSplits(split, evenLimits(max)).map((part) => part.map(({ block }) => block));
}

/** What is left for the content of something whose marks make it grow. */
function roomInside(inside: readonly ContentBlock[], outside: string, max: number): number {
  const growth = countTokens(outside) / Math.max(1, countTokens(blocksToMarkdown(inside)));
  return Math.max(8, Math.floor((max - 8) / Math.max(1, growth)));
}

interface Step extends Cuttable {
  readonly blocks: readonly ContentBlock[];
  readonly index: number;
}

/** Between entries; steps count on. An entry that is too large alone is split inside. */
function splitList(list: ListBlock, max: number): readonly ContentBlock[] {
  const split = list.items.map((item, index) => {
    const toStep = (blocks: readonly ContentBlock[]): Step => {
      const text = blockToMarkdown({ ...list, start: list.start + index, items: [blocks] });
      return { blocks, index, text: blocksToMarkdown(blocks), size: countTokens(text) + 1 };
    };
    const whole = toStep(item);
    if (whole.size <= max) return [whole];
    return splitBlocks(item, roomInside(item, blockToMarkdown({ ...list, items: [item] }), max)).map(toStep);
  });
  return cutAroundSplits(split, evenLimits(max)).map((steps) => ({
    ...list,
    start: list.start + (steps[0]?.index ?? 0),
    items: steps.map(({ blocks }) => blocks),
  }));
}

function splitQuote(quote: QuoteBlock, max: number): readonly ContentBlock[] {
  const room = roomInside(quote.blocks, blockToMarkdown(quote), max);
  return splitBlocks(quote.blocks, room).map((blocks) => ({ ...quote, blocks }));
}

/** At empty lines; a stretch without any that is too long is split between lines, and a line between words. */
function splitCode(code: CodeBlock, max: number): readonly ContentBlock[] {
  const room = max - countTokens(blockToMarkdown({ ...code, text: "" })) - 2;
  const toCuttable = (text: string): Cuttable => ({ text, size: countTokens(text) + 1 });
  const fits = (text: string): boolean => countTokens(text) < room;
  const stretches = code.text.split(/(?<=\n[ \t]*\n)(?=[ \t]*\S)/u).map((stretch) => {
    if (fits(stretch)) return [toCuttable(stretch)];
    const lines = stretch.split(/(?<=\n)/u).flatMap((line) => (fits(line) ? [line] : splitLine(line, room - 1)));
    return cutByContent(lines.map(toCuttable), evenLimits(room)).map((part) =>
      toCuttable(part.map(({ text }) => text).join("")),
    );
  });
  return cutAroundSplits(stretches, evenLimits(room))
    .map((part) => part.map(({ text }) => text).join(""))
    .filter((text) => text.trim() !== "")
    .map((text) => ({ ...code, text: text.trimEnd() }));
}
