import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { CorpusStatistics, FieldMeans } from "./corpus-statistics.js";
import { IN_FORCE } from "./in-force.js";
import { BM25F, CANDIDATES, CHUNK_SHARE, FEW_HITS, MAX_QUERY_WORDS, ROUGH } from "./ranking.js";
import type { ResolvedWord, Vocabulary } from "./vocabulary.js";
import { idfOf } from "./word-importance.js";

interface LexicalRow {
  chunk_id: string;
  document_id: string;
  chunk_score: number;
  score: number;
  matched: number;
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

type Level = keyof CorpusStatistics["meanLength"];

const FIELDS: readonly (keyof FieldMeans)[] = ["title", "heading", "question", "body"];

/** A field's part of a term's weight: its count, against the usual length of the field. `$10` and `$11` hold the mean lengths. */
function fieldWeight(field: keyof FieldMeans, level: Level): string {
  const { weight, lengthShare } = BM25F[field];
  const isSummed = level === "document" && (field === "heading" || field === "body");
  const length = isSummed ? `document_${field}_length` : `${field}_length`;
  const mean = `($${level === "chunk" ? 10 : 11}::float8[])[${FIELDS.indexOf(field) + 1}]`;
  return `${weight} * ${field} / (${1 - lengthShare} + ${lengthShare} * ${length} / ${mean})`;
}

function termWeight(level: Level): string {
  return FIELDS.map((field) => fieldWeight(field, level)).join(" + ");
}

const SATURATED = `weight * ${BM25F.saturation + 1} / (${BM25F.saturation} + weight)`;

const ROUGH_WEIGHT = FIELDS.map((field) => `${BM25F[field].weight} * ${field}`).join(" + ");

// Postings are read in loops over an index, by `lateral` and `offset 0`; all the rest is joined by hashing, because nested
// loops are off. So the plan is the same with and without statistics. Audience and tenant are checked before the limit,
// which so counts only what may be shown. `hit` has a row for each word and chunk: a word, its pieces and its spellings
// count as one. `matched` has a bit for each word.
const SEARCH_LEXICAL = `
  with word as (
    select * from unnest($3::int[], $4::float8[], $5::float8[]) as word (word, chunk_importance, document_importance)
  ), wanted as (
    select * from unnest($6::int[], $7::text[], $8::float8[], $9::float8[]) as wanted (word, term, weight, rough_weight)
  ), rough as materialized (
    select posting.chunk_id, posting.document_id,
           sum(wanted.rough_weight * posting.weight / (${BM25F.saturation} + posting.weight)) as score
      from wanted
      cross join lateral (
        select chunk_id, document_id, (${ROUGH_WEIGHT})::float8 as weight
          from search_posting where tenant_id = $1 and term = wanted.term
        offset 0
      ) as posting
     where wanted.rough_weight > 0
     group by posting.chunk_id, posting.document_id
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
  ), indexed as materialized (
    select chunk_id, document_id, title_length::float8, heading_length::float8, question_length::float8,
           body_length::float8, document_heading_length::float8, document_body_length::float8
      from search_chunk
     where tenant_id = $1 and document_id = any(array(select document_id from candidate)) and acl && $2::text[] and ${IN_FORCE}
  ), hit as materialized (
    select wanted.word, posting.chunk_id,
           sum(wanted.weight * posting.title) as title, sum(wanted.weight * posting.heading) as heading,
           sum(wanted.weight * posting.question) as question, sum(wanted.weight * posting.body) as body
      from wanted
      cross join lateral (
        select chunk_id, title, heading, question, body from search_posting
         where tenant_id = $1 and term = wanted.term and document_id = any(array(select document_id from candidate))
        offset 0
      ) as posting
     group by wanted.word, posting.chunk_id
  ), readable_hit as materialized (
    select hit.*, indexed.document_id, title_length, heading_length, question_length, body_length, document_heading_length,
           document_body_length, chunk_importance, document_importance
      from hit join indexed using (chunk_id) join word using (word)
  ), chunk_score as (
    select chunk_id, document_id, bit_or(1::bigint << word)::float8 as matched, sum(chunk_importance * ${SATURATED}) as score
      from (select *, ${termWeight("chunk")} as weight from readable_hit) as weighed
     group by chunk_id, document_id
  ), document_hit as (
    select document_id, document_importance, max(title) as title, sum(heading) as heading, max(question) as question,
           sum(body) as body, max(title_length) as title_length, max(question_length) as question_length,
           max(document_heading_length) as document_heading_length, max(document_body_length) as document_body_length
      from readable_hit group by word, document_id, document_importance
  ), document_score as (
    select document_id, sum(document_importance * ${SATURATED}) as score
      from (select *, ${termWeight("document")} as weight from document_hit) as weighed
     group by document_id
  ), ranked as (
    select chunk_id, document_id, matched, chunk_score.score as chunk_score,
           ${CHUNK_SHARE} * chunk_score.score + ${1 - CHUNK_SHARE} * document_score.score as score,
           row_number() over (partition by document_id order by chunk_score.score desc, chunk_id) as place
      from chunk_score join document_score using (document_id)
  )
  select chunk_id::text as chunk_id, document_id::text as document_id, matched, chunk_score, score
    from ranked where place <= ${CANDIDATES.perDocument}
   order by ranked.score desc, ranked.chunk_id
   limit ${CANDIDATES.lexical}`;

interface WeighedWord {
  readonly word: ResolvedWord;
  readonly index: number;
  /** How many postings its terms have. */
  readonly postings: number;
  /** Idf times weight, the most that the word can score. */
  readonly chunkImportance: number;
  readonly documentImportance: number;
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
  const search = async (rare: readonly WeighedWord[]): Promise<readonly LexicalRow[]> => {
    const values = [tenantId, audience, ...wordValues(present, new Set(rare)), ...meanLengths(statistics)];
    return (await transaction.query<LexicalRow>(SEARCH_LEXICAL, values, { isPrepared: true })).rows;
  };
  const rare = rarest(present);
  const found = await search(rare);
  // Few hits of many postings: most of those chunks are not for this audience.
  const rows = found.length < FEW_HITS && rare.length < present.length ? await search(present) : found;
  const best = bestScore(present);
  return { hits: rows.map((row) => toHit(row, best)), idf };
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

/** What a perfect match of all words would score. */
function bestScore(words: readonly WeighedWord[]): number {
  const sum = (importance: (word: WeighedWord) => number): number =>
    words.reduce((total, word) => total + importance(word), 0);
  const chunk = sum((word) => word.chunkImportance);
  return (BM25F.saturation + 1) * (CHUNK_SHARE * chunk + (1 - CHUNK_SHARE) * sum((word) => word.documentImportance));
}

/** `$3` to `$9`. */
function wordValues(words: readonly WeighedWord[], rare: ReadonlySet<WeighedWord>): readonly unknown[] {
  const wanted = words.flatMap((each) =>
    [...each.word.terms].map(([term, weight]) => ({ each, term, weight, isRare: rare.has(each) })),
  );
  return [
    words.map(({ index }) => index),
    words.map(({ chunkImportance }) => chunkImportance),
    words.map(({ documentImportance }) => documentImportance),
    wanted.map(({ each }) => each.index),
    wanted.map(({ term }) => term),
    wanted.map(({ weight }) => weight),
    wanted.map(({ each, weight, isRare }) => (isRare ? each.chunkImportance * weight : 0)),
  ];
}

/** `$10` and `$11`. */
function meanLengths({ meanLength }: CorpusStatistics): readonly (readonly number[])[] {
  return [FIELDS.map((field) => meanLength.chunk[field]), FIELDS.map((field) => meanLength.document[field])];
}

function toHit(row: LexicalRow, best: number): LexicalHit {
  return {
    chunkId: row.chunk_id,
    documentId: row.document_id,
    chunkScore: row.chunk_score,
    share: row.score / best,
    matched: bitsOf(row.matched),
  };
}

/** The positions of the bits of a whole number, which has as many as a question has words at most. */
function bitsOf(mask: number): readonly number[] {
  return Array.from({ length: MAX_QUERY_WORDS }, (_, bit) => bit).filter(
    (bit) => Math.floor(mask / 2 ** bit) % 2 === 1,
  );
}
