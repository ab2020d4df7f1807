import { errorCode, type DeskhandError } from "../../src/ports/errors.js";
import type { SyncDiff, SyncOptions, SyncProgress } from "../../src/ports/knowledge.js";
import { ModelError } from "../../src/ports/models.js";
import { SyncTimeoutError } from "../../src/ports/sync-requests.js";
import { CHUNKER } from "../chunking/chunk-document.js";
import { openSource } from "../sources/open-source.js";
import { isServing } from "../search/search-indexes.js";
import { createTurns } from "../../src/text/take-turns.js";
import { SourceError } from "../sources/source.js";
import type { ItemFailure, Source, SourceItem, SourceListing } from "../sources/source.js";
import { fromStoredRevision, readingBasis, toStoredRevision } from "./document-hash.js";
import { closeVersions } from "./close-documents.js";
import { readKnownDocuments } from "./document-store.js";
import { fillIndex } from "./fill-index.js";
import { fillTenantIndex } from "./fill-tenant-index.js";
import { readKnownItems } from "./item-store.js";
import type { KnownItem } from "./item-store.js";
import { readKeptText } from "./kept-text.js";
import { planVersion } from "./plan-versions.js";
import type { PlannedVersion } from "./plan-versions.js";
import { readBatch } from "./read-batch.js";
import type { ReadBatch } from "./read-batch.js";
import { mustHoldRemovals } from "./removal-guard.js";
import { repeatedId } from "./repeated-id.js";
import { finishRun, holdRun, notifyProgress, readRun } from "./run-store.js";
import type { RunResult } from "./run-store.js";
import { keepCursor } from "./source-store.js";
import { serveRequests } from "./sync-requests.js";
import { settleDemo } from "./step-aside.js";
import type { SyncContext } from "./sync-context.js";
import { SyncLedger } from "./sync-ledger.js";
import { VersionWriter } from "./version-writer.js";
import { removeDocuments } from "./write-batch.js";

const ITEMS_PER_BATCH = 24;

/** Does the work of one begun run and records how it ended, also when it is stopped on the way. */
export async function* runSync(
  context: SyncContext,
  options: SyncOptions,
  signal: AbortSignal,
): AsyncGenerator<SyncProgress> {
  const ledger = await openLedger(context);
  let state: SyncDiff["state"] = "failed";
  let cursor = context.source.cursor;
  try {
    const { open = openSource } = context;
    const source = await open(context.source, { ...context, sourceId: context.source.sourceId });
    const basis = readingBasis(context.source.acl, context.chunker ?? CHUNKER);
    const listing = withoutRepeats(await source.list(fromStoredRevision(context.source.cursor, basis), signal));
    ledger.noteListing(listing);
    yield { kind: "listed", runId: context.runId, total: listing.items.length };
    const down = yield* indexItemsOf(context, source, listing, ledger, signal);
    const reached = await applyRemovals(context, ledger, listing, options);
    if (down !== null) throw down;
    state = reached;
    const isWhole = state === "done" && ledger.failures.length === 0;
    if (isWhole || listing.hint !== undefined) cursor = toStoredRevision(listing.hint ?? listing.cursor, basis);
  } catch (error) {
    const failure = runFailure(error, signal);
    if (failure === null) throw error;
    ledger.failures.push(failure);
  } finally {
    // Reached also when the consumer stops listening: what was written stays, and the next run takes up there.
    if (state === "failed" && ledger.failures.length === 0) ledger.failures.push(INTERRUPTED);
    await recordEnd(context, ledger.result(state), cursor);
  }
  if (!signal.aborted) await fillOthers(context, signal);
  const diff = await readDiff(context);
  yield { kind: "done", diff: diff.state === "running" ? withoutEnd(diff, ledger) : diff };
}

/** What was written is there; only how it ended is told by nobody else. */
function withoutEnd(diff: SyncDiff, ledger: SyncLedger): SyncDiff {
  const result = ledger.result("failed");
  return { ...diff, ...result, failed: [...result.failed, END_NOT_RECORDED] };
}

/** Of items with one id only the first is read. */
function withoutRepeats(listing: SourceListing): SourceListing {
  const listed = new Map<string, SourceItem>();
  const repeated: ItemFailure[] = [];
  for (const item of listing.items) {
    if (listed.has(item.externalId)) repeated.push({ externalId: repeatedId(item.externalId), ...REPEATED });
    else listed.set(item.externalId, item);
  }
  if (repeated.length === 0) return listing;
  return { ...listing, items: [...listed.values()], failures: [...listing.failures, ...repeated] };
}

