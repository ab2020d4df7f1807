import { NotFoundError, UsageError, assertNever } from "../ports/errors.js";
import type { DocumentLibrary, LibraryReader } from "../ports/document-library.js";
import type { TenantId } from "../ports/ids.js";
import type { KnowledgeAudit } from "../ports/knowledge-audit.js";
import type { KnowledgeEntries } from "../ports/knowledge-entries.js";
import type { OriginalTexts } from "../ports/original-texts.js";
import type { Reply } from "../ports/reply.js";
import type { SourceLifecycle } from "../ports/source-lifecycle.js";
import { RUNS_LISTED, type NumberedRun, type SyncRuns } from "../ports/sync-runs.js";
import { auditReply } from "./audit-reply.js";
import { entriesReply, entryReply } from "./entry-replies.js";
import type { KnowledgeCommand } from "./knowledge-command.js";
import { documentReply, documentsReply, historyReply, patchReply, staleReply } from "./library-replies.js";
import { code, paragraph, reply, text } from "./reply-blocks.js";
import { lastChangeReply, runReply, runsReply } from "./run-replies.js";

export interface KnowledgeDesk {
  readonly lifecycle: SourceLifecycle;
  readonly library: DocumentLibrary;
  readonly originals: OriginalTexts;
  readonly entries: KnowledgeEntries;
  readonly audit: KnowledgeAudit;
  readonly runs: SyncRuns;
}

/** Who does it, as was verified, and what they may read; null: everything. */
export interface KnowledgeActor {
  readonly tenantId: TenantId;
  readonly actor: string;
  readonly audience: readonly string[] | null;
  /** The id of the stored event that asks for it; null where nothing is tried again. */
  readonly eventId: string | null;
}

/** What came of a command: for people, and for programs. */
export interface Managed {
  readonly reply: Reply;
  readonly data: unknown;
}

/** Does what people do with sources, documents and entries. Rejects as the ports do, with messages for whoever asked. */
export async function manageKnowledge(
  desk: KnowledgeDesk,
  who: KnowledgeActor,
  command: KnowledgeCommand,
  signal: AbortSignal,
): Promise<Managed> {
  switch (command.kind) {
    case "kb-pause":
    case "kb-resume":
    case "kb-restore":
    case "kb-purge":
      return changeSource(desk, who, command);
    case "kb-diff":
      return diff(desk, who, command);
    case "kb-runs": {
      const runs = await desk.runs.newest(who.tenantId, command.source, RUNS_LISTED);
      return { reply: runsReply(command.source, runs), data: runs };
    }
    case "kb-show":
      return show(desk, readerOf(who), command);
    case "kb-history":
      return history(desk, readerOf(who), command);
    case "kb-restore-document":
      return restoreDocument(desk, who, command, signal);
    case "kb-write":
    case "kb-entry":
    case "kb-entries":
      return manageEntries(desk, who, command);
    case "kb-stale": {
      const report = await desk.library.stale(readerOf(who), command.days);
      return { reply: staleReply(report), data: report };
    }
    case "kb-audit": {
      const entries = await desk.audit.newest(who.tenantId, command.limit);
      return { reply: auditReply(entries), data: entries };
    }
    default:
      return assertNever(command);
  }
}

type Of<Kind extends KnowledgeCommand["kind"]> = Extract<KnowledgeCommand, { kind: Kind }>;

function readerOf({ tenantId, audience }: KnowledgeActor): LibraryReader {
  return { tenantId, audience };
}

async function changeSource(
  { lifecycle }: KnowledgeDesk,
  { tenantId, actor }: KnowledgeActor,
  { kind, source }: Of<"kb-pause" | "kb-resume" | "kb-restore" | "kb-purge">,
): Promise<Managed> {
  const data = { source, done: kind };
  switch (kind) {
    case "kb-pause":
      await lifecycle.setPaused(tenantId, source, true, actor);
      return {
        reply: said(`${source} is paused: nothing syncs it until somebody asks for it. `, `kb resume ${source}`),
        data,
      };
    case "kb-resume":
      await lifecycle.setPaused(tenantId, source, false, actor);
      return { reply: said(`${source} is synced again as its schedule says.`), data };
    case "kb-restore":
      await lifecycle.restore(tenantId, source, actor);
      return {
        reply: said(`${source} is back. Its documents are answered from after a sync: `, `kb sync ${source}`),
        data,
      };
    case "kb-purge":
      await lifecycle.purge(tenantId, source, actor);
      return { reply: said(`${source} is gone for good, with all versions of its documents.`), data };
    default:
      return assertNever(kind);
  }
}

