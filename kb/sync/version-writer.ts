import { ModelError } from "../../src/ports/models.js";
import type { IndexableChunk, PreparedChunks } from "../search/chunk-indexer-port.js";
import type { KnownItem } from "./item-store.js";
import { toIndexable } from "./plan-versions.js";
import type { PlannedVersion } from "./plan-versions.js";
import type { SyncContext } from "./sync-context.js";
import type { SyncLedger } from "./sync-ledger.js";
import { writeGroup } from "./write-batch.js";

/** Chunks of one transaction: at the start, and within which bounds. A document is swapped in one, however large. */
const CHUNKS = { start: 150, least: 75, most: 400 } as const;
/** The embedded database serves nobody else during a transaction. */
const USUAL_TRANSACTION_MS = 400;
/** Groups whose embeddings are asked for, or that wait to be written, at the same time. */
const GROUPS_AT_ONCE = 3;
const ITEMS_PER_GROUP = 500;

interface OpenGroup {
  readonly plans: PlannedVersion[];
  readonly items: KnownItem[];
  chunks: number;
}

/**
 * Writes the documents of one run in groups, one after the other and in order, while the next ones are prepared. What is
 * added is written by `finish` at the latest. When the embedding model fails, what comes after is dropped, and `finish` says
 * so.
 */
export class VersionWriter {
  readonly #context: SyncContext;
  readonly #ledger: SyncLedger;
  readonly #stopping = new AbortController();
  readonly #signal: AbortSignal;
  readonly #underWay = new Set<Promise<void>>();
  #open: OpenGroup = { plans: [], items: [], chunks: 0 };
  #last: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;
  #modelFailure: ModelError | null = null;
  #written: string[] = [];
  #maxChunks: number = CHUNKS.start;

  constructor(context: SyncContext, ledger: SyncLedger, signal: AbortSignal) {
    this.#context = context;
    this.#ledger = ledger;
    this.#signal = AbortSignal.any([signal, this.#stopping.signal]);
  }

  /** Whether the embedding model has failed: nothing more is written. */
  get isDown(): boolean {
    return this.#modelFailure !== null;
  }

  /** Takes an item with the versions that it brings, and waits while enough is under way. */
  async add(item: KnownItem, plans: readonly PlannedVersion[]): Promise<void> {
    for (const plan of plans) {
      const { length } = plan.next.chunks;
      if (this.#open.plans.length > 0 && this.#open.chunks + length > this.#maxChunks) await this.#begin();
      this.#open.plans.push(plan);
      this.#open.chunks += length;
    }
    this.#open.items.push(item);
    if (this.#open.items.length >= ITEMS_PER_GROUP) await this.#begin();
  }

  /** @throws what preparing or writing any of it threw. */
  async finish(): Promise<void> {
    await this.#begin();
    await this.#last;
    this.#throwFailure();
    if (this.#modelFailure !== null) throw this.#modelFailure;
  }

  /** Drops what is not being written in this moment. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#last;
  }

  /** The items that were written since the last call. */
  takeWritten(): readonly string[] {
    return this.#written.splice(0);
  }

  async #begin(): Promise<void> {
    this.#throwFailure();
    const group = this.#open;
    if (group.plans.length === 0 && group.items.length === 0) return;
    this.#open = { plans: [], items: [], chunks: 0 };
    if (this.isDown) return;
    const chunks = toIndexable(group.plans);
    const preparing = this.#context.indexer.prepare(this.#context, chunks, this.#signal);
    // Awaited when it is its turn; until then a failure must not count as unhandled.
    preparing.catch(() => undefined);
    const writing = this.#last.then(() => this.#write(group, chunks, preparing));
    this.#last = writing;
    this.#underWay.add(writing);
    void writing.then(() => this.#underWay.delete(writing));
    while (this.#underWay.size >= GROUPS_AT_ONCE) await Promise.race(this.#underWay);
    this.#throwFailure();
  }

  /** Never rejects: what it throws is kept for the next one who asks. */
  async #write(group: OpenGroup, chunks: readonly IndexableChunk[], preparing: Promise<PreparedChunks>): Promise<void> {
    if (this.#failure !== null || this.isDown) return;
    try {
      await preparing;
      const startedAt = performance.now();
      await writeGroup(this.#context, group, { chunks, preparing }, this.#signal);
      this.#adapt(group.chunks, performance.now() - startedAt);
      this.#ledger.noteWritten(group.plans);
      this.#written.push(...group.items.map((item) => item.externalId));
    } catch (error) {
      if (error instanceof ModelError && !this.#signal.aborted) this.#modelFailure = error;
      else this.#failure = { error };
    }
  }

  #adapt(chunks: number, ms: number): void {
    const { transactionMs = USUAL_TRANSACTION_MS } = this.#context;
    if (ms > transactionMs) this.#maxChunks = Math.max(CHUNKS.least, this.#maxChunks / 2);
    else if (chunks > this.#maxChunks / 2 && ms < transactionMs / 2)
      this.#maxChunks = Math.min(CHUNKS.most, this.#maxChunks * 2);
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}
