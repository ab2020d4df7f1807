import type { Database, Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { DocumentKind } from "../../src/ports/models.js";

/** A chunk as it is indexed. Its row in `chunk` is written by the sync, in the same transaction, before the index rows. */
export interface IndexableChunk {
  readonly chunkId: string;
  /** All chunks of a document are prepared together. */
  readonly documentId: string;
  readonly title: string;
  readonly headingPath: readonly string[];
  readonly variants: readonly string[];
  readonly body: string;
  readonly kind: DocumentKind;
}

declare const preparedChunks: unique symbol;

/** What `prepare` computed for `write`. Opaque to everybody but the indexer that made it. */
export interface PreparedChunks {
  readonly chunkIds: readonly string[];
  readonly [preparedChunks]?: never;
}

/** Where chunks are indexed. */
export interface IndexPlace {
  readonly database: Database;
  readonly tenantId: TenantId;
}

/** Keeps the search index in step with the chunks. */
export interface ChunkIndexer {
  /** Names the index that is written. Its `chunker` names the analysis: chunks that are analysed otherwise are another index. */
  readonly indexKey: { readonly model: string; readonly dimensions: number; readonly chunker: string };
  /**
   * Does what is slow (embedding, term analysis), outside of any transaction. A text that the tenant has embedded already
   * in the same vector space, whatever source it comes from and however it was cut, is not embedded again: `write` copies
   * it. @throws {ModelError} when the embedding model cannot be reached.
   */
  prepare(place: IndexPlace, chunks: readonly IndexableChunk[], signal: AbortSignal): Promise<PreparedChunks>;
  /**
   * Writes the index rows of chunks whose `chunk` rows this transaction has inserted.
   * @throws {VanishedEmbeddingError} when what was to be copied has gone: roll back and prepare again.
   */
  write(transaction: Queryable, tenantId: TenantId, prepared: PreparedChunks): Promise<void>;
  /**
   * Makes this the index that searches use, once it holds every chunk of the tenant: until then another one goes on
   * serving. From then on the others are gone.
   */
  serve(transaction: Queryable, tenantId: TenantId): Promise<void>;
  /** Takes chunks out of every index. Their `chunk` rows stay, so that old citations can be opened. */
  retire(transaction: Queryable, tenantId: TenantId, chunkIds: readonly string[]): Promise<void>;
}
