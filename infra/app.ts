import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { createWebConsole, type WebConsole } from "../adapters/web/server/console.js";
import { AGENTS_CHANNEL, createStoredChatAdapter } from "../adapters/web/stored-chat-adapter.js";
import { createParserSandbox } from "../kb/parsing/sandbox.js";
import { createKnowledgeReader } from "../kb/reader/knowledge-reader.js";
import { suggestedQuestions } from "../kb/reader/suggested-questions.js";
import { createChunkIndexer } from "../kb/search/chunk-indexer.js";
import { createKnowledgeSearch } from "../kb/search/knowledge-search.js";
import { createKnowledgeAdmin } from "../kb/sync/knowledge-admin.js";
import { createAnswering } from "../src/answering/answering.js";
import { estimateConfidence } from "../src/answering/confidence/estimate-confidence.js";
import { DEFAULT_ANSWER_SETTINGS, type Answering } from "../src/answering/contract.js";
import type { Operations } from "../src/commands/operations.js";
import { createCommandRunner } from "../src/commands/run-command.js";
import { systemClock } from "../src/ports/clock.js";
import type { Database } from "../src/ports/database.js";
import { DEFAULT_TENANT, newId } from "../src/ports/ids.js";
import type { KnowledgeAdmin, KnowledgeReader, KnowledgeSearch } from "../src/ports/knowledge.js";
import type { Logger } from "../src/ports/logger.js";
import type { Installation } from "../src/ports/stores.js";
import { checkDatabase } from "./cli/database-checks.js";
import { createLocalOperations } from "./cli/local-operations.js";
import type { LoadedConfig } from "./cli/program-dependencies.js";
import { createCore, DEFAULT_TIMINGS, type Core } from "./core.js";
import { createFailpoint } from "./failpoints.js";
import { createHashedEmbeddings } from "./models/local/hashed-embeddings.js";
import { createExtractiveModel } from "./models/local/extractive-model.js";
import { Cleanup } from "./postgres/cleanup.js";
import { openDatabase, type DatabaseSettings, type OpenDatabase } from "./postgres/open-database.js";
import type { KnowledgePreparation } from "./prepare-knowledge.js";
import { InProcessQueue } from "./queue/in-process-queue.js";
import { sessionSecret } from "./session-secret.js";
import type { MetricsRegistry } from "./telemetry/metrics.js";

/** Everything of one process that works on the database, wired. Disposing it stops the work and closes the database. */
export interface App extends AsyncDisposable {
  readonly database: OpenDatabase;
  readonly knowledge: KnowledgeStack;
  readonly answering: Answering;
  readonly core: Core;
  readonly console: WebConsole;
  /** The operations of this process's terminal installation. */
  readonly operations: Operations;
  readonly preparation: KnowledgePreparation;
}

export interface KnowledgeStack extends AsyncDisposable {
  readonly admin: KnowledgeAdmin;
  readonly search: KnowledgeSearch;
  readonly reader: KnowledgeReader;
  readonly embeddingModelId: string;
}

export interface AppDependencies {
  readonly config: LoadedConfig;
  readonly logger: Logger;
  readonly telemetry: MetricsRegistry;
}

/** How long running work may take to end when the process stops. */
const STOP_GRACE_MS = 10_000;

/** Questions offered on an empty page. */
const SUGGESTIONS = 3;

