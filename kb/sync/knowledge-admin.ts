import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import type { TenantId } from "../../src/ports/ids.js";
import type {
  KnowledgeAdmin,
  NewSource,
  SourceStatus,
  SyncDiff,
  SyncOptions,
  SyncProgress,
} from "../../src/ports/knowledge.js";
import type { Queryable } from "../../src/ports/database.js";
import { SyncRunningError } from "../../src/ports/sync-requests.js";
import { recordChange } from "../lifecycle/audit-store.js";
import { lockIdleSource, markRemoved } from "../lifecycle/removed-sources.js";
import { refuseSharedSecret } from "../lifecycle/shared-secret.js";
import { clearSpool } from "../lifecycle/source-work.js";
import { withdrawDocuments } from "../lifecycle/withdraw-source.js";
import { checkSourceRecord } from "../sources/open-source.js";
import { fillTenantIndex } from "./fill-tenant-index.js";
import { RunProgress } from "./run-progress.js";
import { beginRun, newestRuns, notifyProgress } from "./run-store.js";
import { runSync } from "./run-sync.js";
import { noSourceNamed } from "./source-names.js";
import { freeNameOfDemo, insertSource, readSource, readSources } from "./source-store.js";
import type { StoredSource } from "./source-store.js";
import type { SyncContext, SyncDependencies } from "./sync-context.js";
import { changeSource } from "./update-source.js";

const SOURCE_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,62}$/u;

/** Whose changes are recorded as nobody's in particular. */
const DESKHAND = "deskhand";

interface AdminDependencies extends SyncDependencies {
  readonly actor: string;
}

/** Adds sources and syncs them. See {@link KnowledgeAdmin}. */
export function createKnowledgeAdmin(given: SyncDependencies, actor = DESKHAND): KnowledgeAdmin {
  const dependencies: AdminDependencies = { ...given, actor };
  return {
    as: (other) => createKnowledgeAdmin(given, other),
    addSource: (tenantId, source) => addSource(dependencies, tenantId, source),
    updateSource: (tenantId, source) => updateSource(dependencies, tenantId, source),
    removeSource: (tenantId, name, sourceId) => removeSource(dependencies, tenantId, name, sourceId),
    status: (tenantId) => readStatus(dependencies, tenantId, null),
    sync: (tenantId, name, options, signal) => syncSource(dependencies, tenantId, name, options, signal),
    fillIndex: (tenantId, signal) => fillTenantIndex(dependencies, tenantId, signal),
    lastDiff: (tenantId, name) => readLastDiff(dependencies, tenantId, name),
  };
}

async function addSource(
  dependencies: AdminDependencies,
  tenantId: TenantId,
  source: NewSource,
): Promise<SourceStatus> {
  const { database, newId } = dependencies;
  checkSource(source);
  await checkSourceRecord(source, dependencies);
  const sourceId = newId();
  await database.withTenant(tenantId, async (transaction) => {
    if (source.isDemo !== true) {
      await freeNameOfDemo(transaction, tenantId, source.name);
      await refuseSharedSecret(transaction, tenantId, source.name);
    }
    if (!(await insertSource(transaction, tenantId, sourceId, source))) {
      throw new UsageError(`There is a source named ${source.name}. Choose another name, or remove that one.`);
    }
    await record(dependencies, transaction, tenantId, "add", source.name, placeOf(source));
  });
  return statusOf(dependencies, tenantId, source.name);
}

/** Options stay out: whoever misplaces a secret there finds it in no second place. */
function placeOf({ kind, location, acl }: NewSource) {
  return { kind, location, acl };
}

function record(
  { actor, newId }: AdminDependencies,
  transaction: Queryable,
  tenantId: TenantId,
  action: string,
  sourceName: string,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  return recordChange(transaction, tenantId, newId, { actor, action, sourceName, detail });
}

async function updateSource(
  dependencies: AdminDependencies,
  tenantId: TenantId,
  source: NewSource,
): Promise<SourceStatus> {
  checkSource(source);
  const { database, newId } = dependencies;
  await database.withTenant(tenantId, async (transaction) => {
    const before = await readSource(transaction, tenantId, source.name);
    // What is only closed to some must never be refused.
    const isElsewhere = before?.kind !== source.kind || before.location !== source.location;
    if (isElsewhere) await refuseSharedSecret(transaction, tenantId, source.name);
    await changeSource(transaction, tenantId, source, newId);
    await record(dependencies, transaction, tenantId, "change", source.name, placeOf(source));
  });
  return statusOf(dependencies, tenantId, source.name);
}

