import { blockToMarkdown, blocksToMarkdown } from "../parsing/blocks-to-markdown.js";
import type { ContentBlock } from "../parsing/parsed-document.js";
import type { ChunkSizes } from "./chunk-sizes.js";
import { cutAroundSplits, evenLimits } from "./cut-by-content.js";
import type { Cuttable } from "./cut-by-content.js";
import { splitBlock } from "./split-block.js";
import { countTokens } from "./token-count.js";

/** What is not torn apart as long as it can be helped: a paragraph, a table, or a procedure with all that belongs to it. */
export interface Unit extends Cuttable {
  readonly blocks: readonly ContentBlock[];
}

/** The separator to the next unit is at most one token. */
function unitOf(blocks: readonly ContentBlock[]): Unit {
  const text = blocksToMarkdown(blocks);
  return { blocks, text, size: countTokens(text) + 1 };
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
export function splitUnit(unit: Unit, sizes: ChunkSizes): readonly Unit[] {
  if (unit.size <= (unit.blocks.some(isKeptWhole) ? sizes.maxWhole : sizes.max)) return [unit];
  const [first, ...rest] = unit.blocks;
  if (first === undefined) return [];
  return rest.length === 0 ? splitBlock(first, sizes.max - 1).map((part) => unitOf([part])) : splitGroup(unit, sizes);
}

function isKeptWhole(block: ContentBlock): boolean {
  return block.kind === "table" || block.kind === "code" || isSteps(block);
}

/** What introduces a part and what warns of its steps may take this share of it. */
const REPEATED_SHARE = 1 / 3;

interface SizedBlock extends Cuttable {
  readonly block: ContentBlock;
  /** The block that it is a part of. */
  readonly whole: ContentBlock;
}

/** A short sentence that introduces the steps, and short warnings next to them, are repeated with each part of them. */
function splitGroup(unit: Unit, sizes: ChunkSizes): readonly Unit[] {
  const repeated = new Repeated(unit.blocks, (sizes.max - 1) * REPEATED_SHARE);
  const room = sizes.max - 1 - repeated.size;
  const split = unit.blocks.map((whole) =>
    splitBlock(whole, room - 1).map((block): SizedBlock => {
      const text = blockToMarkdown(block);
      return { block, whole, text, size: countTokens(text) + 1 };
    }),
  );
  const parts = cutAroundSplits(split, evenLimits(room)).map((part) => repeated.around(part));
  return parts.filter((part) => part.some((block) => !repeated.has(block))).map(unitOf);
}

/** What of a group is said again with each part of its steps. */
class Repeated {
  /** The most that is added to a part. */
  readonly size: number;
  readonly #leadIn: ContentBlock | null;
  readonly #warnings = new Map<ContentBlock, { before: readonly ContentBlock[]; after: readonly ContentBlock[] }>();

  constructor(blocks: readonly ContentBlock[], max: number) {
    const [first] = blocks;
    const leadInSize = first?.kind === "paragraph" ? sizeOf([first]) : 0;
    this.#leadIn = first?.kind === "paragraph" && leadInSize <= max ? first : null;
    const room = this.#leadIn === null ? max : max - leadInSize;
    let largest = 0;
    blocks.forEach((block, index) => {
      if (!isSteps(block)) return;
      const warnings = { before: calloutsBefore(blocks, index), after: calloutsAfter(blocks, index) };
      const size = sizeOf([...warnings.before, ...warnings.after]);
      if (size > room) return;
      this.#warnings.set(block, warnings);
      largest = Math.max(largest, size);
    });
    this.size = Math.ceil(max - room + largest);
  }

  has(block: ContentBlock): boolean {
    if (block === this.#leadIn) return true;
    return [...this.#warnings.values()].some(({ before, after }) => before.includes(block) || after.includes(block));
  }

  around(part: readonly SizedBlock[]): readonly ContentBlock[] {
    const blocks = new Set(this.#leadIn === null ? [] : [this.#leadIn]);
    for (const { block, whole } of part) {
      const warnings = this.#warnings.get(whole);
      for (const warning of warnings?.before ?? []) blocks.add(warning);
      blocks.add(block);
      for (const warning of warnings?.after ?? []) blocks.add(warning);
    }
    return [...blocks];
  }
}

function sizeOf(blocks: readonly ContentBlock[]): number {
  return blocks.reduce((sum, block) => sum + countTokens(blockToMarkdown(block)) + 1, 0);
}

function calloutsBefore(blocks: readonly ContentBlock[], index: number): readonly ContentBlock[] {
  const above = blocks.slice(0, index);
  return above.slice(above.findLastIndex((block) => !isCallout(block)) + 1);
}

function calloutsAfter(blocks: readonly ContentBlock[], index: number): readonly ContentBlock[] {
  const below = blocks.slice(index + 1);
  const end = below.findIndex((block) => !isCallout(block));
  return end === -1 ? below : below.slice(0, end);
}