/** Opens the database and wires the whole product over it. Nothing runs until `core.start()`. */
export async function openApp({ config, logger, telemetry }: AppDependencies): Promise<App> {
  const cleanup = new Cleanup();
  try {
    const database = await openDatabase(databaseSettings(config), logger);
    cleanup.add(async () => database[Symbol.asyncDispose]());
    const knowledge = openKnowledge(database, logger);
    cleanup.add(async () => knowledge[Symbol.asyncDispose]());
    const [web, terminal] = await Promise.all([
      database.coordination.ensureInstallation(DEFAULT_TENANT, "web", "console"),
      database.coordination.ensureInstallation(DEFAULT_TENANT, "terminal", "terminal"),
    ]);
    const { environment } = config;
    const secret = await sessionSecret(environment.secret, environment.directory);
    const answering = wireAnswering(knowledge.search, config);
    const parts: Parts = { config, logger, telemetry, database, knowledge, answering, web, terminal };
    const { core, operations } = wireCore(parts);
    cleanup.add(() => core.stop(STOP_GRACE_MS));
    return {
      database,
      knowledge,
      answering,
      core,
      operations,
      console: wireConsole(parts, core, secret),
      preparation: {
        tenantId: DEFAULT_TENANT,
        knowledge: knowledge.admin,
        settings: config.settings.knowledge,
        logger,
      },
      [Symbol.asyncDispose]: () => cleanup.run(),
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

/** Sources, sync, search and reading over a database. */
export function openKnowledge(database: Database, logger: Logger): KnowledgeStack {
  const embeddings = createHashedEmbeddings();
  const sandbox = createParserSandbox();
  const indexer = createChunkIndexer({ embeddings });
  return {
    admin: createKnowledgeAdmin({ database, indexer, parse: sandbox.parseInSandbox, newId, logger }),
    search: createKnowledgeSearch({ database, embeddings }),
    reader: createKnowledgeReader(database),
    embeddingModelId: embeddings.id,
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  };
}

/** Answers from a search with the models that are set up: without a key, by quoting. */
export function wireAnswering(search: KnowledgeSearch, { settings }: Pick<LoadedConfig, "settings">): Answering {
  const { threshold } = settings.answering;
  return createAnswering({
    search,
    model: createExtractiveModel(),
    clock: systemClock,
    newId,
    estimateConfidence,
    settings: {
      ...DEFAULT_ANSWER_SETTINGS,
      ...(threshold === "default" ? {} : { confidenceThreshold: threshold }),
    },
  });
}

interface Parts extends AppDependencies {
  readonly database: OpenDatabase;
  readonly knowledge: KnowledgeStack;
  readonly answering: Answering;
  readonly web: Installation;
  readonly terminal: Installation;
}

function wireCore(parts: Parts): { core: Core; operations: Operations } {
  const { config, logger, telemetry, database, answering, web } = parts;
  // Commands typed in a conversation run on the operations, whose events go through the core: each needs the other.
  const late: { operations: Operations | null } = { operations: null };
  const runCommand = createCommandRunner(() => {
    if (late.operations === null) throw new Error("unreachable: operations are set before the core starts");
    return late.operations;
  });
  const core = createCore({
    coordination: database.coordination,
    withStores: database.withStores,
    outcomeOf: database.outcomeOf,
    adapters: (["web", "terminal"] as const).map((platform) => createStoredChatAdapter(platform, database.webMessages)),
    answering,
    runCommand,
    agentsChannel: () => ({ installationId: web.id, key: AGENTS_CHANNEL }),
    queue: new InProcessQueue(logger),
    logger,
    metrics: telemetry.metrics,
    failpoint: createFailpoint(config.environment.failpoint),
    clock: systemClock,
    newId,
    botName: config.settings.console.title,
    owner: `${hostname()}:${process.pid}:${randomBytes(4).toString("hex")}`,
    timings: DEFAULT_TIMINGS,
  });
  late.operations = wireOperations(parts, core);
  return { core, operations: late.operations };
}

function wireOperations({ database, knowledge, terminal }: Parts, core: Core): Operations {
  return createLocalOperations({
    tenantId: DEFAULT_TENANT,
    installationId: terminal.id,
    sink: core.sink,
    knowledge: knowledge.admin,
    search: knowledge.search,
    withStores: database.withStores,
    messages: database.webMessages,
    outcomes: database.outcomes,
    live: database.live,
    clock: systemClock,
    doctor: () =>
      checkDatabase({
        tenantId: DEFAULT_TENANT,
        database,
        knowledge: knowledge.admin,
        embeddingModelId: knowledge.embeddingModelId,
        queueName: "in this process",
      }),
  });
}

function wireConsole({ config, database, knowledge, web }: Parts, core: Core, secret: Buffer): WebConsole {
  return createWebConsole({
    sink: core.sink,
    store: database.webMessages,
    board: database.handoffBoard,
    reader: knowledge.reader,
    admin: knowledge.admin,
    live: database.live,
    installationId: web.id,
    tenantId: DEFAULT_TENANT,
    secret,
    clock: systemClock,
    newId,
    title: config.settings.console.title,
    publicUrl: config.environment.publicUrl,
    suggestions: () => suggestedQuestions(database, DEFAULT_TENANT, ["public"], SUGGESTIONS),
  });
}

/** Time limits on PostgreSQL: a platform that waits for an acknowledgement is told to come back before it gives up. */
const STATEMENT_TIMEOUT_MS = 10_000;
const CONNECTION_TIMEOUT_MS = 2_000;

/** Where the configuration puts the database. */
export function databaseSettings({ environment }: Pick<LoadedConfig, "environment">): DatabaseSettings {
  const { databaseUrl, databasePoolSize, directory } = environment;
  if (databaseUrl === null) return { kind: "embedded", directory };
  return {
    kind: "postgres",
    url: databaseUrl,
    poolSize: databasePoolSize,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    connectionTimeoutMs: CONNECTION_TIMEOUT_MS,
  };
}
export { renderReply } from "../adapters/terminal/render-reply.js";
