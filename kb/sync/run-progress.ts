import { errorCode } from "../../src/ports/errors.js";
import type { SyncProgress, SyncReach } from "../../src/ports/knowledge.js";
import { SyncTakenOverError } from "../../src/ports/sync-requests.js";
import { holdRun, notifyProgress, tellReach } from "./run-store.js";
import type { SyncContext } from "./sync-context.js";

const TELL_EVERY_MS = 1_000;
/** Between transactions a run may wait long for embeddings; it must not look dead meanwhile. */
const BEAT_EVERY_MS = 10_000;

type ProgressPlace = Pick<SyncContext, "database" | "tenantId" | "runId" | "logger">;

/**
 * How far one run is, told through its row, as whoever shows it may be in another process. However many documents a run
 * gets through, it is told once a second at most, and not at all by a run that is shorter.
 */
export class RunProgress implements AsyncDisposable {
  readonly #place: ProgressPlace;
  readonly #timer: NodeJS.Timeout;
  #reach: SyncReach = { done: 0, total: null };
  #told: SyncReach = this.#reach;
  #heardAt = performance.now();
  #telling: Promise<void> | null = null;

  constructor(place: ProgressPlace) {
    this.#place = place;
    this.#timer = setInterval(() => this.#look(), TELL_EVERY_MS).unref();
  }

  /** What the listing has come upon so far, before it can tell how much there is. */
  found(count: number): void {
    this.#reach = { done: count, total: null };
  }

  note(step: SyncProgress): void {
    if (step.kind === "listed") this.#reach = { done: 0, total: step.total };
    if (step.kind === "document") this.#reach = { done: step.done, total: step.total };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#telling;
  }

  /** One at a time: behind a long transaction of the run, which holds its row, none pile up. */
  #look(): void {
    const isDue = this.#reach !== this.#told || performance.now() - this.#heardAt >= BEAT_EVERY_MS;
    if (this.#telling === null && isDue) this.#telling = this.#tell().finally(() => (this.#telling = null));
  }

  async #tell(): Promise<void> {
    const { database, tenantId, runId, logger } = this.#place;
    const reach = this.#reach;
    const isNews = reach !== this.#told;
    this.#heardAt = performance.now();
    try {
      await database.withTenant(tenantId, async (transaction) => {
        if (!isNews) return holdRun(transaction, tenantId, runId);
        await tellReach(transaction, tenantId, runId, reach);
        await notifyProgress(transaction, tenantId, runId);
      });
      this.#told = reach;
    } catch (error) {
      // Somebody has ended the run: nothing that is told of it counts any more, and the run itself finds out.
      if (error instanceof SyncTakenOverError) clearInterval(this.#timer);
      logger.warn("sync heartbeat failed", { runId, code: errorCode(error) });
    }
  }
}
