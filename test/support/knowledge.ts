import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createSourceLifecycle } from "../../kb/lifecycle/source-lifecycle.js";
import { parseDocument } from "../../kb/parsing/parse-document.js";
import { createChunkIndexer } from "../../kb/search/chunk-indexer.js";
import { createKnowledgeAdmin } from "../../kb/sync/knowledge-admin.js";
import type { SyncDependencies } from "../../kb/sync/sync-context.js";
import type { Database } from "../../src/ports/database.js";
import { DEFAULT_TENANT, newId, type TenantId } from "../../src/ports/ids.js";
import type { KnowledgeAdmin, NewSource, SyncDiff } from "../../src/ports/knowledge.js";
import type { EmbeddingModel } from "../../src/ports/models.js";
import type { SourceLifecycle } from "../../src/ports/source-lifecycle.js";
import { countingEmbeddings, type CountingEmbeddings } from "../fakes/counting-embeddings.js";
import { silentLogger } from "./silent-logger.js";

/** A folder of one's own that is gone when the test ends. */
export interface TestFolder extends Disposable {
  readonly location: string;
  write(name: string, text: string | Uint8Array): void;
  remove(name: string): void;
}

export function testFolder(files: Readonly<Record<string, string>> = {}): TestFolder {
  const location = mkdtempSync(path.join(tmpdir(), "deskhand-kb-"));
  const folder: TestFolder = {
    location,
    write(name, text) {
      mkdirSync(path.dirname(path.join(location, name)), { recursive: true });
      writeFileSync(path.join(location, name), text);
    },
    remove: (name) => rmSync(path.join(location, name)),
    [Symbol.dispose]: () => rmSync(location, { recursive: true, force: true }),
  };
  for (const [name, text] of Object.entries(files)) folder.write(name, text);
  return folder;
}

/** Knowledge with the parsers in this process: the sandbox has tests of its own. */
export function testKnowledge(
  database: Database,
  embeddings: EmbeddingModel,
  changes: Partial<SyncDependencies> = {},
): KnowledgeAdmin {
  return createKnowledgeAdmin({
    database,
    indexer: createChunkIndexer({ embeddings }),
    parse: (items) => Promise.all(items.map((item) => parseDocument(item))),
    newId,
    logger: silentLogger,
    secretOf: () => null,
    workDirectory: path.join(tmpdir(), "deskhand-work"),
    fetch: () => Promise.reject(new Error("no network is needed")),
    allowedPrivateHosts: [],
    machine: process.env,
    ...changes,
  });
}

/** The life of sources beside {@link testKnowledge}, without work on disk unless a test names a place for it. */
export function testLifecycle(
  database: Database,
  embeddings: EmbeddingModel = countingEmbeddings(),
  workDirectory = "/nowhere",
): SourceLifecycle {
  const indexer = createChunkIndexer({ embeddings });
  return createSourceLifecycle({ database, indexer, newId, workDirectory, logger: silentLogger });
}

export function folderSource(location: string, changes: Partial<NewSource> = {}): NewSource {
  return { name: "docs", kind: "folder", location, acl: ["public"], ...changes };
}

/** Runs a sync to its end and returns its diff. */
export async function syncToEnd(
  admin: KnowledgeAdmin,
  name = "docs",
  options: { readonly confirmRemovals?: boolean; readonly tenantId?: string } = {},
): Promise<SyncDiff> {
  const { tenantId = DEFAULT_TENANT, confirmRemovals = false } = options;
  const progress = admin.sync(tenantId, name, { confirmRemovals }, new AbortController().signal);
  for await (const step of progress) if (step.kind === "done") return step.diff;
  throw new Error("the sync ended without a diff");
}

export interface SyncedKnowledge {
  readonly admin: KnowledgeAdmin;
  readonly embeddings: CountingEmbeddings;
  /** The diff of the one sync there was. */
  readonly first: SyncDiff;
}

/** Knowledge of a tenant with this folder as its source `docs`, synced once. */
export async function syncedKnowledge(
  { database, tenant }: { readonly database: Database; readonly tenant: TenantId },
  folder: TestFolder,
): Promise<SyncedKnowledge> {
  const embeddings = countingEmbeddings();
  const admin = testKnowledge(database, embeddings);
  await admin.addSource(tenant, folderSource(folder.location));
  const first = await syncToEnd(admin, "docs", { tenantId: tenant });
  return { admin, embeddings, first };
}
