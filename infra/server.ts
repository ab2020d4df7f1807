import { join } from "node:path";
import { existsSync } from "node:fs";
import { once } from "node:events";
import { dropUnsentFiles } from "../src/handoff/files/upload-file.js";
import { systemClock } from "../src/ports/clock.js";
import type { Logger } from "../src/ports/logger.js";
import { openApp, type App } from "./app.js";
import type { LoadedConfig } from "./cli/program-dependencies.js";
import { createControlRoutes } from "./http/control-routes.js";
import { createHttpServer, type HttpServer } from "./http/http-server.js";
import { createControlToken, removeServerFile, writeServerFile } from "./http/server-file.js";
import { packageRoot } from "./package-root.js";
import { prepareKnowledge, refreshKnowledge } from "./prepare-knowledge.js";
import { keepVectorIndexes } from "./keep-vector-indexes.js";
import { purgeDaily } from "./purge-daily.js";
import { runSyncLoop } from "./sync-loop.js";
import { warmLanguages } from "../src/text/guess-language.js";
import { doesTheWork, takesEventsIn, type ProcessRole } from "./process-role.js";
import type { MetricsRegistry } from "./telemetry/metrics.js";

export interface ServerDependencies {
  readonly config: LoadedConfig;
  readonly role: ProcessRole;
  readonly logger: Logger;
  readonly telemetry: MetricsRegistry;
  /** Tells the person at the terminal something they need, one line at a time. */
  readonly say: (line: string) => void;
}

/** How long requests and running work may take to end after SIGTERM. */
const DRAIN_MS = 5_000;

/**
 * Runs the server until `signal` aborts: opens the database, loads the documents, serves the page, and works on events; of
 * these, what its role is. On the way out it takes no new requests, lets what runs end, and leaves the rest in the database.
 * @throws what opening the database or listening throws.
 */
export async function runServer(deps: ServerDependencies, signal: AbortSignal): Promise<void> {
  deps.say("Opening the database…");
  await using app = await openApp({ ...deps, listens: takesEventsIn(deps.role) });
  await runApp(deps, app, signal);
}

/** The same for an app that is open already, and that stays open. */
export async function runApp(deps: ServerDependencies, app: App, signal: AbortSignal): Promise<void> {
  const { config, role, say } = deps;
  if (doesTheWork(role)) {
    say("Loading the documents…");
    await prepareKnowledge(app.preparation, signal);
  }
  const token = createControlToken();
  const server = await createServer(deps, app, token);
  const { host, port, directory } = config.environment;
  const { address } = await server.listen(host, port);
  try {
    await serve(deps, app, { address, token }, signal);
  } finally {
    say("Stopping…");
    if (role === "all") await removeServerFile(directory, token);
    await server.close(DRAIN_MS);
  }
}

async function serve(
  { config, role, logger, say }: ServerDependencies,
  app: App,
  { address, token }: { readonly address: string; readonly token: string },
  signal: AbortSignal,
): Promise<void> {
  const { directory } = config.environment;
  if (role === "all") await writeServerFile(directory, { address, token, pid: process.pid });
  await app.database.announce(address);
  if (doesTheWork(role)) app.core.start();
  await app.surfaces.start(signal);
  if (takesEventsIn(role)) greet(app, config, address, say);
  else say(`Working. Health: ${address}/readyz`);
  logger.info("server started", { address });
  // Half a second, that the first to ask would wait for.
  if (doesTheWork(role)) await warmLanguages();
  const syncing = doesTheWork(role) ? keepSynced(app, logger, signal) : Promise.resolve();
  if (!signal.aborted) await once(signal, "abort");
  await syncing;
}

/** Looks once at the sources that are due, and from then on at what is due, and at what was removed long ago. */
async function keepSynced(
  { preparation, syncRequests, knowledge, database }: App,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { tenantId } = preparation;
  const { live } = database;
  await Promise.all([
    refreshKnowledge(preparation, systemClock, signal),
    runSyncLoop({ tenantId, requests: syncRequests, knowledge: knowledge.admin, live, logger }, signal),
    purgeDaily(
      {
        tenantId,
        lifecycle: knowledge.lifecycle,
        forgetBudgets: (tenant) => database.withStores(tenant, ({ budgets }) => budgets.forgetPast()),
        purgeFiles: (tenant, now) =>
          database.withStores(
            tenant,
            async ({ files }) => (await files.purge(now)) + (await dropUnsentFiles(files, now)),
          ),
        clock: systemClock,
        logger,
      },
      signal,
    ),
    keepVectorIndexes({ tenantId, vectorIndexes: database.vectorIndexes, logger }, signal),
  ]);
}

function createServer(deps: ServerDependencies, app: App, token: string): Promise<HttpServer> {
  const { config, role, logger, telemetry } = deps;
  const page = join(packageRoot(), "dist", "console");
  const control = createControlRoutes({ operations: app.operations, token, logger });
  return createHttpServer({
    routes: takesEventsIn(role) ? [...app.console.routes, ...app.surfaces.routes, ...app.routes, ...control] : [],
    staticRoot: takesEventsIn(role) && existsSync(page) ? page : null,
    readiness: [{ name: "database", run: () => app.database.ping() }],
    metrics: telemetry,
    logger,
    publicUrl: config.environment.publicUrl,
    metricsToken: config.environment.metricsToken,
  });
}

function greet(app: App, { environment }: LoadedConfig, address: string, say: (line: string) => void): void {
  say("");
  say(`Open ${app.console.createSignInLink("admin", environment.publicUrl ?? address)}`);
  say("(The link works once, for ten minutes. Start again for a new one. Ctrl-C stops Deskhand.)");
}
