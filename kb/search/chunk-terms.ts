import { analyze, languageOf, type TermGroup } from "../../src/text/analyze.js";
import type { IndexableChunk } from "./chunk-indexer-port.js";

/** How often each field holds a term, or how many terms it holds. */
export interface FieldCounts {
  readonly title: number;
  readonly heading: number;
  readonly question: number;
  readonly body: number;
}

/** What a chunk is found by. */
export interface ChunkTerms {
  readonly lengths: FieldCounts;
  /** Sorted, so that concurrent writers take their locks in one order. */
  readonly postings: readonly (readonly [term: string, counts: FieldCounts])[];
}

const FIELDS = ["title", "heading", "question", "body"] as const;
const NOTHING: FieldCounts = { title: 0, heading: 0, question: 0, body: 0 };

/** The column is a smallint, and a term that often says no more than one less often. */
const MAX_COUNT = 30_000;

/** Analyses a chunk in its own language. A variant that also stands in the body is counted there only. */
export function termsOfChunk(chunk: IndexableChunk): ChunkTerms {
  const variants = chunk.variants.filter((variant) => !chunk.body.includes(variant));
  const texts = {
    title: chunk.title,
    heading: chunk.headingPath.filter((heading) => heading !== chunk.title).join("\n"),
    question: variants.join("\n"),
    body: chunk.body,
  };
  const language = languageOf(Object.values(texts).join("\n"));
  const groups = {
    title: analyze(texts.title, language),
    heading: analyze(texts.heading, language),
    question: analyze(texts.question, language),
    body: analyze(texts.body, language),
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

function countTerms(groups: Readonly<Record<keyof FieldCounts, readonly TermGroup[]>>): ChunkTerms["postings"] {
  const counts = new Map<string, FieldCounts>();
  for (const field of FIELDS) {
    for (const term of groups[field].flatMap((group) => [group.term, ...group.others])) {
      const known = counts.get(term) ?? NOTHING;
      counts.set(term, { ...known, [field]: Math.min(known[field] + 1, MAX_COUNT) });
    }
  }
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
}
