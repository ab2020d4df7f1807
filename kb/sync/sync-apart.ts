import { tmpdir } from "node:os";
import { parseDocument } from "../parsing/parse-document.js";
import type { ParseOutcome } from "../parsing/parsed-document.js";
import { chunkDocument } from "../chunking/chunk-document.js";
import { createChunkIndexer } from "../search/chunk-indexer.js";
import type { ChunkIndexer } from "../search/chunk-indexer-port.js";
import { openSource } from "../sources/open-source.js";
import type { SourceServices } from "../sources/source-kind.js";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import type { Database } from "../../src/ports/database.js";
import type { Logger } from "../../src/ports/logger.js";
import type { SyncDiff } from "../../src/ports/knowledge.js";
import type { EmbeddingModel } from "../../src/ports/models.js";
import { createKnowledgeAdmin } from "./knowledge-admin.js";
import { SERVER_TRANSACTION_MS } from "./sync-context.js";

export interface SyncApart {
  /** Parses and chunks all documents in this process, and keeps what was parsed. */
  parse(): Promise<{ readonly bytes: number; readonly cpuMs: number }>;
  /** Syncs them for the first time, with what was parsed before. */
  sync(signal: AbortSignal): Promise<SyncDiff>;
}

/** The parts of a first sync of a corpus of JSON lines, one after the other, to be measured. */
export function openSyncApart(
  place: {
    readonly database: Database;
    readonly logger: Logger;
    readonly location: string;
  },
  embeddings: EmbeddingModel,
): SyncApart {
  const { database, logger, location } = place;
  const services: SourceServices = {
    ...{ database, logger, secretOf: () => null, workDirectory: tmpdir(), allowedPrivateHosts: [], machine: {} },
    fetch: () => Promise.reject(new TypeError("unreachable: a corpus lies on this machine")),
  };
  const source = { name: "apart", kind: "jsonl", location, acl: ["public"] } as const;
  const outcomes = new Map<string, ParseOutcome>();
  return {
    async parse() {
      const opened = await openSource(source, { ...services, tenantId: DEFAULT_TENANT, sourceId: newId() });
      const { signal } = new AbortController();
      let bytes = 0;
      let cpuMs = 0;
      for (const item of (await opened.list(null, signal)).items) {
        const fetched = await opened.fetch({ ...item, known: null }, signal);
        if (fetched === "unchanged") continue;
        bytes += fetched.bytes.length;
        const before = process.cpuUsage();
        const outcome = await parseDocument(fetched);
        if (outcome.ok) for (const document of outcome.documents) chunkDocument(document);
        const { user, system } = process.cpuUsage(before);
        cpuMs += (user + system) / 1_000;
        outcomes.set(item.externalId, outcome);
      }
      return { bytes, cpuMs };
    },
    async sync(signal) {
      const { indexer, stored } = takingTurns(createChunkIndexer({ embeddings }), services.database);
      const parse = (items: readonly { readonly externalId: string }[]) =>
        Promise.resolve(items.flatMap(({ externalId }) => outcomes.get(externalId) ?? []));
      const admin = createKnowledgeAdmin({
        ...services,
        database: stored,
        indexer,
        parse,
        newId,
        transactionMs: SERVER_TRANSACTION_MS,
      });
      await admin.addSource(DEFAULT_TENANT, source);
      for await (const step of admin.sync(DEFAULT_TENANT, source.name, { confirmRemovals: false }, signal)) {
        if (step.kind === "done") return step.diff;
      }
      throw new Error("unreachable: a sync ends with its diff");
    },
  };
}

/** Chunks are never analysed while a transaction is open: in one thread the one would be counted as the other. */
function takingTurns(indexer: ChunkIndexer, database: Database): { indexer: ChunkIndexer; stored: Database } {
  let last: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
  return {
    indexer: {
      ...indexer,
      prepare: (place, chunks, signal) => alone(() => indexer.prepare({ ...place, database }, chunks, signal)),
    },
    stored: { withTenant: (tenantId, work, options) => alone(() => database.withTenant(tenantId, work, options)) },
  };
}
