import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import { MOST, scoreChunks, type FieldCounts, type HeldChunk, type ScoredChunk, type WordImportance } from "./bm25f.js";
import type { CorpusStatistics } from "./corpus-statistics.js";
import { IN_FORCE } from "./in-force.js";
import { matchedByPhrase, phraseRules, type PhraseRule } from "./phrases.js";
import { BM25F, CHUNK_SHARE, FEW_HITS, ROUGH } from "./ranking.js";
import type { ResolvedWord } from "./resolved-word.js";
import type { Vocabulary } from "./vocabulary.js";
import { idfOf } from "./word-importance.js";

interface LexicalRow {
  chunk_id: string;
  document_id: string;
  lengths: string;
  held: string;
}

/** A chunk that holds words of the question. */
export interface LexicalHit {
  readonly chunkId: string;
  readonly documentId: string;
  /** BM25F of the chunk. */
  readonly chunkScore: number;
  /** Chunk and document together, as a share of what a perfect match of the known words would score: 0 to 1. */
  readonly share: number;
  /** Positions of the question's words that the chunk holds, its title and headings included. */
  readonly matched: readonly number[];
}

export interface LexicalResult {
  readonly hits: readonly LexicalHit[];
  /** Inverse document frequency of each word of the question, among all chunks of the tenant; 0 when in none. */
  readonly idf: readonly number[];
}

const ROUGH_WEIGHT = (["title", "heading", "question", "body"] as const)
  .map((field) => `${BM25F[field].weight} * ${field}`)
  .join(" + ");

// Postings are read in loops over an index, by `lateral` and `offset 0`; all the rest is joined by hashing, because nested
// loops are off. So the plan is the same with and without statistics. Audience and tenant are checked before the limit,
// which so counts only what may be shown. What the lists hold of a chunk comes as one text, in the order of the terms:
// adding it up takes a tenth of the time here that it takes there.
const SEARCH_LEXICAL = `
  with wanted as (
    select * from unnest($3::text[], $4::float8[]) with ordinality as wanted (term, rough_weight, place)
  ), listed as materialized (
    select wanted.place, wanted.rough_weight, posting.*
      from wanted
      cross join lateral (
        select chunk_id, document_id, title, heading, question, body
          from search_posting where tenant_id = $1 and term = wanted.term
        offset 0
      ) as posting
     where wanted.rough_weight > 0
  ), rough as materialized (
    select chunk_id, document_id, sum(rough_weight * weight / (${BM25F.saturation} + weight)) as score
      from (select *, (${ROUGH_WEIGHT})::float8 as weight from listed) as listed
     group by chunk_id, document_id
  ), candidate as materialized (
    select distinct readable.document_id
      from (
        select rough.document_id
          from (select chunk_id, document_id from rough order by score desc, chunk_id offset 0) as rough
          cross join lateral (
            select from search_chunk as indexed
             where indexed.chunk_id = rough.chunk_id and indexed.tenant_id = $1 and indexed.acl && $2::text[] and ${IN_FORCE}
            offset 0
          ) as readable
         limit ${ROUGH.chunks}
      ) as readable
  ), hit as materialized (
    select chunk_id, string_agg(concat_ws(',', place - 1, title, heading, question, body), ',' order by place) as held
      from (
        select place, chunk_id, title, heading, question, body from listed join candidate using (document_id)
        union all
        select wanted.place, posting.*
          from wanted
          cross join lateral (
            select chunk_id, title, heading, question, body from search_posting
             where tenant_id = $1 and term = wanted.term and document_id = any(array(select document_id from candidate))
            offset 0
          ) as posting
         where wanted.rough_weight = 0
      ) as posting
     group by chunk_id
  )
  select chunk_id::text as chunk_id, document_id::text as document_id, held,
         concat_ws(',', title_length, heading_length, question_length, body_length, document_heading_length,
                   document_body_length) as lengths
    from hit
    join (
      select * from search_chunk
       where tenant_id = $1 and document_id = any(array(select document_id from candidate)) and acl && $2::text[] and ${IN_FORCE}
    ) as indexed using (chunk_id)`;

interface WeighedWord {
  readonly word: ResolvedWord;
  readonly index: number;
  /** How many postings its terms have. */
  readonly postings: number;
  /** Idf times weight, the most that the word can score. */
  readonly chunkImportance: number;
  readonly documentImportance: number;
}

interface WantedTerm {
  readonly each: WeighedWord;
  readonly term: string;
  readonly weight: number;
}

/**
 * The best chunks that hold words of the question and that the audience may read, best first, by BM25F of chunk and
 * document. Long posting lists are not read: as in MaxScore (Turtle and Flood 1995) and WAND (Broder et al. 2003), the
 * rare words, which decide, propose documents by a rough score, and only those are looked up in the lists of the frequent
 * ones. Unlike there the bound is a number of postings and not a proof, so that a chunk without any of the rare words may
 * be missed. How rare a word is comes from the tenant's counters and not from what this audience may read.
 */
