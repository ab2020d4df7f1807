import { isStyled, type Block, type Citation, type Inline } from "../ports/reply.js";
import type { Passage } from "../ports/knowledge.js";
import type { PackedPassage } from "./stages/pack.js";

/** Gives cited passages their numbers, 1, 2, 3 … in order of first use. */
export interface CitationBook {
  /** The number a passage is shown under; a new one when it has not been cited before. */
  numberFor(packedNumber: number): number;
  /** What the numbers point at. Every fact in it comes from the passage, none from a model. */
  citations(): readonly Citation[];
}

export function createCitationBook(passages: readonly PackedPassage[]): CitationBook {
  const used: PackedPassage[] = [];
  return {
    numberFor(packedNumber) {
      const at = used.findIndex((passage) => passage.number === packedNumber);
      if (at !== -1) return at + 1;
      const passage = passages.find((candidate) => candidate.number === packedNumber);
      if (passage === undefined) throw new Error(`unreachable: passage ${packedNumber} was not packed`);
      return used.push(passage);
    },
    citations: () => used.map(({ passage }, index) => citationOf(index + 1, passage)),
  };
}

const MAX_TRIED = 3;

/** The best passage of each of the first documents found: where an answer was looked for. */
export function triedDocuments(found: readonly Passage[]): readonly Citation[] {
  const firsts = found.filter(
    (passage, index) => found.findIndex((other) => other.documentId === passage.documentId) === index,
  );
  return firsts.slice(0, MAX_TRIED).map((passage, index) => citationOf(index + 1, passage));
}

/** Every fact in it comes from the passage. */
export function citationOf(number: number, passage: Passage): Citation {
  const { documentId, versionId, title, headingPath, page, url, updatedAt } = passage;
  const isWebAddress = url !== null && /^https?:\/\//iu.test(url);
  return {
    number,
    passageId: passage.chunkId,
    documentId,
    versionId,
    title,
    headingPath,
    ...(page === undefined ? {} : { page }),
    url: isWebAddress ? url : null,
    updatedAt,
  };
}

/** Puts a mark behind the last words of some blocks. */
export function appendCitation(blocks: readonly Block[], number: number): readonly Block[] {
  const mark: Inline = { kind: "citation", number };
  const last = blocks.at(-1);
  if (last?.kind === "paragraph") {
    return [...blocks.slice(0, -1), { ...last, children: [...last.children, { kind: "text", text: " " }, mark] }];
  }
  if (last?.kind === "list") {
    const items = [...last.items.slice(0, -1), appendCitation(last.items.at(-1) ?? [], number)];
    return [...blocks.slice(0, -1), { ...last, items }];
  }
  return [...blocks, { kind: "paragraph", children: [mark] }];
}

/** The numbers cited in some blocks, in order of appearance. */
export function citedNumbers(blocks: readonly Block[]): readonly number[] {
  const numbers: number[] = [];
  rewriteInlines(blocks, (inline) => {
    if (inline.kind === "citation") numbers.push(inline.number);
    return [inline];
  });
  return [...new Set(numbers)];
}

/** Rewrites every inline node, innermost first; what comes back may be none, one or several nodes. */
export function rewriteInlines(
  blocks: readonly Block[],
  rewrite: (inline: Inline) => readonly Inline[],
): readonly Block[] {
  const inlines = (nodes: readonly Inline[]): readonly Inline[] =>
    nodes.flatMap((node) => rewrite(isStyled(node) ? { ...node, children: inlines(node.children) } : node));
  return blocks.map((block): Block => {
    switch (block.kind) {
      case "paragraph":
      case "heading":
        return { ...block, children: inlines(block.children) };
      case "list":
        return { ...block, items: block.items.map((item) => rewriteInlines(item, rewrite)) };
      case "quote":
        return { ...block, blocks: rewriteInlines(block.blocks, rewrite) };
      case "table":
        return { ...block, header: block.header.map(inlines), rows: block.rows.map((row) => row.map(inlines)) };
      case "code":
      case "file":
        return block;
    }
  });
}
