import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import type { PGlite } from "@electric-sql/pglite";
import { z } from "zod";
import type { LiveSignal, LiveSignals } from "../../src/ports/database.js";
import { errorCode } from "../../src/ports/errors.js";
import type { Logger } from "../../src/ports/logger.js";
import { connectClient, type ServerSettings } from "./server-pool.js";

const CHANNEL = "deskhand_live";

/** Select expressions that send a signal when the transaction commits, for rows with `tenant_id` and the id's column. */
export const SIGNAL_HANDOFF = signal("handoff", "id");
export const SIGNAL_CONVERSATION = signal("conversation", "conversation_key");

function signal(topic: LiveSignal["topic"], idColumn: string): string {
  return `pg_notify('${CHANNEL}', json_build_object('tenantId', tenant_id, 'topic', '${topic}', 'id', ${idColumn})::text)`;
}

const signalSchema: z.ZodType<LiveSignal> = z.object({
  tenantId: z.string(),
  topic: z.enum(["conversation", "handoff", "sync"]),
  id: z.string(),
});

/** Passes what the database announces to everybody who subscribed in this process. */
export class LiveSignalHub implements LiveSignals {
  readonly #listeners = new Set<(signal: LiveSignal) => void>();
  readonly #logger: Logger;
  readonly #detached: (work: () => void) => void;

  /** @param detached runs a callback outside of the transaction in which the notification happened to arrive. */
  constructor(logger: Logger, detached: (work: () => void) => void) {
    this.#logger = logger;
    this.#detached = detached;
  }

  subscribe(listener: (signal: LiveSignal) => void): () => void {
    const own = (received: LiveSignal): void => listener(received);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Takes a notification's payload. One listener's failure does not reach the others. */
  receive(payload: string): void {
    const parsed = parseSignal(payload);
    if (parsed === null) {
      this.#logger.warn("live signal unreadable");
      return;
    }
    this.#detached(() => {
      for (const listener of this.#listeners) this.#tell(listener, parsed);
    });
  }

  #tell(listener: (signal: LiveSignal) => void, received: LiveSignal): void {
    try {
      listener(received);
    } catch (error) {
      this.#logger.error("live listener failed", { code: errorCode(error) });
    }
  }
}

function parseSignal(payload: string): LiveSignal | null {
  try {
    return signalSchema.parse(JSON.parse(payload));
  } catch {
    return null;
  }
}

/**
 * Listens on the embedded database's one session. Must be called while no transaction is open: a `listen` inside one is
 * undone when it rolls back.
 */
export async function listenEmbedded(pglite: PGlite, hub: LiveSignalHub): Promise<void> {
  await pglite.listen(CHANNEL, (payload) => {
    hub.receive(payload);
  });
}

const FIRST_RECONNECT_MS = 200;
const LAST_RECONNECT_MS = 10_000;

// A listener hears nothing most of the time; only asking tells a quiet server from one that is gone.
const HEARTBEAT_MS = 15_000;
const ANSWER_WITHIN_MS = 5_000;
const GOODBYE_WITHIN_MS = 1_000;

/** Listens on a connection of its own and comes back by itself when that is lost. What was sent meanwhile is missed. */
export class ServerListener {
  readonly #settings: ServerSettings;
  readonly #hub: LiveSignalHub;
  readonly #logger: Logger;
  #client: pg.Client | null = null;
  #retry: NodeJS.Timeout | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  #failures = 0;
  #isStopped = false;

  constructor(settings: ServerSettings, hub: LiveSignalHub, logger: Logger) {
    this.#settings = settings;
    this.#hub = hub;
    this.#logger = logger;
  }

  /** Resolves once it listens, or once the first try has failed and the next is planned. */
  async start(): Promise<void> {
    try {
      const client = await connectClient(this.#settings, ANSWER_WITHIN_MS);
      client.on("notification", ({ payload }) => this.#hub.receive(payload ?? ""));
      client.once("end", () => {
        this.#lost(client);
      });
      await client.query(`listen ${CHANNEL}`);
      if (this.#isStopped) {
        await client.end();
        return;
      }
      this.#client = client;
      this.#failures = 0;
      this.#heartbeat = setInterval(() => void this.#check(client), HEARTBEAT_MS);
      this.#heartbeat.unref();
    } catch (error) {
      this.#logger.warn("listening failed", { code: errorCode(error) });
      this.#planRetry();
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    // A server that has gone silent does not say goodbye either, and stopping must not wait for it.
    await Promise.race([this.#client?.end(), delay(GOODBYE_WITHIN_MS, undefined, { ref: false })]);
  }

  async #check(client: pg.Client): Promise<void> {
    try {
      await client.query("select 1");
    } catch {
      this.#lost(client);
      // Not awaited by anybody: a connection that is gone may never say goodbye.
      client.end().catch(() => undefined);
    }
  }

  #lost(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = null;
    if (this.#heartbeat !== null) clearInterval(this.#heartbeat);
    if (!this.#isStopped) this.#planRetry();
  }

  #planRetry(): void {
    const waitMs = Math.min(FIRST_RECONNECT_MS * 2 ** this.#failures, LAST_RECONNECT_MS);
    this.#failures += 1;
    this.#retry = setTimeout(() => void this.start(), waitMs);
    this.#retry.unref();
  }
}