export async function searchLexical(
  transaction: Queryable,
  tenantId: TenantId,
  audience: readonly string[],
  { words, statistics }: Vocabulary,
): Promise<LexicalResult> {
  const weighed = words.map((word, index) => weigh(word, index, statistics));
  const idf = words.map((word) => idfOf(word, statistics, "chunks"));
  const present = weighed.filter(({ postings }) => postings > 0);
  if (present.length === 0) return { hits: [], idf };
  const wanted = present.flatMap((each) => [...each.word.terms].map(([term, weight]) => ({ each, term, weight })));
  const search = async (rare: readonly WeighedWord[]): Promise<readonly ScoredChunk[]> => {
    const values = [tenantId, audience, ...termValues(wanted, new Set(rare))];
    const { rows } = await transaction.query<LexicalRow>(SEARCH_LEXICAL, values, { isPrepared: true });
    return scoreChunks(
      rows.map((row) => toHeld(row, wanted)),
      importanceOf(present),
      statistics,
    );
  };
  const rare = rarest(present);
  const found = await search(rare);
  // Few hits of many postings: most of those chunks are not for this audience.
  const scored = found.length < FEW_HITS && rare.length < present.length ? await search(present) : found;
  const best = bestScore(present);
  const phrases = phraseRules(words);
  return { hits: scored.map((each) => toHit(each, best, phrases)), idf };
}

function weigh(word: ResolvedWord, index: number, statistics: CorpusStatistics): WeighedWord {
  return {
    word,
    index,
    postings: [...word.terms.keys()].reduce((sum, term) => sum + (word.uses.get(term)?.chunks ?? 0), 0),
    chunkImportance: word.weight * idfOf(word, statistics, "chunks"),
    documentImportance: word.weight * idfOf(word, statistics, "documents"),
  };
}

/** The words whose posting lists are read whole. */
function rarest(words: readonly WeighedWord[]): readonly WeighedWord[] {
  const taken: WeighedWord[] = [];
  let postings = 0;
  for (const word of [...words].sort((one, other) => one.postings - other.postings)) {
    if (postings >= ROUGH.least && postings + word.postings > ROUGH.most) break;
    taken.push(word);
    postings += word.postings;
  }
  return taken;
}

function importanceOf(words: readonly WeighedWord[]): ReadonlyMap<number, WordImportance> {
  return new Map(
    words.map(({ index, chunkImportance, documentImportance }) => [
      index,
      { chunk: chunkImportance, document: documentImportance },
    ]),
  );
}

/** What a perfect match of all words would score, with the phrases that stand for unknown ones. */
function bestScore(words: readonly WeighedWord[]): number {
  const known = new Set(words.map(({ index }) => index));
  const own = words.filter(({ word: { phrase } }) => phrase?.standsFor.every((each) => !known.has(each)) !== false);
  const sum = (importance: (word: WeighedWord) => number): number =>
    own.reduce((total, word) => total + importance(word), 0);
  const chunk = sum((word) => word.chunkImportance);
  return MOST * (CHUNK_SHARE * chunk + (1 - CHUNK_SHARE) * sum((word) => word.documentImportance));
}

/** `$3` and `$4`. */
function termValues(wanted: readonly WantedTerm[], rare: ReadonlySet<WeighedWord>): readonly unknown[] {
  return [
    wanted.map(({ term }) => term),
    wanted.map(({ each, weight }) => (rare.has(each) ? each.chunkImportance * weight : 0)),
  ];
}

/** A word, its pieces and its spellings count as one. */
function toHeld(row: LexicalRow, wanted: readonly WantedTerm[]): HeldChunk {
  const [title, heading, question, body, documentHeading, documentBody] = numbers(row.lengths);
  const counts = numbers(row.held);
  const held = new Map<number, FieldCounts>();
  for (let at = 0; at < counts.length; at += 5) {
    const term = wanted[counts[at] ?? 0];
    if (term === undefined) continue;
    const { weight, each } = term;
    const known = held.get(each.index);
    held.set(each.index, {
      title: (known?.title ?? 0) + weight * (counts[at + 1] ?? 0),
      heading: (known?.heading ?? 0) + weight * (counts[at + 2] ?? 0),
      question: (known?.question ?? 0) + weight * (counts[at + 3] ?? 0),
      body: (known?.body ?? 0) + weight * (counts[at + 4] ?? 0),
    });
  }
  return {
    chunkId: row.chunk_id,
    documentId: row.document_id,
    lengths: { title: title ?? 0, heading: heading ?? 0, question: question ?? 0, body: body ?? 0 },
    documentLengths: { heading: documentHeading ?? 0, body: documentBody ?? 0 },
    held,
  };
}

function numbers(text: string): readonly number[] {
  return text.split(",").map(Number);
}

function toHit({ chunk, chunkScore, score }: ScoredChunk, best: number, phrases: readonly PhraseRule[]): LexicalHit {
  return {
    chunkId: chunk.chunkId,
    documentId: chunk.documentId,
    chunkScore,
    share: score / best,
    matched: matchedByPhrase(phrases, [...chunk.held.keys()]),
  };
}