async function statusOf(dependencies: SyncDependencies, tenantId: TenantId, name: string): Promise<SourceStatus> {
  const [status] = await readStatus(dependencies, tenantId, name);
  if (status === undefined) throw new NotFoundError(`source ${name}`);
  return status;
}

function checkSource({ name, acl }: NewSource): void {
  if (!SOURCE_NAME.test(name)) {
    throw new UsageError("A source's name is 1 to 63 letters, digits, spaces, dots, hyphens and underscores.");
  }
  if (acl.length === 0 || acl.some((token) => token.trim() === "")) {
    throw new UsageError("A source needs at least one audience, for example public.");
  }
}

/** Nothing of it is found once it is marked; its passages leave the index afterwards, some at a time. */
async function removeSource(
  dependencies: AdminDependencies,
  tenantId: TenantId,
  name: string,
  meant: string | undefined,
): Promise<void> {
  const sourceId = await dependencies.database.withTenant(tenantId, async (transaction) => {
    const locked = await lockIdleSource(transaction, tenantId, name);
    if (locked === null) throw await noSourceNamed(transaction, tenantId, name);
    refuseAnother(name, locked, meant);
    await markRemoved(transaction, tenantId, locked);
    await record(dependencies, transaction, tenantId, "remove", name);
    return locked;
  });
  await withdrawDocuments(dependencies, tenantId, sourceId);
}

function refuseAnother(name: string, found: string, meant: string | undefined): void {
  if (meant === undefined || meant === found) return;
  throw new UsageError(`Another source is named ${name} by now. Type the command again to see what it would do.`);
}

async function findSource({ database }: SyncDependencies, tenantId: TenantId, name: string): Promise<StoredSource> {
  return database.withTenant(tenantId, async (transaction) => {
    const source = await readSource(transaction, tenantId, name);
    if (source === null) throw await noSourceNamed(transaction, tenantId, name);
    return source;
  });
}

async function readStatus(
  { database }: SyncDependencies,
  tenantId: TenantId,
  name: string | null,
): Promise<readonly SourceStatus[]> {
  return database.withTenant(tenantId, async (transaction) => {
    const sources = await readSources(transaction, tenantId, name);
    const ids = sources.map((source) => source.sourceId);
    const runs = await newestRuns(transaction, tenantId, ids, { withRunning: true });
    return sources.map((source) => ({ ...source, lastRun: runs.get(source.sourceId) ?? null }));
  });
}

async function readLastDiff(
  dependencies: SyncDependencies,
  tenantId: TenantId,
  name: string,
): Promise<SyncDiff | null> {
  const { sourceId } = await findSource(dependencies, tenantId, name);
  return dependencies.database.withTenant(tenantId, async (transaction) => {
    const runs = await newestRuns(transaction, tenantId, [sourceId], { withRunning: false });
    return runs.get(sourceId) ?? null;
  });
}

async function* syncSource(
  dependencies: AdminDependencies,
  tenantId: TenantId,
  name: string,
  options: SyncOptions,
  signal: AbortSignal,
): AsyncGenerator<SyncProgress> {
  const { sourceId } = await findSource(dependencies, tenantId, name);
  const { confirmRemovals } = options;
  refuseAnother(name, sourceId, options.sourceId);
  const runId = dependencies.newId();
  const source = await dependencies.database.withTenant(tenantId, async (transaction) => {
    if (!(await beginRun(transaction, tenantId, sourceId, runId))) return undefined;
    if (dependencies.actor !== DESKHAND)
      await record(dependencies, transaction, tenantId, "sync", name, { confirmRemovals });
    // Read after the run has begun: from here on a change of the source ends the run.
    const begun = await readSource(transaction, tenantId, name);
    if (begun?.sourceId !== sourceId) throw await noSourceNamed(transaction, tenantId, name);
    await notifyProgress(transaction, tenantId, runId);
    return begun;
  });
  if (source === undefined) throw new SyncRunningError(name);
  const progress = new RunProgress({ ...dependencies, tenantId, runId });
  const found = (count: number): void => progress.found(count);
  const context: SyncContext = { ...dependencies, tenantId, source, runId, found };
  try {
    for await (const step of runSync(context, options, signal)) {
      progress.note(step);
      yield step;
    }
  } finally {
    await progress[Symbol.asyncDispose]();
    await clearSpool(dependencies.workDirectory, sourceId, dependencies.logger);
  }
}
