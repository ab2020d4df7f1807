import { blocksToMarkdown } from "../parsing/blocks-to-markdown.js";
import type { ContentBlock, ParsedDocument } from "../parsing/parsed-document.js";
import { firstPage } from "./block-page.js";
import { DEFAULT_CHUNK_SIZES } from "./chunk-sizes.js";
import type { ChunkSizes } from "./chunk-sizes.js";
import { cutAroundSplits } from "./cut-by-content.js";
import { joinSections } from "./join-sections.js";
import type { SizedSection } from "./join-sections.js";
import { toSections } from "./sections.js";
import { fitsTokens } from "./token-count.js";
import { splitUnit, toUnits } from "./units.js";

/**
 * Part of every document's hash: goes up when the same document would be cut in another way. The next sync then cuts every
 * document anew and swaps it in by itself; until its turn it is found as it was cut before.
 */
const CHUNKER_VERSION = "2";

/** A way to cut documents. */
export interface Chunker {
  readonly version: string;
  cut(document: ParsedDocument): readonly Chunk[];
}

export interface Chunk {
  /** The headings above it, outermost first, without the document's title. */
  readonly headingPath: readonly string[];
  /** Clean Markdown without links, fit to be quoted. */
  readonly body: string;
  readonly variants: readonly string[];
  /** Where it begins in a file that has pages; else null. */
  readonly page: number | null;
}

/**
 * Cuts a document into what is retrieved and quoted. The same document always gives the same chunks, and a small change
 * of it only few others. A question with its answer is one chunk with its variants; everything else is cut at headings,
 * then between units.
 */
export function chunkDocument(document: ParsedDocument, sizes: ChunkSizes = DEFAULT_CHUNK_SIZES): readonly Chunk[] {
  if (document.isQuestionAndAnswer) return chunkAnswer(document, sizes);
  return joinSections(toSections(document.blocks), document.kind, sizes).flatMap((section) =>
    chunkSection(section, sizes),
  );
}

/** One chunk, unless the answer is longer than what is ever kept whole. */
function chunkAnswer(document: ParsedDocument, sizes: ChunkSizes): readonly Chunk[] {
  const body = blocksToMarkdown(document.blocks);
  const { variants } = document;
  if (fitsTokens(body, sizes.maxWhole)) return [toChunk([], document.blocks, body, variants)];
  return joinSections(toSections(document.blocks), "faq", sizes)
    .flatMap((section) => chunkSection(section, sizes))
    .map((chunk) => ({ ...chunk, variants }));
}

function chunkSection(section: SizedSection, sizes: ChunkSizes): readonly Chunk[] {
  if (section.size <= section.max) return [toChunk(section.path, section.blocks, section.text)];
  const units = toUnits(section.blocks).map((unit) => splitUnit(unit, sizes));
  const limits = { min: Math.floor(sizes.max / 4), max: sizes.max, hard: sizes.maxWhole };
  return cutAroundSplits(units, limits).map((part) =>
    toChunk(
      section.path,
      part.flatMap(({ blocks }) => blocks),
      part.map(({ text }) => text).join("\n\n"),
    ),
  );
}

function toChunk(
  headingPath: readonly string[],
  blocks: readonly ContentBlock[],
  body: string,
  variants: readonly string[] = [],
): Chunk {
  return { headingPath, body, variants, page: firstPage(blocks) };
}

export const CHUNKER: Chunker = { version: CHUNKER_VERSION, cut: (document) => chunkDocument(document) };
