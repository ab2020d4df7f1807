import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { CorpusStatistics, FieldMeans } from "./corpus-statistics.js";
import { BM25F, CANDIDATES, CHUNK_SHARE } from "./ranking.js";
import type { ResolvedWord, Vocabulary } from "./vocabulary.js";

interface LexicalRow {
  chunk_id: string;
  document_id: string;
  chunk_score: number;
  share: number;
  matched: number[];
  word_idf: Record<string, number>;
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
  /** Inverse document frequency of each word of the question, among the chunks that the audience may read; 0 when in none. */
  readonly idf: readonly number[];
}

type Level = keyof CorpusStatistics["meanLength"];

const FIELDS: readonly (keyof FieldMeans)[] = ["title", "heading", "question", "body"];

/** A field's part of a term's weight: its count, against the usual length of the field. `$8` and `$9` hold the mean lengths. */
function fieldWeight(field: keyof FieldMeans, level: Level): string {
  const { weight, lengthShare } = BM25F[field];
  const isSummed = level === "document" && (field === "heading" || field === "body");
  const length = isSummed ? `document_${field}_length` : `${field}_length`;
  const mean = `($${level === "chunk" ? 8 : 9}::float8[])[${FIELDS.indexOf(field) + 1}]`;
  return `${weight} * ${field} / (${1 - lengthShare} + ${lengthShare} * ${length} / ${mean})`;
}

function termWeight(level: Level): string {
  return FIELDS.map((field) => fieldWeight(field, level)).join(" + ");
}

const SATURATED = `weight * ${BM25F.saturation + 1} / (${BM25F.saturation} + weight)`;

/** `$10` holds how many chunks and documents there are. */
function idf(level: Level): string {
  return `ln(1 + (greatest(($10::float8[])[${level === "chunk" ? 1 : 2}] - count(*), 0) + 0.5) / (count(*) + 0.5))::float8`;
}

// Audience and tenant are checked while postings are read, so the limit at the end counts only what may be shown.
// `hit` has a row for each word and chunk: a word, its pieces and its spellings count as one.
const SEARCH_LEXICAL = `
  with wanted as (
    select * from unnest($3::int[], $4::text[], $5::float8[]) as wanted (word, term, weight)
  ), word as (
    select * from unnest($6::int[], $7::float8[]) as word (word, weight)
  ), posting as materialized (
    select term, chunk_id, title, heading, question, body from search_posting
     where tenant_id = $1 and term = any($4::text[])
  ), hit as materialized (
    select wanted.word, indexed.chunk_id, indexed.document_id,
           sum(wanted.weight * posting.title) as title, sum(wanted.weight * posting.heading) as heading,
           sum(wanted.weight * posting.question) as question, sum(wanted.weight * posting.body) as body,
           min(title_length)::float8 as title_length, min(heading_length)::float8 as heading_length,
           min(question_length)::float8 as question_length, min(body_length)::float8 as body_length,
           min(document_heading_length)::float8 as document_heading_length,
           min(document_body_length)::float8 as document_body_length
      from posting
      join wanted using (term)
      join search_chunk as indexed on indexed.chunk_id = posting.chunk_id
     where indexed.tenant_id = $1 and indexed.acl && $2::text[]
     group by wanted.word, indexed.chunk_id, indexed.document_id
  ), chunk_word as materialized (
    select word, ${idf("chunk")} as idf from hit group by word
  ), chunk_score as (
    select chunk_id, document_id, array_agg(word) as matched, sum(importance * ${SATURATED}) as score
      from (select hit.*, chunk_word.idf * word.weight as importance, ${termWeight("chunk")} as weight
              from hit join chunk_word using (word) join word using (word)) as weighed
     group by chunk_id, document_id
  ), document_hit as materialized (
    select word, document_id, max(title) as title, sum(heading) as heading, max(question) as question, sum(body) as body,
           max(title_length) as title_length, max(question_length) as question_length,
           max(document_heading_length) as document_heading_length, max(document_body_length) as document_body_length
      from hit group by word, document_id
  ), document_word as materialized (
    select word, ${idf("document")} as idf from document_hit group by word
  ), document_score as (
    select document_id, sum(importance * ${SATURATED}) as score
      from (select document_hit.document_id, document_word.idf * word.weight as importance,
                   ${termWeight("document")} as weight
              from document_hit join document_word using (word) join word using (word)) as weighed
     group by document_id
  ), best as (
    select ${BM25F.saturation + 1} * (
             ${CHUNK_SHARE} * (select sum(idf * word.weight) from chunk_word join word using (word)) +
             ${1 - CHUNK_SHARE} * (select sum(idf * word.weight) from document_word join word using (word))) as score
  ), ranked as (
    select chunk_id, document_id, matched, chunk_score.score as chunk_score,
           ${CHUNK_SHARE} * chunk_score.score + ${1 - CHUNK_SHARE} * document_score.score as score,
           row_number() over (partition by document_id order by chunk_score.score desc, chunk_id) as place
      from chunk_score join document_score using (document_id)
  )
  select chunk_id::text as chunk_id, document_id::text as document_id, matched, chunk_score,
         ranked.score / (select score from best) as share,
         (select jsonb_object_agg(word, idf) from chunk_word) as word_idf
    from ranked where place <= ${CANDIDATES.perDocument}
   order by ranked.score desc, ranked.chunk_id
   limit ${CANDIDATES.lexical}`;

/** Scores every chunk that holds a word of the question and that the audience may read; the best come back, best first. */
export async function searchLexical(
  transaction: Queryable,
  tenantId: TenantId,
  audience: readonly string[],
  { words, statistics }: Vocabulary,
): Promise<LexicalResult> {
  const wanted = words.flatMap((word, index) => termsOf(word, index));
  if (wanted.length === 0) return { hits: [], idf: words.map(() => 0) };
  const { rows } = await transaction.query<LexicalRow>(SEARCH_LEXICAL, [
    tenantId,
    audience,
    wanted.map((each) => each.word),
    wanted.map((each) => each.term),
    wanted.map((each) => each.weight),
    words.map((_, index) => index),
    words.map((word) => word.weight),
    FIELDS.map((field) => statistics.meanLength.chunk[field]),
    FIELDS.map((field) => statistics.meanLength.document[field]),
    [statistics.chunks, statistics.documents],
  ]);
  const wordIdf = rows[0]?.word_idf ?? {};
  return { hits: rows.map(toHit), idf: words.map((_, index) => wordIdf[String(index)] ?? 0) };
}

function termsOf(word: ResolvedWord, index: number): { word: number; term: string; weight: number }[] {
  return [...word.terms].map(([term, weight]) => ({ word: index, term, weight }));
}

function toHit(row: LexicalRow): LexicalHit {
  return {
    chunkId: row.chunk_id,
    documentId: row.document_id,
    chunkScore: row.chunk_score,
    share: row.share,
    matched: row.matched,
  };
}
