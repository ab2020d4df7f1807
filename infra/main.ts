#!/usr/bin/env node
import { join } from "node:path";
import { checkSourceOptions, renderReply } from "./app.js";
import { databaseSettings } from "./database-settings.js";
import { runAnswerBench } from "./bench/answer-bench.js";
import { DEFAULT_INGRESS_PHASES, runIngressBench } from "./bench/ingress-bench.js";
import { runRelayBench } from "./bench/relay-bench.js";
import { runRetrievalBench } from "./bench/retrieval-bench.js";
import { runSyncBench } from "./bench/sync-bench.js";
import type { LoadedConfig, ProgramDependencies } from "./cli/program-dependencies.js";
import { runProgram } from "./cli/program.js";
import { runAnswersEvaluation, runRetrievalEvaluation, runFusionTuning, runThresholdTuning } from "./evaluation.js";
import { limitHeapGrowth } from "./heap-growth.js";
import { openOperations } from "./operations.js";
import { packageRoot, packageVersion } from "./package-root.js";
import { openDatabase } from "./postgres/open-database.js";
import { runServer } from "./server.js";
import { createLogger } from "./telemetry/logger.js";
import { createMetrics } from "./telemetry/metrics.js";
import type { Logger } from "../src/ports/logger.js";

limitHeapGrowth();

// Whoever reads our output may stop reading (`deskhand ask … | head`).
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const shutdown = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // The first asks to stop; a second one finds Node's own handling and ends the process.
  process.once(signal, () => shutdown.abort(new Error(signal)));
}

const telemetry = createMetrics({ withProcessMetrics: true });

function loggerFor({ environment }: LoadedConfig, level = environment.logLevel): Logger {
  return createLogger({
    level,
    stream: process.stderr,
    isHuman: process.stderr.isTTY,
    onDropped: (count) => telemetry.logFieldsDropped(count),
  });
}

const DEMO_CORPUS = join(packageRoot(), "kb", "demo", "questions");

const deps: ProgramDependencies = {
  version: packageVersion(),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: shutdown.signal,
  setExitCode: (code) => {
    process.exitCode = code;
  },
  openOperations: (config) => openOperations(config, loggerFor(config, "error"), telemetry),
  startServer: (config, role, signal) =>
    runServer(
      { config, role, logger: loggerFor(config), telemetry, say: (line) => process.stdout.write(`${line}\n`) },
      signal,
    ),
  migrate: async (config) => {
    await using database = await openDatabase(databaseSettings(config), loggerFor(config));
    const { schemaVersion } = await database.facts();
    return { schemaVersion };
  },
  evaluateRetrieval: (config, options, report, signal) =>
    runRetrievalEvaluation(config, options, loggerFor(config, "error"), report, signal),
  evaluateAnswers: (config, options, report, signal) =>
    runAnswersEvaluation(config, options, loggerFor(config, "error"), report, signal),
  tuneThreshold: (config, options, report, signal) =>
    runThresholdTuning(config, options, loggerFor(config, "error"), report, signal),
  tuneFusion: (config, options, report, signal) =>
    runFusionTuning(config, options, loggerFor(config, "error"), report, signal),
  benchAnswer: (config, options, report, signal) =>
    runAnswerBench({ config, logger: loggerFor(config, "error"), report, signal }, options),
  benchRetrieval: (config, options, report, signal) =>
    runRetrievalBench({ config, logger: loggerFor(config, "error"), report, signal }, options),
  benchIngress: (config, { phases, saturate }, report, signal) =>
    runIngressBench(
      { config, logger: loggerFor(config, "error"), report, signal },
      { phases: phases ?? DEFAULT_INGRESS_PHASES, saturate },
    ),
  benchRelay: (config, options, report, signal) =>
    runRelayBench({ config, logger: loggerFor(config, "error"), report, signal }, options),
  benchSync: (config, { directory, embeddingMs }, report, signal) =>
    runSyncBench({ config, report, signal }, { directory: directory ?? DEMO_CORPUS, embeddingMs }),
  checkSourceOptions,
  renderReply,
};

await runProgram(process.argv.slice(2), deps);
