import type { Queryable } from "../../src/ports/database.js";
import { newId, type TenantId } from "../../src/ports/ids.js";
import type { EmbeddingModel } from "../../src/ports/models.js";
import { termsOfChunk, type ChunkTerms } from "./chunk-terms.js";
import type { ChunkIndexer, IndexableChunk, PreparedChunks } from "./chunk-indexer-port.js";

/** Changes when chunks have to be analysed again: other terms, other fields. */
export const ANALYSIS_VERSION = "sections-1";

interface PreparedChunk {
  readonly chunkId: string;
  readonly terms: ChunkTerms;
  /** Null when the embedding of `sameAs` is to be copied. */
  readonly embedding: Float32Array | null;
  readonly sameAs: string | null;
}

class Prepared implements PreparedChunks {
  readonly chunks: readonly PreparedChunk[];

  constructor(chunks: readonly PreparedChunk[]) {
    this.chunks = chunks;
  }

  get chunkIds(): readonly string[] {
    return this.chunks.map((chunk) => chunk.chunkId);
  }
}

const RETIRE_CHUNKS = `
  delete from search_chunk where tenant_id = $1 and chunk_id = any($2::uuid[])`;

const RETIRE_EMBEDDINGS = `
  delete from chunk_embedding where tenant_id = $1 and chunk_id = any($2::uuid[])`;

// Document lengths are summed over the chunks of a version that are written together.
const WRITE_CHUNKS = `
  insert into search_chunk
      (chunk_id, tenant_id, document_id, acl, is_first, title_length, heading_length, question_length, body_length,
       document_heading_length, document_body_length)
    select chunk.id, chunk.tenant_id, chunk.document_id, chunk.acl,
           row_number() over (partition by chunk.version_id order by chunk.ord) = 1,
           written.title, written.heading, written.question, written.body,
           sum(written.heading) over (partition by chunk.version_id),
           sum(written.body) over (partition by chunk.version_id)
      from unnest($2::uuid[], $3::int[], $4::int[], $5::int[], $6::int[])
           as written (chunk_id, title, heading, question, body)
      join chunk on chunk.id = written.chunk_id and chunk.tenant_id = $1`;

// After WRITE_CHUNKS, which knows the document of each chunk. A version is written as a whole, so that one of its chunks is
// the first with a term.
const WRITE_POSTINGS = `
  insert into search_posting (tenant_id, term, document_id, chunk_id, is_first, title, heading, question, body)
    select $1, posting.term, indexed.document_id, posting.chunk_id,
           row_number() over (partition by posting.term, indexed.document_id order by posting.chunk_id) = 1,
           posting.title, posting.heading, posting.question, posting.body
      from unnest($2::text[], $3::uuid[], $4::smallint[], $5::smallint[], $6::smallint[], $7::smallint[])
           as posting (term, chunk_id, title, heading, question, body)
      join search_chunk as indexed on indexed.chunk_id = posting.chunk_id and indexed.tenant_id = $1`;

const ENSURE_INDEX = `
  insert into search_index (id, tenant_id, model, dimensions, chunker, is_serving)
    select $1::uuid, $2, $3, $4::int, $5,
           not exists (select from search_index where tenant_id = $2 and is_serving)
     where not exists (select from search_index
                        where tenant_id = $2 and model = $3 and dimensions = $4::int and chunker = $5)
  on conflict do nothing`;

const FIND_INDEX = `
  select id from search_index where tenant_id = $1 and model = $2 and dimensions = $3::int and chunker = $4`;

const IS_COMPLETE = `
  select index.id::text as id
    from search_index as index
   where index.tenant_id = $1 and index.model = $2 and index.dimensions = $3::int and index.chunker = $4
     and not index.is_serving
     and not exists (
       select from search_chunk as indexed
        where indexed.tenant_id = $1
          and not exists (
            select from chunk_embedding as embedded
             where embedded.tenant_id = $1 and embedded.index_id = index.id and embedded.chunk_id = indexed.chunk_id))`;

const STOP_SERVING = `
  update search_index set is_serving = false where tenant_id = $1 and is_serving`;

const START_SERVING = `
  update search_index set is_serving = true where tenant_id = $1 and id = $2::uuid`;

const WRITE_EMBEDDINGS = `
  insert into chunk_embedding (tenant_id, index_id, chunk_id, embedding)
    select $1, $2::uuid, embedded.chunk_id, embedded.embedding::vector
      from unnest($3::uuid[], $4::text[]) as embedded (chunk_id, embedding)
  on conflict (index_id, chunk_id) do update set embedding = excluded.embedding`;

const COPY_EMBEDDINGS = `
  insert into chunk_embedding (tenant_id, index_id, chunk_id, embedding)
    select $1, $2::uuid, same.chunk_id, known.embedding
      from unnest($3::uuid[], $4::uuid[]) as same (chunk_id, same_as)
      join chunk_embedding as known
        on known.tenant_id = $1 and known.index_id = $2::uuid and known.chunk_id = same.same_as
  on conflict (index_id, chunk_id) do update set embedding = excluded.embedding`;

