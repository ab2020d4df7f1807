import { blocksToMarkdown } from "../parsing/blocks-to-markdown.js";
import type { ContentBlock, ParsedDocument } from "../parsing/parsed-document.js";
import { toSections } from "./sections.js";
import type { Section } from "./sections.js";
import { pack, splitUnit, toUnits, unitOf } from "./units.js";
import { countWords } from "./word-count.js";

/** Part of every document's hash and of the index key: goes up when the same document would be cut in another way. */
export const CHUNKER_VERSION = "1";

export interface Chunk {
  /** The headings above it, outermost first, without the document's title. */
  readonly headingPath: readonly string[];
  /** Clean Markdown without links, fit to be quoted. */
  readonly body: string;
  readonly variants: readonly string[];
}

/** Sizes in words. */
export interface ChunkSizes {
  readonly target: number;
  readonly max: number;
  /** Steps, tables and code may grow up to here before they are split. */
  readonly maxWhole: number;
  /** Sections below this are put together with their neighbours. */
  readonly tiny: number;
}

const DEFAULT_CHUNK_SIZES: ChunkSizes = { target: 220, max: 400, maxWhole: 600, tiny: 40 };

/**
 * Cuts a document into what is retrieved and quoted. The same document always gives the same chunks. A question with its
 * answer is one chunk with its variants; everything else is cut at headings, then between units.
 */
export function chunkDocument(document: ParsedDocument, sizes: ChunkSizes = DEFAULT_CHUNK_SIZES): readonly Chunk[] {
  if (document.isQuestionAndAnswer) return chunkAnswer(document, sizes);
  const sections = toSections(document.blocks);
  const merged = document.kind === "faq" ? sections : mergeTiny(sections, sizes);
  return merged.flatMap((section) => chunkSection(section, sizes));
}

/** One chunk, unless the answer is longer than what is ever kept whole. */
function chunkAnswer(document: ParsedDocument, sizes: ChunkSizes): readonly Chunk[] {
  const body = blocksToMarkdown(document.blocks);
  const { variants } = document;
  if (countWords(body) <= sizes.maxWhole) return [{ headingPath: [], body, variants }];
  return toSections(document.blocks)
    .flatMap((section) => chunkSection(section, sizes))
    .map((chunk) => ({ ...chunk, variants }));
}

function chunkSection(section: Section, sizes: ChunkSizes): readonly Chunk[] {
  const units = toUnits(section.blocks).flatMap((unit) =>
    splitUnit(unit, unit.blocks.some(isKeptWhole) ? sizes.maxWhole : sizes.max),
  );
  const words = units.reduce((sum, unit) => sum + unit.words, 0);
  // A section that fits is one chunk; a longer one is cut into parts of about the target, and as even as units allow.
  const parts = words <= sizes.max ? [units] : pack(units, (unit) => unit.words, partSize(words, sizes));
  return parts.map((part) => ({
    headingPath: section.path,
    body: part.map((unit) => unit.text).join("\n\n"),
    variants: [],
  }));
}

function partSize(words: number, sizes: ChunkSizes): number {
  const count = Math.ceil(words / sizes.target);
  return Math.min(sizes.max, Math.ceil((words / count) * 1.2));
}

function isKeptWhole(block: ContentBlock): boolean {
  return block.kind === "table" || block.kind === "code" || (block.kind === "list" && block.ordered);
}

/**
 * Puts tiny sections together with the next one under the same parent, as long as the target allows; the heading of each
 * then stands in the text. A tiny introduction goes into the first section below it.
 */
function mergeTiny(sections: readonly Section[], sizes: ChunkSizes): readonly Section[] {
  const merged: SizedSection[] = [];
  for (const section of sections) {
    const next: SizedSection = { ...section, lead: [], words: unitOf(section.blocks).words, isJoined: false };
    const last = merged.at(-1);
    const joined = last === undefined ? null : join(last, next, sizes);
    if (joined === null) merged.push(next);
    else merged.splice(-1, 1, joined);
  }
  return merged.map(({ path, lead, blocks }) => ({ path, blocks: [...lead, ...blocks] }));
}

interface SizedSection extends Section {
  /** A tiny introduction from above its heading. */
  readonly lead: readonly ContentBlock[];
  readonly words: number;
  /** True when it is made of several and their headings stand in its text. */
  readonly isJoined: boolean;
}

/** Null when neither is tiny, when they are too long together, or when no parent tells what the two are about. */
function join(left: SizedSection, right: SizedSection, sizes: ChunkSizes): SizedSection | null {
  const words = left.words + right.words;
  if (Math.min(left.words, right.words) >= sizes.tiny || words > sizes.target || right.path.length === 0) return null;
  const parent = right.path.slice(0, -1);
  if (samePath(left.path, parent) && !left.isJoined && left.words < sizes.tiny) {
    return { ...right, lead: [...left.lead, ...left.blocks], words };
  }
  const isChild = samePath(left.path, parent);
  const isSibling = left.path.length > 0 && samePath(left.path.slice(0, -1), parent);
  if (!isChild && !isSibling) return null;
  const above = isChild ? [...left.lead, ...left.blocks] : withHeading(left);
  return { path: parent, lead: [], blocks: [...above, ...withHeading(right)], words, isJoined: true };
}

function samePath(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((heading, index) => heading === right[index]);
}

function withHeading(section: SizedSection): readonly ContentBlock[] {
  const heading = section.path.at(-1);
  const marked: readonly ContentBlock[] = heading === undefined ? [] : [{ kind: "paragraph", text: `**${heading}**` }];
  return [...section.lead, ...marked, ...section.blocks];
}
