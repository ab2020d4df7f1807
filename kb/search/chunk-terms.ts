import { groupTokens, type TermGroup } from "../../src/text/analyze.js";
import { detectLanguage } from "../../src/text/language.js";
import { tokenize } from "../../src/text/tokens.js";
import type { IndexableChunk } from "./chunk-indexer-port.js";

const FIELDS = ["title", "heading", "question", "body"] as const;

export type Field = (typeof FIELDS)[number];

/** How often each field holds a term, or how many terms it holds. */
export type FieldCounts = Readonly<Record<Field, number>>;

/** What a chunk is found by. */
export interface ChunkTerms {
  readonly lengths: FieldCounts;
  readonly postings: ReadonlyMap<string, FieldCounts>;
}

/** The column is a smallint, and a term that often says no more than one less often. */
const MAX_COUNT = 30_000;

/** Analyses a chunk in its own language. A variant that also stands in the body is counted there only. */
export function termsOfChunk(chunk: Omit<IndexableChunk, "chunkId" | "documentId">): ChunkTerms {
  const variants = chunk.variants.filter((variant) => !chunk.body.includes(variant));
  const tokens = {
    title: tokenize(chunk.title),
    heading: tokenize(chunk.headingPath.filter((heading) => heading !== chunk.title).join("\n")),
    question: tokenize(variants.join("\n")),
    body: tokenize(chunk.body),
  };
  const words = FIELDS.flatMap((field) => tokens[field].map((token) => token.word));
  const language = detectLanguage(words) ?? "english";
  const groups = {
    title: groupTokens(tokens.title, language),
    heading: groupTokens(tokens.heading, language),
    question: groupTokens(tokens.question, language),
    body: groupTokens(tokens.body, language),
  };
  return {
    lengths: {
      title: groups.title.length,
      heading: groups.heading.length,
      question: groups.question.length,
      body: groups.body.length,
    },
    postings: countTerms(groups),
  };
}

function countTerms(groups: Readonly<Record<Field, readonly TermGroup[]>>): ChunkTerms["postings"] {
  const counts = new Map<string, Record<Field, number>>();
  const count = (term: string, field: Field): void => {
    let known = counts.get(term);
    if (known === undefined) {
      known = { title: 0, heading: 0, question: 0, body: 0 };
      counts.set(term, known);
    }
    if (known[field] < MAX_COUNT) known[field] += 1;
  };
  for (const field of FIELDS) {
    for (const group of groups[field]) {
      count(group.term, field);
      for (const other of group.others) count(other, field);
    }
  }
  return counts;
}
