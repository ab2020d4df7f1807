import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import { PASSAGE_COLUMNS, PASSAGE_TABLES, type PassageRow } from "./passage-row.js";
import { BM25F, CANDIDATES, CHUNK_SHARE } from "./ranking.js";
import type { ResolvedWord } from "./vocabulary.js";

interface LexicalRow extends PassageRow {
  chunk_score: number;
  share: number;
  matched: number[];
  word_idf: Record<string, number>;
}

/** A chunk that holds words of the question. */
export interface LexicalHit {
  readonly row: PassageRow;
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

type Field = "title" | "heading" | "question" | "body";

/** A field's share of a term's weight: its count, against the length that it usually has. */
function fieldWeight(field: Field, level: "chunk" | "document"): string {
  const { weight, lengthShare } = BM25F[field];
  const isSummed = level === "document" && (field === "heading" || field === "body");
  const length = isSummed ? `document_${field}_length` : `${field}_length`;
  const mean = `average.${level}_${field}`;
  return `${weight} * ${field} / (1 - ${lengthShare} + ${lengthShare} * ${length} / ${mean})`;
}

function termWeight(level: "chunk" | "document"): string {
  const fields: readonly Field[] = ["title", "heading", "question", "body"];
  return `(${fields.map((field) => fieldWeight(field, level)).join(" + ")})::float8`;
}

const idf = (total: string): string =>
  `ln(1 + greatest(${total} - count(*), 0) / (count(*) + 0.5) + 0.5 / (count(*) + 0.5))`;

const LENGTHS = `title_length, heading_length, question_length, body_length, document_heading_length, document_body_length`;

// Audience and tenant are checked while postings are read, so the limit at the end counts only what may be shown.
// `hit` has a row for each word and chunk; words in one group (a word, its pieces, its spellings) count as one.
const SEARCH_LEXICAL = `
  with wanted as (
    select * from unnest($3::int[], $4::text[], $5::float8[]) as wanted (word, term, weight)
  ), word as (
    select * from unnest($6::int[], $7::float8[]) as word (word, weight)
  ), average as materialized (
    select chunks, documents,
           greatest(title_length::float8 / chunks, 0.1) as chunk_title,
           greatest(heading_length::float8 / chunks, 0.1) as chunk_heading,
           greatest(question_length::float8 / chunks, 0.1) as chunk_question,
           greatest(body_length::float8 / chunks, 0.1) as chunk_body,
           greatest(title_length::float8 / chunks, 0.1) as document_title,
           greatest(heading_length::float8 / documents, 0.1) as document_heading,
           greatest(question_length::float8 / documents, 0.1) as document_question,
           greatest(body_length::float8 / documents, 0.1) as document_body
      from search_statistics where tenant_id = $1 and chunks > 0 and documents > 0
  ), hit as materialized (
    select wanted.word, indexed.chunk_id, indexed.document_id,
           sum(wanted.weight * posting.title) as title, sum(wanted.weight * posting.heading) as heading,
           sum(wanted.weight * posting.question) as question, sum(wanted.weight * posting.body) as body,
           ${LENGTHS}
      from wanted
      join search_posting as posting on posting.tenant_id = $1 and posting.term = wanted.term
      join search_chunk as indexed on indexed.chunk_id = posting.chunk_id and indexed.tenant_id = $1
                                  and indexed.acl && $2::text[]
     group by wanted.word, indexed.chunk_id
  ), chunk_word as materialized (
    select hit.word, ${idf("average.chunks")} as idf from hit cross join average
     group by hit.word, average.chunks
  ), document_hit as materialized (
    select word, document_id, max(title) as title, sum(heading) as heading, max(question) as question, sum(body) as body,
           max(title_length) as title_length, max(question_length) as question_length,
           max(document_heading_length) as document_heading_length, max(document_body_length) as document_body_length
      from hit group by word, document_id
  ), document_word as materialized (
    select document_hit.word, ${idf("average.documents")} as idf from document_hit cross join average
     group by document_hit.word, average.documents
  ), chunk_weight as (
    select hit.chunk_id, hit.document_id, hit.word, chunk_word.idf * word.weight as importance,
           ${termWeight("chunk")} as weight
      from hit join chunk_word using (word) join word using (word) cross join average
  ), chunk_score as (
    select chunk_id, document_id, array_agg(word) as matched,
           sum(importance * weight * ${BM25F.saturation + 1} / (${BM25F.saturation} + weight)) as score
      from chunk_weight group by chunk_id, document_id
  ), document_weight as (
    select document_hit.document_id, document_word.idf * word.weight as importance, ${termWeight("document")} as weight
      from document_hit join document_word using (word) join word using (word) cross join average
  ), document_score as (
    select document_id, sum(importance * weight * ${BM25F.saturation + 1} / (${BM25F.saturation} + weight)) as score
      from document_weight group by document_id
  ), ranked as (
    select chunk_id, matched, chunk_score.score as chunk_score, document_score.score as document_score,
           ${CHUNK_SHARE} * chunk_score.score + ${1 - CHUNK_SHARE} * document_score.score as score,
           row_number() over (partition by document_id order by chunk_score.score desc, chunk_id) as place
      from chunk_score join document_score using (document_id)
  ), best as (
    select ${BM25F.saturation + 1} * (
             ${CHUNK_SHARE} * (select sum(idf * word.weight) from chunk_word join word using (word)) +
             ${1 - CHUNK_SHARE} * (select sum(idf * word.weight) from document_word join word using (word))) as score
  ), found as (
    select * from ranked where place <= ${CANDIDATES.perDocument}
     order by score desc, chunk_id limit ${CANDIDATES.lexical}
  )
  select ${PASSAGE_COLUMNS}, found.chunk_score, found.matched, found.score / best.score as share,
         (select jsonb_object_agg(word, idf) from chunk_word) as word_idf
    from found cross join best ${PASSAGE_TABLES}
   order by found.score desc, found.chunk_id`;

/** Scores every chunk that holds a word of the question and that the audience may read; the best come back, best first. */
export async function searchLexical(
  transaction: Queryable,
  tenantId: TenantId,
  audience: readonly string[],
  words: readonly ResolvedWord[],
): Promise<LexicalResult> {
  const wanted = words.flatMap((word, index) =>
    [...word.terms].map(([term, weight]) => ({ word: index, term, weight })),
  );
  if (wanted.length === 0) return { hits: [], idf: words.map(() => 0) };
  const { rows } = await transaction.query<LexicalRow>(SEARCH_LEXICAL, [
    tenantId,
    audience,
    wanted.map((each) => each.word),
    wanted.map((each) => each.term),
    wanted.map((each) => each.weight),
    words.map((_, index) => index),
    words.map((word) => word.weight),
  ]);
  const wordIdf = rows[0]?.word_idf ?? {};
  return { hits: rows.map(toHit), idf: words.map((_, index) => wordIdf[String(index)] ?? 0) };
}

function toHit(row: LexicalRow): LexicalHit {
  return { row, chunkScore: row.chunk_score, share: row.share, matched: row.matched };
}
