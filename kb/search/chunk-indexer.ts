import type { Queryable } from "../../src/ports/database.js";
import { DeskhandError } from "../../src/ports/errors.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { EmbeddingModel } from "../../src/ports/models.js";
import type { ChunkIndexer, IndexableChunk, IndexPlace, PreparedChunks } from "./chunk-indexer-port.js";
import { EmbeddingCalls, hashText, readKnownTexts, toBytes } from "./embed-texts.js";
import { retireTerms, TermAnalysis, writeTerms, type TermRows } from "./index-rows.js";
import { dropFormerIndexes, ensureIndex, serveWhenComplete } from "./search-indexes.js";
import { withoutOrders } from "../../src/text/orders.js";
import { createTurns } from "../../src/text/take-turns.js";
import { questionsOfChunk, writeQuestions, type QuestionRow } from "./verified-answers.js";

/** Changes when chunks have to be analysed again: other terms, other fields, other questions. */
export const ANALYSIS_VERSION = "sections-4";

/** The vectors of some texts were to be copied, and their last chunks were retired before that was done. */
export class VanishedEmbeddingError extends DeskhandError {
  override readonly name = "VanishedEmbeddingError";
  readonly code = "embedding-vanished";
  readonly isRetryable = true;

  constructor() {
    super("Embeddings that were to be copied are gone. Prepare the chunks again.");
  }
}

interface PreparedText {
  readonly chunkId: string;
  readonly hash: string;
  /** Null when it is to be copied. */
  readonly vector: Float32Array | null;
}

class Prepared implements PreparedChunks {
  readonly rows: readonly TermRows[];
  readonly texts: readonly PreparedText[];
  readonly questions: readonly QuestionRow[];

  constructor(rows: readonly TermRows[], texts: readonly PreparedText[], questions: readonly QuestionRow[]) {
    this.rows = rows;
    this.texts = texts;
    this.questions = questions;
  }

  get chunkIds(): readonly string[] {
    return this.rows.map((row) => row.chunkId);
  }
}

const RETIRE_EMBEDDINGS = `
  delete from chunk_embedding where tenant_id = $1 and chunk_id = any($2::uuid[])`;

const WRITE_EMBEDDINGS = `
  insert into chunk_embedding (tenant_id, index_id, chunk_id, text_hash, embedding)
    select $1, $2::uuid, embedded.chunk_id, embedded.text_hash,
           ($5::real[])[(embedded.place - 1) * $6::int + 1 : embedded.place * $6::int]::vector
      from unnest($3::uuid[], $4::bytea[]) with ordinality as embedded (chunk_id, text_hash, place)
  on conflict (index_id, chunk_id) do update set embedding = excluded.embedding, text_hash = excluded.text_hash`;

const COPY_EMBEDDINGS = `
  insert into chunk_embedding (tenant_id, index_id, chunk_id, text_hash, embedding)
    select $1, $2::uuid, same.chunk_id, same.text_hash, known.embedding
      from unnest($3::uuid[], $4::bytea[]) as same (chunk_id, text_hash)
      cross join lateral (
        select embedded.embedding
          from search_index as index
          join chunk_embedding as embedded on embedded.index_id = index.id and embedded.tenant_id = $1
         where index.tenant_id = $1 and index.model = $5 and index.dimensions = $6::int
           and embedded.text_hash = same.text_hash
         limit 1
      ) as known
  on conflict (index_id, chunk_id) do update set embedding = excluded.embedding, text_hash = excluded.text_hash`;

/** The indexer of one embedding model. Index rows of other models stay as they are until their chunks go. */
export function createChunkIndexer(dependencies: {
  readonly embeddings: EmbeddingModel;
  /** Names how chunks are analysed; a part of the index key. How documents are cut is a part of their hash. */
  readonly chunker?: string;
}): ChunkIndexer {
  const { embeddings, chunker = ANALYSIS_VERSION } = dependencies;
  const indexKey = { model: embeddings.id, dimensions: embeddings.dimensions, chunker };
  const calls = new EmbeddingCalls(embeddings);
  return {
    indexKey,
    prepare: (place, chunks, signal) => prepareChunks(place, { embeddings, calls }, chunks, signal),
    async write(transaction, tenantId, prepared) {
      const { rows, texts, questions } = ownPrepared(prepared);
      if (rows.length === 0) return;
      await writeTerms(transaction, tenantId, rows);
      await writeQuestions(transaction, tenantId, questions);
      const indexId = await ensureIndex(transaction, tenantId, indexKey);
      await writeEmbeddings(transaction, tenantId, { ...indexKey, indexId }, texts);
    },
    async serve(transaction, tenantId) {
      await serveWhenComplete(transaction, tenantId, indexKey);
      await dropFormerIndexes(transaction, tenantId);
    },
    async retire(transaction, tenantId, chunkIds) {
      await retireTerms(transaction, tenantId, chunkIds);
      await transaction.query(RETIRE_EMBEDDINGS, [tenantId, chunkIds]);
    },
  };
}