async function diff({ runs }: KnowledgeDesk, who: KnowledgeActor, { source, run }: Of<"kb-diff">) {
  const { tenantId } = who;
  const shownRun = async (opened: NumberedRun): Promise<NumberedRun> => ({
    ...opened,
    diff: await runs.shownTo(readerOf(who), opened.diff),
  });
  if (run !== null) {
    const opened = await shownRun(await runs.run(tenantId, source, run));
    return { reply: runReply(source, opened), data: { ...opened.diff, number: opened.number } };
  }
  const found = await runs.lastChange(tenantId, source);
  const last =
    found === null
      ? null
      : {
          ...found,
          changed: found.changed === null ? null : await shownRun(found.changed),
          newest: await shownRun(found.newest),
        };
  const shown = last?.changed ?? last?.newest;
  const data = shown === undefined ? null : { ...shown.diff, number: shown.number, later: last?.later };
  return { reply: lastChangeReply(source, last), data };
}

async function show(
  { library }: KnowledgeDesk,
  reader: LibraryReader,
  { source, document }: Of<"kb-show">,
): Promise<Managed> {
  if (document === null) {
    const list = await library.documents(reader, source, null);
    return { reply: documentsReply(source, list), data: list };
  }
  try {
    const shown = await library.document(reader, source, document);
    return { reply: documentReply(source, shown), data: shown };
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    // A file of which every row is a document is none itself.
    const rows = await library.documents(reader, source, document);
    if (rows.documents.length === 0) throw error;
    return { reply: documentsReply(`${source}, ${document}`, rows), data: rows };
  }
}

async function history(
  { library }: KnowledgeDesk,
  reader: LibraryReader,
  { source, document, between }: Of<"kb-history">,
): Promise<Managed> {
  if (between !== null) {
    const patch = await library.compare(reader, source, document, between);
    return { reply: patchReply(document, between, patch), data: { ...between, diff: patch } };
  }
  const versions = await library.versions(reader, source, document);
  return { reply: historyReply(source, document, versions), data: versions };
}

async function restoreDocument(
  { library }: KnowledgeDesk,
  who: KnowledgeActor,
  { source, document, version, isPreview }: Of<"kb-restore-document">,
  signal: AbortSignal,
): Promise<Managed> {
  const reader = readerOf(who);
  if (isPreview) return previewRestore(library, reader, { source, externalId: document, version });
  const number = await library.restore(reader, { source, externalId: document, version }, who.actor, signal);
  const words = `${document} has the text of version ${version} again, as version ${number}. It stays until its source has another text.`;
  return { reply: said(words), data: { source, document, version: number } };
}

async function previewRestore(
  library: DocumentLibrary,
  reader: LibraryReader,
  { source, externalId, version }: { readonly source: string; readonly externalId: string; readonly version: number },
): Promise<Managed> {
  const versions = await library.versions(reader, source, externalId);
  const wanted = versions.find(({ number }) => number === version);
  const current = versions.find(({ isCurrent }) => isCurrent);
  if (wanted === undefined) {
    throw new UsageError(`${externalId} has no version ${version}. See them: kb history ${source} ${externalId}`);
  }
  if (wanted.isCurrent) throw new UsageError(`Version ${version} of ${externalId} is current already.`);
  const place = current === undefined ? "It is removed now." : `It takes the place of version ${current.number}.`;
  const day = wanted.createdAt.slice(0, 10);
  return {
    reply: said(`This makes version ${version} of ${externalId} (${day}) current again. ${place}`),
    data: wanted,
  };
}

async function manageEntries(
  { entries }: KnowledgeDesk,
  { tenantId, actor, eventId }: KnowledgeActor,
  command: Of<"kb-write" | "kb-entry" | "kb-entries">,
): Promise<Managed> {
  switch (command.kind) {
    case "kb-write": {
      const { question, answer, variants, until } = command;
      const entry = await entries.write(
        tenantId,
        { question, answer, variants, validUntil: until },
        { actor, eventId },
      );
      return { reply: entryReply(entry), data: entry };
    }
    case "kb-entry": {
      const entry = await entries.step(tenantId, command.entry, command.step, { actor, eventId });
      return { reply: entryReply(entry), data: entry };
    }
    case "kb-entries": {
      const listed = await entries.list(tenantId, command.state);
      return { reply: entriesReply(listed, command.state), data: listed };
    }
    default:
      return assertNever(command);
  }
}

function said(words: string, next?: string): Reply {
  return reply(paragraph(text(words), ...(next === undefined ? [] : [code(next)])));
}
