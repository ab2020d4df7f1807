import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { DocumentKind } from "../../src/ports/models.js";

/** A chunk as it is indexed. Its row in `chunk` is written by the sync, in the same transaction, before the index rows. */
export interface IndexableChunk {
  readonly chunkId: string;
  readonly title: string;
  readonly headingPath: readonly string[];
  readonly variants: readonly string[];
  readonly body: string;
  readonly kind: DocumentKind;
  /**
   * A chunk of the version before with the very same indexed content, or null. Its embedding under this index is
   * copied by `write` where it exists; `prepare` does not embed such a chunk. It is retired after `write`.
   */
  readonly sameAs: string | null;
}

declare const preparedChunks: unique symbol;

/** What `prepare` computed for `write`. Opaque to everybody but the indexer that made it. */
export interface PreparedChunks {
  readonly chunkIds: readonly string[];
  readonly [preparedChunks]?: never;
}

/** Keeps the search index in step with the chunks. */
export interface ChunkIndexer {
  /** Names the index that is written. Its chunker is part of the key: other chunks are another index. */
  readonly indexKey: { readonly model: string; readonly dimensions: number; readonly chunker: string };
  /**
   * Does what is slow (embedding, term analysis), outside of any transaction.
   * @throws {ModelError} when the embedding model cannot be reached.
   */
  prepare(chunks: readonly IndexableChunk[], signal: AbortSignal): Promise<PreparedChunks>;
  /** Writes the index rows of chunks whose `chunk` rows this transaction has inserted. */
  write(transaction: Queryable, tenantId: TenantId, prepared: PreparedChunks): Promise<void>;
  /**
   * Makes this the index that searches use, once it holds every chunk of the tenant: until then another embedding model's
   * index goes on serving. The one before keeps its rows, so that going back costs nothing but what changed.
   */
  serve(transaction: Queryable, tenantId: TenantId): Promise<void>;
  /** Takes chunks out of every index. Their `chunk` rows stay, so that old citations can be opened. */
  retire(transaction: Queryable, tenantId: TenantId, chunkIds: readonly string[]): Promise<void>;
}
