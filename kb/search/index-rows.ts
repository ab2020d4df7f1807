import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import { findAbbreviations, toStored } from "./abbreviations.js";
import type { IndexableChunk } from "./chunk-indexer-port.js";
import { termsOfChunk, type FieldCounts } from "./chunk-terms.js";

/** What lexical search knows of a chunk. Its postings are lists with a space between: arrays of arrays travel so. */
export interface TermRows {
  readonly chunkId: string;
  readonly lengths: FieldCounts;
  readonly terms: string;
  /** `t` for the first chunk of its document that holds the term. */
  readonly firsts: string;
  readonly titles: string;
  readonly headings: string;
  readonly questions: string;
  readonly bodies: string;
  /** What it explains, a line each. */
  readonly abbreviations: string;
}

/** Analyses chunks one after the other; those of a document know which of its terms came before. */
export class TermAnalysis {
  readonly #termsOf = new Map<string, Set<string>>();

  analyse(chunk: IndexableChunk): TermRows {
    const isFirst = !this.#termsOf.has(chunk.documentId);
    const { lengths, postings } = termsOfChunk(chunk);
    const seen = this.#termsOf.get(chunk.documentId) ?? new Set();
    this.#termsOf.set(chunk.documentId, seen);
    const counts = [...postings.values()];
    const rows = {
      chunkId: chunk.chunkId,
      lengths,
      terms: [...postings.keys()].join(" "),
      firsts: Array.from(postings.keys(), (term) => (seen.has(term) ? "f" : "t")).join(" "),
      titles: counts.map((count) => count.title).join(" "),
      headings: counts.map((count) => count.heading).join(" "),
      questions: counts.map((count) => count.question).join(" "),
      bodies: counts.map((count) => count.body).join(" "),
      abbreviations: abbreviationsOf(chunk, isFirst).join("\n"),
    };
    for (const term of postings.keys()) seen.add(term);
    return rows;
  }
}

/** Of the title once for a document. Of a longer heading the beginning is read. */
function abbreviationsOf({ title, headingPath, body }: IndexableChunk, isFirst: boolean): readonly string[] {
  const headings = headingPath.filter((heading) => isFirst || heading !== title);
  const above = [...(isFirst ? [title] : []), ...headings].map((heading) => heading.slice(0, MAX_HEADING_CHARACTERS));
  return findAbbreviations([...new Set(above), body].join("\n")).map(toStored);
}

const MAX_HEADING_CHARACTERS = 300;

const RETIRE_CHUNKS = `
  delete from search_chunk where tenant_id = $1 and chunk_id = any($2::uuid[])`;

// Document lengths are summed over the chunks of a version that are written together.
const WRITE_CHUNKS = `
  insert into search_chunk
      (chunk_id, tenant_id, document_id, acl, is_first, title_length, heading_length, question_length, body_length,
       document_heading_length, document_body_length, valid_from, valid_until, abbreviations)
    select chunk.id, chunk.tenant_id, chunk.document_id, chunk.acl,
           row_number() over (partition by chunk.version_id order by chunk.ord) = 1,
           written.title, written.heading, written.question, written.body,
           sum(written.heading) over (partition by chunk.version_id),
           sum(written.body) over (partition by chunk.version_id), version.valid_from, version.valid_until,
           string_to_array(nullif(written.abbreviations, ''), E'\\n')
      from unnest($2::uuid[], $3::int[], $4::int[], $5::int[], $6::int[], $7::text[])
           as written (chunk_id, title, heading, question, body, abbreviations)
      join chunk on chunk.id = written.chunk_id and chunk.tenant_id = $1
      join document_version as version on version.id = chunk.version_id and version.tenant_id = $1`;

// After WRITE_CHUNKS, which knows the document of each chunk. In the order of the terms, so that neighbours in the index are
// written together; by their bytes, which is fast under every collation.
const WRITE_POSTINGS = `
  insert into search_posting (tenant_id, term, document_id, chunk_id, is_first, title, heading, question, body)
    select $1, posting.term, indexed.document_id, indexed.chunk_id, posting.is_first,
           posting.title, posting.heading, posting.question, posting.body
      from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
           as written (chunk_id, terms, firsts, titles, headings, questions, bodies)
      join search_chunk as indexed on indexed.chunk_id = written.chunk_id and indexed.tenant_id = $1
      cross join lateral unnest(
             string_to_array(written.terms, ' '), string_to_array(written.firsts, ' ')::boolean[],
             string_to_array(written.titles, ' ')::smallint[], string_to_array(written.headings, ' ')::smallint[],
             string_to_array(written.questions, ' ')::smallint[], string_to_array(written.bodies, ' ')::smallint[])
           as posting (term, is_first, title, heading, question, body)
     order by posting.term collate "C"`;

/** Writes what lexical search reads, in place of what it knew of the same chunks before. */
export async function writeTerms(
  transaction: Queryable,
  tenantId: TenantId,
  chunks: readonly TermRows[],
): Promise<void> {
  const ids = chunks.map((chunk) => chunk.chunkId);
  await retireTerms(transaction, tenantId, ids);
  await transaction.query(WRITE_CHUNKS, [
    tenantId,
    ids,
    chunks.map(({ lengths }) => lengths.title),
    chunks.map(({ lengths }) => lengths.heading),
    chunks.map(({ lengths }) => lengths.question),
    chunks.map(({ lengths }) => lengths.body),
    chunks.map(({ abbreviations }) => abbreviations),
  ]);
  await transaction.query(WRITE_POSTINGS, [
    tenantId,
    ids,
    chunks.map((chunk) => chunk.terms),
    chunks.map((chunk) => chunk.firsts),
    chunks.map((chunk) => chunk.titles),
    chunks.map((chunk) => chunk.headings),
    chunks.map((chunk) => chunk.questions),
    chunks.map((chunk) => chunk.bodies),
  ]);
}

export async function retireTerms(
  transaction: Queryable,
  tenantId: TenantId,
  chunkIds: readonly string[],
): Promise<void> {
  await transaction.query(RETIRE_CHUNKS, [tenantId, chunkIds]);
}
