import type { Operations } from "../src/commands/operations.js";
import { openApp } from "./app.js";
import type { LoadedConfig } from "./cli/program-dependencies.js";
import { createRemoteOperations } from "./cli/remote-operations.js";
import { acceptsConnections } from "./http/accepts-connections.js";
import { findRunningServer } from "./http/server-file.js";
import { prepareKnowledge } from "./prepare-knowledge.js";
import type { Logger } from "../src/ports/logger.js";
import type { MetricsRegistry } from "./telemetry/metrics.js";

/**
 * The operations for one command: through the server that holds the embedded database, or else on the database itself.
 * A server whose address refuses connections counts as gone.
 * @throws what opening the database throws.
 */
export async function openOperations(
  config: LoadedConfig,
  logger: Logger,
  telemetry: MetricsRegistry,
): Promise<Operations & AsyncDisposable> {
  const { databaseUrl, directory } = config.environment;
  const server = databaseUrl === null ? await findRunningServer(directory) : null;
  if (server !== null && (await acceptsConnections(server.address))) {
    return { ...createRemoteOperations(server), [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const app = await openApp({ config, logger, telemetry, listens: false });
  app.core.start({ sweep: false });
  const prepared = once((signal: AbortSignal) => prepareKnowledge(app.preparation, signal));
  const { operations } = app;
  return {
    ...operations,
    // What asks something of the documents finds them loaded; adding the first source of one's own does not load the demo.
    async say(message, signal) {
      await app.surfaces.start(signal);
      await prepared(signal);
      return operations.say(message, signal);
    },
    async search(text, audience, limit, signal) {
      await prepared(signal);
      return operations.search(text, audience, limit, signal);
    },
    async status() {
      await prepared(new AbortController().signal);
      return operations.status();
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

function once(work: (signal: AbortSignal) => Promise<void>): (signal: AbortSignal) => Promise<void> {
  let done: Promise<void> | null = null;
  return (signal) => (done ??= work(signal));
}
