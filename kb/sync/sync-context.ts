import type { NewId, TenantId } from "../../src/ports/ids.js";
import type { Chunker } from "../chunking/chunk-document.js";
import type { ParseInSandbox } from "../parsing/sandbox.js";
import type { openSource } from "../sources/open-source.js";
import type { SourceServices } from "../sources/source-kind.js";
import type { ChunkIndexer } from "../search/chunk-indexer-port.js";
import type { StoredSource } from "./source-store.js";

/** On a server; the embedded database, which serves nobody else during one, has shorter ones. */
export const SERVER_TRANSACTION_MS = 1_500;

export interface SyncDependencies extends SourceServices {
  readonly indexer: ChunkIndexer;
  readonly parse: ParseInSandbox;
  readonly newId: NewId;
  /** How long a transaction may take before the next ones hold less. */
  readonly transactionMs?: number;
  /** How documents are cut, where not as everywhere. */
  readonly chunker?: Chunker;
  /** Opens the place that a source's record points at, where it is not one of the kinds that are known. */
  readonly open?: typeof openSource;
}

/** One run of one source, as everything below works on it. */
export interface SyncContext extends SyncDependencies {
  readonly tenantId: TenantId;
  readonly source: StoredSource;
  readonly runId: string;
  /** In whose name the source is synced. */
  readonly actor: string;
  /** Told how many things a listing that takes long has come upon so far. */
  readonly found: (count: number) => void;
}
