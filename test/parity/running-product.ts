import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openApp, type App } from "../../infra/app.js";
import { parseConfig } from "../../infra/config/environment.js";
import { defaultSettings, type Settings } from "../../infra/config/settings.js";
import { runApp } from "../../infra/server.js";
import { createMetrics } from "../../infra/telemetry/metrics.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import type { SyncDiff } from "../../src/ports/knowledge.js";
import type { Logger } from "../../src/ports/logger.js";
import { SyncRunningError } from "../../src/ports/sync-requests.js";
import { eventually, isQuiet } from "../faults/outcomes.js";
import { syncToEnd } from "../support/knowledge.js";
import { silentLogger } from "../support/silent-logger.js";

const LINK = /https?:\/\/\S+\/signin\?token=\S+/u;

/** Longer than any single wait of the product for a service that does not answer. */
const SETTLED_WITHIN_MS = 45_000;

/**
 * The whole product in this process: its server on a free port, and, unless the environment names another, the embedded
 * database in a directory of its own.
 */
export class RunningProduct implements AsyncDisposable {
  readonly signInLink: string;
  readonly #app: App;
  readonly #stopping: AbortController;
  readonly #running: Promise<void>;
  readonly #directory: string;

  private constructor(started: {
    readonly signInLink: string;
    readonly app: App;
    readonly stopping: AbortController;
    readonly running: Promise<void>;
    readonly directory: string;
  }) {
    this.signInLink = started.signInLink;
    this.#app = started.app;
    this.#stopping = started.stopping;
    this.#running = started.running;
    this.#directory = started.directory;
  }

  static async start(
    env: Record<string, string>,
    changes: Partial<Settings>,
    logger: Logger = silentLogger,
  ): Promise<RunningProduct> {
    const directory = await mkdtemp(join(tmpdir(), "deskhand-parity-"));
    const environment = parseConfig({ PORT: "0", DESKHAND_DIR: directory, ...env });
    const settings = { ...defaultSettings(), ...changes };
    const stopping = new AbortController();
    const telemetry = createMetrics({ withProcessMetrics: false });
    const deps = { config: { environment, settings }, role: "all", logger, telemetry } as const;
    const app = await openApp({ ...deps, listens: true });
    let running: Promise<void> = Promise.resolve();
    const link = new Promise<string>((resolve, reject) => {
      const say = (line: string) => {
        const found = LINK.exec(line)?.[0];
        if (found !== undefined) resolve(found);
      };
      running = runApp({ ...deps, say }, app, stopping.signal);
      running.catch(reject);
    });
    const signInLink = await link;
    return new RunningProduct({ signInLink, app, stopping, running, directory });
  }

  get origin(): string {
    return new URL(this.signInLink).origin;
  }

  /** To look into, beside what people see. */
  get app(): App {
    return this.#app;
  }

  /**
   * Syncs a source to its end, also where the product looks at it by itself just then: that run is waited for.
   * @returns what it did, of a run that ended well
   */
  async sync(name: string, tenantId = DEFAULT_TENANT): Promise<SyncDiff> {
    const { admin } = this.#app.knowledge;
    const syncOnce = () =>
      syncToEnd(admin, name, { tenantId, confirmRemovals: true }).catch((error: unknown) => {
        if (error instanceof SyncRunningError) return null;
        throw error;
      });
    const diff = await eventually(syncOnce, (ended) => ended !== null, SETTLED_WITHIN_MS);
    if (diff?.state !== "done") throw new Error(`the sync of ${name} ended so: ${JSON.stringify(diff)}`);
    return diff;
  }

  /** Resolves when every stored event has its outcome and every delivery has ended: by itself, the product says no more. */
  async settled(): Promise<void> {
    await eventually(
      () => isQuiet(this.#app.database),
      (quiet) => quiet,
      SETTLED_WITHIN_MS,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    try {
      await this.#running;
    } finally {
      await this.#app[Symbol.asyncDispose]();
      await rm(this.#directory, { recursive: true, force: true });
    }
  }
}
