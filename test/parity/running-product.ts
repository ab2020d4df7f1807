import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "../../infra/config/environment.js";
import { defaultSettings, type Settings } from "../../infra/config/settings.js";
import { runServer } from "../../infra/server.js";
import { createMetrics } from "../../infra/telemetry/metrics.js";
import type { Logger } from "../../src/ports/logger.js";
import { silentLogger } from "../support/silent-logger.js";

const LINK = /https?:\/\/\S+\/signin\?token=\S+/u;

/** The whole product in this process: its server on a free port, the embedded database in a directory of its own. */
export class RunningProduct implements AsyncDisposable {
  readonly signInLink: string;
  readonly #stopping: AbortController;
  readonly #running: Promise<void>;
  readonly #directory: string;

  private constructor(signInLink: string, stopping: AbortController, running: Promise<void>, directory: string) {
    this.signInLink = signInLink;
    this.#stopping = stopping;
    this.#running = running;
    this.#directory = directory;
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
    let running: Promise<void> = Promise.resolve();
    const link = new Promise<string>((resolve, reject) => {
      const say = (line: string) => {
        const found = LINK.exec(line)?.[0];
        if (found !== undefined) resolve(found);
      };
      const deps = { config: { environment, settings }, role: "all", logger, telemetry, say } as const;
      running = runServer(deps, stopping.signal);
      running.catch(reject);
    });
    return new RunningProduct(await link, stopping, running, directory);
  }

  get origin(): string {
    return new URL(this.signInLink).origin;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await rm(this.#directory, { recursive: true, force: true });
  }
}
