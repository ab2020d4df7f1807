import type { Queryable } from "../../src/ports/database.js";
import { COMPARED_VERSIONS } from "../../src/ports/document-library.js";
import type {
  DocumentLibrary,
  DocumentList,
  DocumentText,
  LibraryReader,
  VersionName,
  VersionSummary,
} from "../../src/ports/document-library.js";
import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import { newestRuns } from "../sync/run-store.js";
import { noSourceNamed } from "../sync/source-names.js";
import { readSource } from "../sync/source-store.js";
import { createTurns } from "../../src/text/take-turns.js";
import { countChanges, unifiedDiff } from "./compare-versions.js";
import type { VersionText } from "./compare-versions.js";
import { findDocument, listDocuments, readBody, readVersions } from "./document-rows.js";
import type { FoundDocument, StoredVersion } from "./document-rows.js";
import { restoreDocument } from "./restore-document.js";
import type { RestoreDependencies } from "./restore-document.js";
import { readStale } from "./stale-documents.js";

type Within = <T>(reader: LibraryReader, work: (transaction: Queryable) => Promise<T>) => Promise<T>;

/** See {@link DocumentLibrary}. */
export function createDocumentLibrary(dependencies: RestoreDependencies): DocumentLibrary {
  const { database } = dependencies;
  const within: Within = (reader, work) => database.withTenant(reader.tenantId, work);
  return {
    documents: (reader, source, file) =>
      within(reader, (transaction) => documentsOf(transaction, reader, source, file)),
    document: (reader, source, externalId) =>
      within(reader, (transaction) => textOf(transaction, reader, source, externalId)),
    versions: (reader, source, externalId) => versionsWithChanges(within, reader, source, externalId),
    compare: async (reader, source, externalId, numbers) => {
      const [before, after] = await within(reader, async (transaction) => {
        const versions = await versionsOf(transaction, reader, source, externalId);
        const textOf = async (number: number) =>
          labelled(transaction, reader, requireVersion(versions, externalId, number), externalId);
        return [await textOf(numbers.from), await textOf(numbers.to)] as const;
      });
      return compare(before, after);
    },
    restore: (reader, name, actor, signal) => restore(dependencies, reader, name, actor, signal),
    stale: (reader, days) => within(reader, (transaction) => readStale(transaction, reader, days)),
  };
}

async function documentsOf(
  transaction: Queryable,
  reader: LibraryReader,
  source: string,
  file: string | null,
): Promise<DocumentList> {
  const sourceId = await sourceIdOf(transaction, reader, source);
  const errors = await lastErrors(transaction, reader, sourceId);
  const { documents, total } = await listDocuments(transaction, reader, sourceId, file);
  return {
    total,
    documents: documents.map((document) => ({ ...document, lastError: errors.get(document.externalId) ?? null })),
  };
}

async function textOf(
  transaction: Queryable,
  reader: LibraryReader,
  source: string,
  externalId: string,
): Promise<DocumentText> {
  const found = await requireDocument(transaction, reader, source, externalId);
  const errors = await lastErrors(transaction, reader, found.sourceId);
  const { title, state, version, changedAt, updatedAt, editedBy, validUntil, url, body } = found;
  const lastError = errors.get(externalId) ?? null;
  return { externalId, title, state, version, changedAt, updatedAt, editedBy, validUntil, url, body, lastError };
}

async function lastErrors(
  transaction: Queryable,
  { tenantId }: LibraryReader,
  sourceId: string,
): Promise<ReadonlyMap<string, string>> {
  const runs = await newestRuns(transaction, tenantId, [sourceId], { withRunning: false });
  return new Map((runs.get(sourceId)?.failed ?? []).map(({ externalId, message }) => [externalId, message]));
}

async function sourceIdOf(transaction: Queryable, { tenantId }: LibraryReader, name: string): Promise<string> {
  const source = await readSource(transaction, tenantId, name);
  if (source === null) throw await noSourceNamed(transaction, tenantId, name);
  return source.sourceId;
}