/** What is embedded of a chunk: where it stands, and what it says. */
export function embeddingText(chunk: IndexableChunk): string {
  const headings = chunk.headingPath.filter((heading) => heading !== chunk.title);
  return [chunk.title, ...headings, ...chunk.variants, chunk.body].join("\n");
}

interface Space {
  readonly embeddings: EmbeddingModel;
  readonly calls: EmbeddingCalls;
}

async function prepareChunks(
  place: IndexPlace,
  space: Space,
  written: readonly IndexableChunk[],
  signal: AbortSignal,
): Promise<Prepared> {
  const chunks = written.map(asReadersSeeIt);
  const texts = chunks.map((chunk) => ({ chunkId: chunk.chunkId, hash: hashText(embeddingText(chunk)) }));
  // Before the analysis, which would hold the transaction open for as long as it takes.
  const unknown = await unknownTexts(place, space, chunks, texts);
  const vectors = embedTexts(space, unknown, signal);
  // Awaited below; until then a failure must not count as unhandled.
  vectors.catch(() => undefined);
  const analysis = new TermAnalysis();
  const rows: TermRows[] = [];
  const takeTurns = createTurns();
  for (const chunk of chunks) {
    rows.push(analysis.analyse(chunk));
    await takeTurns();
  }
  const byHash = await vectors;
  return new Prepared(
    rows,
    texts.map((text) => ({ ...text, vector: byHash.get(text.hash) ?? null })),
    chunks.flatMap(questionsOfChunk),
  );
}

/**
 * Nothing is found, or missed, by words that speak to whoever writes the answer: they are taken out before it is written
 * from, and an order in an article must not change what the article is found by.
 */
function asReadersSeeIt(chunk: IndexableChunk): IndexableChunk {
  return { ...chunk, body: withoutOrders(chunk.body).text };
}

interface NewText {
  readonly hash: string;
  readonly text: string;
}

/** Texts that are in no index of this vector space yet, each once. */
async function unknownTexts(
  { database, tenantId }: IndexPlace,
  { embeddings }: Space,
  chunks: readonly IndexableChunk[],
  texts: readonly { readonly hash: string }[],
): Promise<readonly NewText[]> {
  const chunkOf = new Map(texts.map(({ hash }, index) => [hash, chunks[index]]));
  if (chunkOf.size === 0) return [];
  const known = await database.withTenant(tenantId, (transaction) =>
    readKnownTexts(transaction, tenantId, embeddings, [...chunkOf.keys()]),
  );
  return [...chunkOf].flatMap(([hash, chunk]) =>
    chunk === undefined || known.has(hash) ? [] : [{ hash, text: embeddingText(chunk) }],
  );
}

async function embedTexts(
  { calls }: Space,
  texts: readonly NewText[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Float32Array>> {
  const vectors = await calls.embed(
    texts.map(({ text }) => text),
    signal,
  );
  return new Map(texts.flatMap(({ hash }, index) => (vectors[index] === undefined ? [] : [[hash, vectors[index]]])));
}

function ownPrepared(prepared: PreparedChunks): Prepared {
  if (prepared instanceof Prepared) return prepared;
  throw new TypeError("unreachable: chunks were prepared by another indexer");
}

interface WrittenIndex {
  readonly indexId: string;
  readonly model: string;
  readonly dimensions: number;
}

async function writeEmbeddings(
  transaction: Queryable,
  tenantId: TenantId,
  { indexId, model, dimensions }: WrittenIndex,
  texts: readonly PreparedText[],
): Promise<void> {
  const embedded = texts.flatMap(({ chunkId, hash, vector }) => (vector === null ? [] : [{ chunkId, hash, vector }]));
  const same = texts.filter(({ vector }) => vector === null);
  if (embedded.length > 0) {
    const ids = embedded.map(({ chunkId }) => chunkId);
    const hashes = embedded.map(({ hash }) => toBytes(hash));
    const vectors = embedded.map(({ vector }) => vector);
    await transaction.query(WRITE_EMBEDDINGS, [tenantId, indexId, ids, hashes, vectors, dimensions]);
  }
  if (same.length > 0) {
    const ids = same.map(({ chunkId }) => chunkId);
    const hashes = same.map(({ hash }) => toBytes(hash));
    const copied = await transaction.query(COPY_EMBEDDINGS, [tenantId, indexId, ids, hashes, model, dimensions]);
    if (copied.rowCount !== same.length) throw new VanishedEmbeddingError();
  }
}
