import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import { newId } from "../../src/ports/ids.js";
import type {
  KnowledgeAdmin,
  KnowledgeSearch,
  NewSource,
  Passage,
  SearchQuery,
  SearchResult,
  SourceStatus,
  SyncDiff,
  SyncOptions,
  SyncProgress,
} from "../../src/ports/knowledge.js";
import { SyncTakenOverError } from "../../src/ports/sync-requests.js";

/** A knowledge base in memory: each source has the documents that `documents` says it has. */
export class FolderKnowledge implements KnowledgeAdmin, KnowledgeSearch {
  readonly #sources = new Map<string, SourceStatus>();
  readonly #documents = new Map<string, readonly string[]>();
  /** What the next sync of any source cannot read. */
  failing: readonly string[] = [];
  /** What the next sync of any source passes over. */
  skipping: readonly string[] = [];
  /** What the next sync of any source reads in part. */
  remarking: readonly string[] = [];
  /** The source that somebody removes in the moment in which its next sync begins. */
  vanishing: string | null = null;
  /** How many of the next syncs are ended on the way, by a change of their source. */
  takenOver = 0;
  lastQuery: SearchQuery | null = null;

  /** Who the latest changes were made for. */
  actor = "deskhand";

  as(actor: string): this {
    this.actor = actor;
    return this;
  }

  addSource(_tenantId: string, source: NewSource): Promise<SourceStatus> {
    if (this.#sources.has(source.name)) return Promise.reject(new UsageError(`There is a source "${source.name}".`));
    const status = {
      ...source,
      sourceId: newId(),
      documents: 0,
      chunks: 0,
      endsDemo: source.isDemo !== true && this.#demo() !== null,
      pausedAt: null,
      isSyncRequested: false,
      lastRun: null,
    };
    this.#sources.set(source.name, status);
    return Promise.resolve(status);
  }

  updateSource(_tenantId: string, source: NewSource): Promise<SourceStatus> {
    const before = this.#sources.get(source.name);
    if (before === undefined) return Promise.reject(new NotFoundError(`There is no source "${source.name}".`));
    const status = { ...before, ...source };
    this.#sources.set(source.name, status);
    return Promise.resolve(status);
  }

  removeSource(_tenantId: string, name: string, sourceId?: string): Promise<void> {
    const found = this.#sources.get(name)?.sourceId;
    if (sourceId !== undefined && found !== undefined && found !== sourceId) return Promise.reject(anotherNamed(name));
    return this.#sources.delete(name)
      ? Promise.resolve()
      : Promise.reject(new NotFoundError(`There is no source "${name}".`));
  }

  #demo(): string | null {
    return [...this.#sources.values()].find((source) => source.isDemo === true)?.name ?? null;
  }

  #settleDemo(hasDocuments: boolean): SyncDiff["demo"] {
    const demo = this.#demo();
    if (demo === null) return null;
    if (!hasDocuments) return "answering";
    this.#sources.delete(demo);
    return "stepped-aside";
  }

  status(): Promise<readonly SourceStatus[]> {
    return Promise.resolve([...this.#sources.values()]);
  }

  put(source: string, documents: readonly string[]): void {
    this.#documents.set(source, documents);
  }

  async *sync(
    _tenantId: string,
    name: string,
    options: SyncOptions,
    signal: AbortSignal,
  ): AsyncGenerator<SyncProgress> {
    if (this.vanishing === name) this.#sources.delete(name);
    const source = this.#sources.get(name);
    if (source === undefined) throw new NotFoundError(`There is no source "${name}".`);
    if (options.sourceId !== undefined && options.sourceId !== source.sourceId) throw anotherNamed(name);
    const added = (this.#documents.get(name) ?? []).filter((document) => !this.failing.includes(document));
    const runId = newId();
    yield { kind: "listed", runId, total: added.length };
    if (this.takenOver > 0) {
      this.takenOver -= 1;
      throw new SyncTakenOverError(runId);
    }
    for (const [index, externalId] of added.entries()) {
      signal.throwIfAborted();
      yield { kind: "document", done: index + 1, total: added.length, externalId };
    }
    const demo = source.isDemo === true ? null : this.#settleDemo(added.length > 0);
    const diff = { ...this.#diff(runId, added, options), demo };
    this.#sources.set(name, { ...source, documents: added.length, chunks: added.length, lastRun: diff });
    yield { kind: "done", diff };
    await Promise.resolve();
  }

  fillIndex(): Promise<void> {
    return Promise.resolve();
  }

  lastDiff(_tenantId: string, name: string): Promise<SyncDiff | null> {
    return Promise.resolve(this.#sources.get(name)?.lastRun ?? null);
  }

  search(query: SearchQuery): Promise<SearchResult> {
    this.lastQuery = query;
    const passages = [...this.#documents.entries()].flatMap(([source, documents]) =>
      documents
        .filter((name) => query.text.split(" ").some((word) => name.includes(word)))
        .map((name) => passage(source, name)),
    );
    return Promise.resolve({
      passages: passages.slice(0, query.limit),
      analysis: { terms: [], corpusChunks: passages.length },
      degraded: [],
      embeddings: 0,
      timings: { embedMs: 0, lexicalMs: 0, vectorMs: 0 },
    });
  }

  #diff(runId: string, added: readonly string[], options: SyncOptions): SyncDiff {
    const at = "2026-01-02T03:04:05.000Z";
    return {
      runId,
      state: "done",
      startedAt: at,
      finishedAt: at,
      added,
      changed: [],
      removed: options.confirmRemovals ? ["confirmed.md"] : [],
      unchanged: 0,
      failed: this.failing.map((externalId) => ({ externalId, code: "too-large", message: "is larger than 10 MB" })),
      skipped: this.skipping.map((externalId) => ({
        externalId,
        code: "unsupported-kind",
        message: `Files of the kind ${externalId.slice(externalId.lastIndexOf("."))} are not read.`,
      })),
      remarks: this.remarking.map((externalId) => ({
        externalId,
        code: "scanned-pages",
        message: "2 of 9 pages are scans.",
      })),
      heldRemovals: [],
      demo: null,
    };
  }
}

function anotherNamed(name: string): UsageError {
  return new UsageError(`Another source is named ${name} by now.`);
}

function passage(sourceId: string, externalId: string): Passage {
  return {
    chunkId: newId(),
    documentId: newId(),
    versionId: newId(),
    sourceId,
    externalId,
    kind: "page",
    title: externalId,
    headingPath: ["Setup"],
    text: `**All** about\n\n- ${externalId}`,
    url: null,
    updatedAt: null,
    scores: { lexical: 3.2, vector: null, coverage: 1, fused: 0.8 },
  };
}
