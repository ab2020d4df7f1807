import type { KnowledgeDesk } from "../../src/commands/manage-knowledge.js";
import type { DocumentText, VersionSummary } from "../../src/ports/document-library.js";
import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import { newId } from "../../src/ports/ids.js";
import type { AuditEntry, NewAuditEntry } from "../../src/ports/knowledge-audit.js";
import { ENTRIES_SOURCE, type EntryState, type KnowledgeEntry } from "../../src/ports/knowledge-entries.js";
import type { KnowledgeAdmin } from "../../src/ports/knowledge.js";
import type { NumberedRun, RunSummary } from "../../src/ports/sync-runs.js";
import { unknownSource } from "../../src/ports/unknown-source.js";

const AT = "2026-01-02T03:04:05.000Z";

/** Sources, documents and entries in memory, as far as commands look at them. */
export class MemoryDesk {
  readonly paused = new Set<string>();
  readonly removed: string[] = [];
  readonly documents = new Map<string, DocumentText>();
  versions: readonly VersionSummary[] = [];
  readonly restored: unknown[] = [];
  readonly entries: KnowledgeEntry[] = [];
  readonly audited: NewAuditEntry[] = [];
  /** Documents that nobody but whoever runs Deskhand may read. */
  readonly secret = new Set<string>();
  readonly #sources: Pick<KnowledgeAdmin, "status">;

  /** @param sources whose last runs are told; there are no others */
  constructor(sources: Pick<KnowledgeAdmin, "status">) {
    this.#sources = sources;
  }

  async #lastRun(name: string): Promise<readonly NumberedRun[]> {
    const sources = await this.#sources.status("default");
    const found = sources.find((source) => source.name === name);
    if (found === undefined) {
      throw unknownSource(
        name,
        sources.map((source) => source.name),
      );
    }
    return found.lastRun === null ? [] : [{ number: 1, diff: found.lastRun }];
  }

  /** What the newest reader may read. */
  audience: readonly string[] | null = null;

  put(externalId: string, body: string, changes: Partial<DocumentText> = {}): void {
    const facts = {
      externalId,
      title: externalId,
      state: "current",
      version: 1,
      changedAt: AT,
      updatedAt: null,
    } as const;
    const rest = { editedBy: null, validUntil: null, lastError: null, url: null };
    this.documents.set(externalId, { ...facts, ...rest, body, ...changes });
  }

  readonly desk: KnowledgeDesk = {
    lifecycle: {
      setPaused: (_tenant, name, isPaused) => {
        if (isPaused) this.paused.add(name);
        else this.paused.delete(name);
        return Promise.resolve();
      },
      removed: () => Promise.resolve(this.removed.map((name) => ({ name, removedAt: AT, keptUntil: AT }))),
      restore: (_tenant, name) =>
        this.removed.includes(name)
          ? Promise.resolve(void this.removed.splice(this.removed.indexOf(name), 1))
          : Promise.reject(new NotFoundError(`No source named "${name}" was removed.`)),
      purge: () => Promise.resolve(),
      purgeExpired: () => Promise.resolve([]),
      recallDemo: () => Promise.resolve(false),
    },
    originals: { read: () => Promise.resolve(null) },
    library: {
      documents: ({ audience }, _source, file) => {
        this.audience = audience;
        const documents = [...this.documents.values()].filter(
          ({ externalId }) => file === null || externalId.startsWith(`${file}#`),
        );
        return Promise.resolve({ documents, total: documents.length });
      },
      document: (_reader, source, externalId) => {
        const found = this.documents.get(externalId);
        return found === undefined
          ? Promise.reject(new NotFoundError(`${source} has no document "${externalId}".`))
          : Promise.resolve(found);
      },
      versions: () => Promise.resolve(this.versions),
      compare: (_reader, _source, _externalId, { from, to }) => Promise.resolve(`--- ${from}\n+++ ${to}\n`),
      restore: (_reader, document, actor) => {
        this.restored.push({ ...document, actor });
        return Promise.resolve(9);
      },
      stale: (_reader, days) => Promise.resolve({ days, documents: [], total: 0, ownerless: [] }),
    },
    entries: {
      write: (_tenant, entry, { actor, eventId }) => {
        const before = this.entries.find(({ entryId }) => entryId === eventId);
        if (before !== undefined) return Promise.resolve(before);
        const people = { createdBy: actor, updatedBy: actor, approvedBy: null };
        const times = { createdAt: AT, updatedAt: AT, publishedAt: null };
        const written: KnowledgeEntry = {
          ...entry,
          source: ENTRIES_SOURCE,
          ...people,
          ...times,
          entryId: eventId ?? newId(),
          state: "draft",
        };
        this.entries.push(written);
        return Promise.resolve(written);
      },
      step: (_tenant, code, step, { actor }) => {
        const index = this.entries.findIndex(({ entryId }) => entryId.endsWith(code));
        const found = this.entries[index];
        if (found === undefined) return Promise.reject(new NotFoundError("There is no such entry."));
        if (step === "publish" && found.state !== "approved")
          return Promise.reject(new UsageError("Approve it first."));
        const state: EntryState = step === "approve" ? "approved" : step === "publish" ? "published" : "archived";
        const stepped = {
          ...found,
          state,
          updatedBy: actor,
          approvedBy: step === "approve" ? actor : found.approvedBy,
        };
        this.entries[index] = stepped;
        return Promise.resolve(stepped);
      },
      release: (_tenant, { writtenBy, ...entry }, actor) => {
        const people = { createdBy: writtenBy, updatedBy: actor, approvedBy: actor };
        const released = {
          ...entry,
          ...people,
          createdAt: AT,
          updatedAt: AT,
          publishedAt: AT,
          state: "published",
        } as const;
        this.entries.push(released);
        return Promise.resolve(released);
      },
      list: (_tenant, state) =>
        Promise.resolve(this.entries.filter((entry) => state === null || entry.state === state)),
    },
    runs: {
      newest: async (_tenant, source) => (await this.#lastRun(source)).map(toSummary),
      run: async (_tenant, source, number) => {
        const found = (await this.#lastRun(source)).find((run) => run.number === number);
        if (found === undefined) throw new NotFoundError(`${source} has no run ${number}.`);
        return found;
      },
      lastChange: async (_tenant, source) => {
        const [newest] = await this.#lastRun(source);
        return newest === undefined ? null : { changed: newest, newest, later: 0 };
      },
      shownTo: ({ audience }, diff) => {
        const added = diff.added.filter((name) => audience === null || !this.secret.has(name));
        const hidden = diff.added.length - added.length;
        return Promise.resolve(hidden === 0 ? diff : { ...diff, added, hidden });
      },
    },
    audit: {
      record: (_tenant, entry) => {
        this.audited.push(entry);
        return Promise.resolve();
      },
      newest: (_tenant, limit) =>
        Promise.resolve(this.audited.slice(-limit).map((entry): AuditEntry => ({ ...entry, at: AT }))),
    },
  };
}

function toSummary({ number, diff }: NumberedRun): RunSummary {
  const { state, startedAt, finishedAt, unchanged } = diff;
  const [added, changed, removed] = [diff.added.length, diff.changed.length, diff.removed.length];
  const rest = { failed: diff.failed.length, skipped: diff.skipped.length, held: diff.heldRemovals.length };
  return { number, state, startedAt, finishedAt, unchanged, added, changed, removed, ...rest };
}