async function requireDocument(
  transaction: Queryable,
  reader: LibraryReader,
  source: string,
  externalId: string,
): Promise<FoundDocument & { readonly sourceId: string }> {
  const sourceId = await sourceIdOf(transaction, reader, source);
  const document = await findDocument(transaction, reader, sourceId, externalId);
  if (document !== null) return { ...document, sourceId };
  throw new NotFoundError(`${source} has no document "${externalId}". See them all: kb show ${source}`);
}

async function versionsOf(
  transaction: Queryable,
  reader: LibraryReader,
  source: string,
  externalId: string,
): Promise<readonly StoredVersion[]> {
  const { documentId } = await requireDocument(transaction, reader, source, externalId);
  return readVersions(transaction, reader, documentId);
}

/** Texts are read one after the other and compared outside of any transaction, with turns for everything else between. */
async function versionsWithChanges(
  within: Within,
  reader: LibraryReader,
  source: string,
  externalId: string,
): Promise<readonly VersionSummary[]> {
  const versions = await within(reader, (transaction) => versionsOf(transaction, reader, source, externalId));
  const changes: VersionSummary["changes"][] = [];
  const takeTurns = createTurns();
  let after: VersionText | null = null;
  for (const version of versions.slice(0, COMPARED_VERSIONS + 1)) {
    const before = await within(reader, (transaction) => labelled(transaction, reader, version, externalId));
    await takeTurns();
    if (after !== null) changes.push(countChanges(before, after));
    after = before;
  }
  return versions.map(({ number, title, createdAt, editedBy, isCurrent }, index) => ({
    ...{ number, title, createdAt, editedBy, isCurrent },
    changes: changes[index] ?? null,
  }));
}

/** @throws {UsageError} for two that are too long or differ in too many lines, with their number. */
function compare(before: VersionText, after: VersionText): string {
  const diff = unifiedDiff(before, after);
  if (typeof diff === "string") return diff;
  const { addedLines, removedLines } = diff;
  throw new UsageError(
    `These two versions are too long or differ in too many lines to be shown: +${addedLines} -${removedLines}.`,
  );
}

function requireVersion(versions: readonly StoredVersion[], externalId: string, number: number): StoredVersion {
  const found = versions.find((version) => version.number === number);
  if (found !== undefined) return found;
  const numbers = versions.map((version) => version.number).join(", ");
  throw new NotFoundError(`${externalId} has no version ${number}. Versions: ${numbers}.`);
}

async function labelled(
  transaction: Queryable,
  { tenantId }: LibraryReader,
  { number, title, versionId }: StoredVersion,
  externalId: string,
): Promise<VersionText> {
  const body = await readBody(transaction, tenantId, versionId);
  return { label: `${externalId} (version ${number})`, title, body };
}

const ENTRY_NOT_RESTORED =
  "An entry is not restored: write it anew, approve and publish it. See what it said: kb entries archived";

async function restore(
  dependencies: RestoreDependencies,
  reader: LibraryReader,
  { source, externalId, version }: VersionName,
  actor: string,
  signal: AbortSignal,
): Promise<number> {
  const { tenantId } = reader;
  const found = await dependencies.database.withTenant(tenantId, async (transaction) => {
    const { documentId } = await requireDocument(transaction, reader, source, externalId);
    // Its steps alone say whether an entry is answered from: one that is archived would be, with no step left to end it.
    if ((await readSource(transaction, tenantId, source))?.kind === "entries") throw new UsageError(ENTRY_NOT_RESTORED);
    const versions = await readVersions(transaction, reader, documentId);
    return { documentId, wanted: requireVersion(versions, externalId, version) };
  });
  const { documentId, wanted } = found;
  if (wanted.isCurrent) throw new UsageError(`Version ${version} of ${externalId} is current already.`);
  const restored = { source, externalId, documentId, versionId: wanted.versionId, version };
  return restoreDocument(dependencies, tenantId, restored, actor, signal);
}
