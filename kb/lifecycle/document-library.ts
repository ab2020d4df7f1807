import type { Queryable } from "../../src/ports/database.js";
import type {
  DocumentLibrary,
  DocumentList,
  DocumentText,
  LibraryReader,
  VersionName,
  VersionPair,
  VersionSummary,
} from "../../src/ports/document-library.js";
import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import { newestRuns } from "../sync/run-store.js";
import { readSource, readSources } from "../sync/source-store.js";
import { countChanges, unifiedDiff } from "./compare-versions.js";
import { findDocument, listDocuments, readVersions } from "./document-rows.js";
import type { FoundDocument, StoredVersion } from "./document-rows.js";
import { restoreDocument } from "./restore-document.js";
import type { RestoreDependencies } from "./restore-document.js";
import { readStale } from "./stale-documents.js";

/** See {@link DocumentLibrary}. */
export function createDocumentLibrary(dependencies: RestoreDependencies): DocumentLibrary {
  const { database } = dependencies;
  const within = <T>(reader: LibraryReader, work: (transaction: Queryable) => Promise<T>) =>
    database.withTenant(reader.tenantId, work);
  return {
    documents: (reader, source) => within(reader, (transaction) => documentsOf(transaction, reader, source)),
    document: (reader, source, externalId) =>
      within(reader, (transaction) => textOf(transaction, reader, source, externalId)),
    versions: (reader, source, externalId) =>
      within(reader, async (transaction) => summaries(await versionsOf(transaction, reader, source, externalId))),
    compare: (reader, source, externalId, numbers) =>
      within(reader, async (transaction) => {
        const versions = await versionsOf(transaction, reader, source, externalId);
        return compare(externalId, versions, numbers);
      }),
    restore: (reader, name, actor, signal) => restore(dependencies, reader, name, actor, signal),
    stale: (reader, days) => within(reader, (transaction) => readStale(transaction, reader, days)),
  };
}

async function documentsOf(transaction: Queryable, reader: LibraryReader, source: string): Promise<DocumentList> {
  const sourceId = await sourceIdOf(transaction, reader, source);
  const errors = await lastErrors(transaction, reader, sourceId);
  const { documents, total } = await listDocuments(transaction, reader, sourceId);
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
  if (source !== null) return source.sourceId;
  const names = (await readSources(transaction, tenantId, null)).map((other) => other.name).join(", ");
  throw new NotFoundError(`There is no source "${name}". ${names === "" ? "No sources yet." : `Sources: ${names}.`}`);
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

function summaries(versions: readonly StoredVersion[]): readonly VersionSummary[] {
  return versions.map((version, index) => {
    const { number, title, createdAt, editedBy, isCurrent } = version;
    const before = versions[index + 1];
    const changes = before === undefined ? null : countChanges(labelled(before), labelled(version));
    return { number, title, createdAt, editedBy, isCurrent, changes };
  });
}

function compare(externalId: string, versions: readonly StoredVersion[], { from, to }: VersionPair): string {
  const before = requireVersion(versions, externalId, from);
  const after = requireVersion(versions, externalId, to);
  const diff = unifiedDiff(labelled(before, externalId), labelled(after, externalId));
  if (diff === null) throw new UsageError("These two versions are too long and too different to be compared.");
  return diff;
}

function requireVersion(versions: readonly StoredVersion[], externalId: string, number: number): StoredVersion {
  const found = versions.find((version) => version.number === number);
  if (found !== undefined) return found;
  const numbers = versions.map((version) => version.number).join(", ");
  throw new NotFoundError(`${externalId} has no version ${number}. Versions: ${numbers}.`);
}

function labelled({ number, title, body }: StoredVersion, externalId = "") {
  return { label: `${externalId} (version ${number})`, title, body };
}

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
    const versions = await readVersions(transaction, reader, documentId);
    return { documentId, wanted: requireVersion(versions, externalId, version) };
  });
  const { documentId, wanted } = found;
  if (wanted.isCurrent) throw new UsageError(`Version ${version} of ${externalId} is current already.`);
  const restored = { source, externalId, documentId, versionId: wanted.versionId, version };
  return restoreDocument(dependencies, tenantId, restored, actor, signal);
}