/** The indexer of one embedding model. Index rows of other models stay as they are until their chunks go. */
export function createChunkIndexer(dependencies: {
  readonly embeddings: EmbeddingModel;
  /** Names how documents are cut; a part of the index key. */
  readonly chunker?: string;
}): ChunkIndexer {
  const { embeddings, chunker = ANALYSIS_VERSION } = dependencies;
  const indexKey = { model: embeddings.id, dimensions: embeddings.dimensions, chunker };
  return {
    indexKey,
    prepare: (chunks, signal) => prepareChunks(embeddings, chunks, signal),
    async write(transaction, tenantId, prepared) {
      const { chunks } = ownPrepared(prepared);
      if (chunks.length === 0) return;
      await writeTerms(transaction, tenantId, chunks);
      await writeEmbeddings(transaction, tenantId, await ensureIndex(transaction, tenantId, indexKey), chunks);
    },
    async serve(transaction, tenantId) {
      const values = [tenantId, indexKey.model, indexKey.dimensions, indexKey.chunker];
      const { rows } = await transaction.query<{ id: string }>(IS_COMPLETE, values);
      const [index] = rows;
      if (index === undefined) return;
      await transaction.query(STOP_SERVING, [tenantId]);
      await transaction.query(START_SERVING, [tenantId, index.id]);
    },
    async retire(transaction, tenantId, chunkIds) {
      await transaction.query(RETIRE_CHUNKS, [tenantId, chunkIds]);
      await transaction.query(RETIRE_EMBEDDINGS, [tenantId, chunkIds]);
    },
  };
}

/** What is embedded of a chunk: where it stands, and what it says. */
export function embeddingText(chunk: IndexableChunk): string {
  const headings = chunk.headingPath.filter((heading) => heading !== chunk.title);
  return [chunk.title, ...headings, ...chunk.variants, chunk.body].join("\n");
}

async function prepareChunks(
  embeddings: EmbeddingModel,
  chunks: readonly IndexableChunk[],
  signal: AbortSignal,
): Promise<Prepared> {
  const changed = chunks.filter((chunk) => chunk.sameAs === null);
  const vectors = changed.length === 0 ? [] : await embeddings.embed(changed.map(embeddingText), signal);
  const byChunk = new Map(changed.map((chunk, index) => [chunk.chunkId, vectors[index] ?? null]));
  return new Prepared(
    chunks.map((chunk) => ({
      chunkId: chunk.chunkId,
      terms: termsOfChunk(chunk),
      embedding: byChunk.get(chunk.chunkId) ?? null,
      sameAs: chunk.sameAs,
    })),
  );
}

function ownPrepared(prepared: PreparedChunks): Prepared {
  if (prepared instanceof Prepared) return prepared;
  throw new TypeError("unreachable: chunks were prepared by another indexer");
}

async function writeTerms(transaction: Queryable, tenantId: TenantId, chunks: readonly PreparedChunk[]): Promise<void> {
  const ids = chunks.map((chunk) => chunk.chunkId);
  const lengths = chunks.map((chunk) => chunk.terms.lengths);
  await transaction.query(RETIRE_CHUNKS, [tenantId, ids]);
  await transaction.query(WRITE_CHUNKS, [
    tenantId,
    ids,
    lengths.map((length) => length.title),
    lengths.map((length) => length.heading),
    lengths.map((length) => length.question),
    lengths.map((length) => length.body),
  ]);
  const postings = chunks.flatMap(({ chunkId, terms }) =>
    terms.postings.map(([term, counts]) => ({ chunkId, term, ...counts })),
  );
  await transaction.query(WRITE_POSTINGS, [
    tenantId,
    postings.map((posting) => posting.term),
    postings.map((posting) => posting.chunkId),
    postings.map((posting) => posting.title),
    postings.map((posting) => posting.heading),
    postings.map((posting) => posting.question),
    postings.map((posting) => posting.body),
  ]);
}

async function ensureIndex(transaction: Queryable, tenantId: TenantId, key: ChunkIndexer["indexKey"]): Promise<string> {
  const values = [tenantId, key.model, key.dimensions, key.chunker];
  await transaction.query(ENSURE_INDEX, [newId(), ...values]);
  const { rows } = await transaction.query<{ id: string }>(FIND_INDEX, values);
  const [row] = rows;
  if (row === undefined) throw new Error("unreachable: the search index was just written");
  return row.id;
}

async function writeEmbeddings(
  transaction: Queryable,
  tenantId: TenantId,
  indexId: string,
  chunks: readonly PreparedChunk[],
): Promise<void> {
  const embedded = chunks.flatMap(({ chunkId, embedding }) => (embedding === null ? [] : [{ chunkId, embedding }]));
  const same = chunks.flatMap(({ chunkId, sameAs }) => (sameAs === null ? [] : [{ chunkId, sameAs }]));
  if (embedded.length > 0) {
    const vectors = embedded.map(({ embedding }) => embedding);
    await transaction.query(WRITE_EMBEDDINGS, [tenantId, indexId, embedded.map(({ chunkId }) => chunkId), vectors]);
  }
  if (same.length > 0) {
    const origins = same.map(({ sameAs }) => sameAs);
    await transaction.query(COPY_EMBEDDINGS, [tenantId, indexId, same.map(({ chunkId }) => chunkId), origins]);
  }
}