const REPEATED = {
  code: "duplicate-id",
  message: "The place lists this id twice; the second one is left out. Give each item an id of its own.",
};

const INTERRUPTED: ItemFailure = {
  externalId: "",
  code: "interrupted",
  message: "The sync was stopped. The next one takes up where it was.",
};

const END_NOT_RECORDED: ItemFailure = {
  externalId: "",
  code: "end-not-recorded",
  message: "The end of the sync could not be recorded. Look at the database, and sync again in a minute.",
};

async function openLedger({ database, tenantId, source }: SyncContext): Promise<SyncLedger> {
  return database.withTenant(tenantId, async (transaction) => {
    const documents = await readKnownDocuments(transaction, tenantId, source.sourceId);
    return new SyncLedger(documents, await readKnownItems(transaction, tenantId, source.sourceId));
  });
}

/** What ends a run as a whole and is told in its diff. Null: a fault that its caller has to hear of. */
function runFailure(error: unknown, signal: AbortSignal): ItemFailure | null {
  if (signal.aborted) return signal.reason instanceof SyncTimeoutError ? toFailure(signal.reason) : INTERRUPTED;
  if (error instanceof SourceError) return toFailure(error);
  if (!(error instanceof ModelError)) return null;
  const message = `Embeddings failed: ${error.failure}. What was indexed before is served; sync again when it is mended.`;
  return { externalId: "", code: error.code, message };
}

function toFailure({ code, message }: DeskhandError): ItemFailure {
  return { externalId: "", code, message };
}

/**
 * Resolves with what the embedding model failed of, or null. Then the new texts are not there, and yet all is known that
 * takes something away.
 */
async function* indexItemsOf(
  context: SyncContext,
  source: Source,
  listing: SourceListing,
  ledger: SyncLedger,
  signal: AbortSignal,
): AsyncGenerator<SyncProgress, ModelError | null> {
  try {
    yield* writeItemsOf(context, source, listing, ledger, signal);
    await fillIndex(context, signal);
    return null;
  } catch (error) {
    if (signal.aborted || !(error instanceof ModelError)) throw error;
    return error;
  }
}

/**
 * Reads the next batch while the ones before are embedded and written. Once the embedding model has failed, only what is
 * answered from is still read: who may read it may have changed.
 */
async function* writeItemsOf(
  context: SyncContext,
  source: Source,
  listing: SourceListing,
  ledger: SyncLedger,
  signal: AbortSignal,
): AsyncGenerator<SyncProgress> {
  const batches = inBatches(listing.items);
  const writer = new VersionWriter(context, ledger, signal);
  const total = listing.items.length;
  const known = { items: ledger.knownItems, isSettled: (item: KnownItem) => ledger.isSettled(item) };
  const read = (items: readonly SourceItem[] | undefined): Promise<ReadBatch> | null => {
    const mayPassOver = writer.isDown && ledger.knowsWhence;
    const wanted = mayPassOver ? items?.filter(({ externalId }) => known.items.has(externalId)) : items;
    const reading = wanted === undefined ? null : readBatch(context, source, wanted, known, signal);
    // Awaited a batch later; until then a failure must not count as unhandled.
    reading?.catch(() => undefined);
    return reading;
  };
  let done = 0;
  const progress = (externalIds: readonly string[]): readonly SyncProgress[] =>
    externalIds.map((externalId) => ({ kind: "document", done: (done += 1), total, externalId }));
  try {
    let next = read(batches[0]);
    for (let index = 0; next !== null; index += 1) {
      const batch = await next;
      next = read(batches[index + 1]);
      yield* progress(await writeBatch(context, batch, ledger, writer, signal));
      yield* progress(writer.takeWritten());
    }
    await writer.finish();
    yield* progress(writer.takeWritten());
  } finally {
    await writer.stop();
  }
}

function inBatches(items: readonly SourceItem[]): readonly (readonly SourceItem[])[] {
  const count = Math.ceil(items.length / ITEMS_PER_BATCH);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * ITEMS_PER_BATCH, (index + 1) * ITEMS_PER_BATCH),
  );
}

