import type { KnowledgeSearch, Passage, SearchQuery, SearchResult } from "../../src/ports/knowledge.js";
import { contentStems } from "../../src/answering/text/words.js";

const K1 = 1.2;
const B = 0.75;
const TITLE_WEIGHT = 2;

/** BM25 over passages in memory, titles counting double: a small search that really searches. */
export class MemorySearch implements KnowledgeSearch {
  readonly queries: SearchQuery[] = [];
  readonly #indexed: readonly { passage: Passage; counts: ReadonlyMap<string, number>; length: number }[];
  readonly #documentCount = new Map<string, number>();
  readonly #meanLength: number;

  constructor(passages: readonly Passage[]) {
    this.#indexed = passages.map((passage) => {
      const heading = contentStems([passage.title, ...passage.headingPath].join(" "), "english");
      const counts = new Map<string, number>();
      for (const stem of contentStems(passage.text, "english")) counts.set(stem, (counts.get(stem) ?? 0) + 1);
      for (const stem of heading) counts.set(stem, (counts.get(stem) ?? 0) + TITLE_WEIGHT);
      for (const stem of counts.keys()) this.#documentCount.set(stem, (this.#documentCount.get(stem) ?? 0) + 1);
      return { passage, counts, length: passage.text.length };
    });
    this.#meanLength = this.#indexed.reduce((sum, one) => sum + one.length, 0) / Math.max(1, this.#indexed.length);
  }

  search(query: SearchQuery): Promise<SearchResult> {
    this.queries.push(query);
    const terms = [...new Set(contentStems(query.text, "english"))].map((term) => ({
      term,
      idf: this.#idf(term),
      known: this.#documentCount.has(term),
    }));
    const scored = this.#indexed.map((one) => ({ one, lexical: this.#score(one, terms) }));
    const found = scored.filter(({ lexical }) => lexical > 0).sort((left, right) => right.lexical - left.lexical);
    const best = found[0]?.lexical ?? 1;
    const mass = terms.reduce((sum, { idf }) => sum + idf, 0);
    const passages = found.slice(0, query.limit).map(({ one, lexical }): Passage => {
      const covered = terms.reduce((sum, { term, idf }) => sum + (one.counts.has(term) ? idf : 0), 0);
      const coverage = mass === 0 ? 0 : covered / mass;
      return { ...one.passage, scores: { lexical, vector: null, coverage, fused: lexical / best } };
    });
    const timings = { embedMs: 0, lexicalMs: 0, vectorMs: 0 };
    const analysis = { terms, corpusChunks: this.#indexed.length };
    return Promise.resolve({ passages, analysis, degraded: [], embeddings: 1, timings });
  }

  #idf(term: string): number {
    const count = this.#documentCount.get(term) ?? 0;
    return count === 0 ? 0 : Math.log(1 + (this.#indexed.length - count + 0.5) / (count + 0.5));
  }

  #score(
    { counts, length }: { counts: ReadonlyMap<string, number>; length: number },
    terms: SearchResult["analysis"]["terms"],
  ): number {
    return terms.reduce((sum, { term, idf }) => {
      const count = counts.get(term) ?? 0;
      return sum + (idf * count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / this.#meanLength));
    }, 0);
  }
}