/** Resolves with the items of which there is nothing to be written. */
async function writeBatch(
  context: SyncContext,
  batch: ReadBatch,
  ledger: SyncLedger,
  writer: VersionWriter,
  signal: AbortSignal,
): Promise<readonly string[]> {
  ledger.noteUnchanged([...batch.unchanged, ...batch.touched]);
  ledger.noteFailures(batch.failures);
  ledger.noteSkipped(batch.skipped);
  const takeTurns = createTurns();
  for (const item of batch.touched) await writer.add(item, []);
  const planned: { readonly item: KnownItem; readonly plans: readonly PlannedVersion[] }[] = [];
  for (const { item, documents, editedBy, bytesHash } of batch.parsed) {
    const plans: PlannedVersion[] = [];
    for (const document of documents) {
      if (!ledger.noteSeen(document.externalId)) continue;
      ledger.noteRemarks(document);
      const origin = { acl: context.source.acl, editedBy, bytesHash };
      const known = ledger.known(document.externalId);
      const readKept = () => readKeptText(context, document, known, signal);
      const plan = await planVersion(document, origin, known, readKept, context);
      if (plan === null) ledger.noteSame();
      else plans.push(plan);
      await takeTurns();
    }
    planned.push({ item, plans });
  }
  const closings = planned.flatMap(({ plans }) => ledger.closingsBefore(plans));
  await closeVersions(context, [...ledger.closingsOf(batch.restricted), ...closings]);
  for (const { item, plans } of planned) await writer.add(item, plans);
  return [...batch.unchanged, ...batch.failures, ...batch.skipped].map((item) => item.externalId);
}

/** At the very end, when all that is there has been seen. */
async function applyRemovals(
  context: SyncContext,
  ledger: SyncLedger,
  listing: SourceListing,
  options: SyncOptions,
): Promise<SyncDiff["state"]> {
  const gone = ledger.unseen();
  const isEmpty = listing.scope === "whole" && listing.items.length === 0 && listing.failures.length === 0;
  if (gone.length > 0 && isEmpty) {
    ledger.failures.push({
      externalId: "",
      code: "empty-listing",
      message: "The source lists nothing, so nothing was removed. Check its path; to drop it, remove the source.",
    });
  }
  // What could not be seen may still be there: a person confirms what is gone, not what was not looked at.
  const isUncertain = isEmpty || !listing.isComplete;
  const mustWait = isUncertain || (mustHoldRemovals(gone.length, ledger.documentsBefore) && !options.confirmRemovals);
  if (gone.length > 0 && mustWait) {
    ledger.heldRemovals.push(...gone.map((document) => document.externalId));
    return "held";
  }
  await removeDocuments(context, gone, ledger.goneItems());
  ledger.removed.push(...gone.map((document) => document.externalId));
  return "done";
}

/** @param cursor where the next listing begins: as before, unless all that this one listed is in */
async function recordEnd(context: SyncContext, result: Omit<RunResult, "demo">, cursor: string | null): Promise<void> {
  const { database, tenantId, runId, source, logger } = context;
  try {
    await database.withTenant(tenantId, async (transaction) => {
      await holdRun(transaction, tenantId, runId);
      const demo = await settleDemo(transaction, context, result.state);
      await context.indexer.serve(transaction, tenantId);
      await finishRun(transaction, tenantId, runId, { ...result, demo });
      if (result.state !== "failed") await serveRequests(transaction, tenantId, source);
      await keepCursor(transaction, tenantId, source.sourceId, cursor);
      await notifyProgress(transaction, tenantId, runId);
    });
  } catch (error) {
    // A run without an end is ended by the next one. The error that brought us here must not be lost to this one.
    logger.error("sync end not recorded", { runId, code: errorCode(error) });
  }
}

/** After a change of the embedding model, no source that cannot be listed keeps the others from being searched by it. */
async function fillOthers(context: SyncContext, signal: AbortSignal): Promise<void> {
  const { database, tenantId, runId, logger, indexer } = context;
  try {
    const isWhole = await database.withTenant(tenantId, (transaction) =>
      isServing(transaction, tenantId, indexer.indexKey),
    );
    if (!isWhole) await fillTenantIndex(context, tenantId, signal);
  } catch (error) {
    // The run has ended, and the next one does it again.
    logger.warn("search index not filled", { runId, code: errorCode(error) });
  }
}

function readDiff({ database, tenantId, runId }: SyncContext): Promise<SyncDiff> {
  return database.withTenant(tenantId, (transaction) => readRun(transaction, tenantId, runId));
}
