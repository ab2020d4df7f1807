import { randomBytes } from "node:crypto";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createSlackSurface, type SlackSurface } from "../adapters/slack/slack-surface.js";
import { emulatorEndpoints } from "../adapters/teams/emulator-endpoints.js";
import { createTeamsSurface, type TeamsSurface } from "../adapters/teams/teams-surface.js";
import { createWebConsole, type WebConsole } from "../adapters/web/server/console.js";
import { AGENTS_CHANNEL, createStoredChatAdapter } from "../adapters/web/stored-chat-adapter.js";
import { createParserSandbox } from "../kb/parsing/sandbox.js";
import { createKnowledgeAudit } from "../kb/lifecycle/audit-store.js";
import { createDocumentLibrary } from "../kb/lifecycle/document-library.js";
import { createOriginalTexts } from "../kb/lifecycle/original-texts.js";
import { createKnowledgeEntries } from "../kb/lifecycle/entry-store.js";
import { createSourceLifecycle } from "../kb/lifecycle/source-lifecycle.js";
import { createSyncRuns } from "../kb/lifecycle/sync-runs.js";
import { createPushedDocuments } from "../kb/push/pushed-documents.js";
import { createKnowledgeReader } from "../kb/reader/knowledge-reader.js";
import { suggestedQuestions } from "../kb/reader/suggested-questions.js";
import { createChunkIndexer } from "../kb/search/chunk-indexer.js";
import { createKnowledgeSearch, type SearchOptions } from "../kb/search/knowledge-search.js";
import { RANKING_WEIGHTS } from "../kb/search/ranking-model.js";
import type { RankingWeights } from "../src/ports/ranking-features.js";
import { createVerifiedAnswers } from "../kb/search/verified-answers.js";
import { createSafeFetch } from "../kb/sources/safe-fetch.js";
import type { SourceServices } from "../kb/sources/source-kind.js";
import { createKnowledgeAdmin } from "../kb/sync/knowledge-admin.js";
import { SERVER_TRANSACTION_MS, type SyncDependencies } from "../kb/sync/sync-context.js";
import { createSyncRequests } from "../kb/sync/sync-requests.js";
import type { Answering } from "../src/answering/contract.js";
import type { KnowledgeDesk } from "../src/commands/manage-knowledge.js";
import type { Operations } from "../src/commands/operations.js";
import { AT_THE_TERMINAL, createCommandRunner, type OnBehalfOf } from "../src/commands/run-command.js";
import { agentName } from "../src/handoff/agent-names.js";
import type { RegressionGate } from "../src/learning/regression-gate.js";
import { systemClock } from "../src/ports/clock.js";
import type { Database } from "../src/ports/database.js";
import type { HttpRoute } from "../src/ports/http.js";
import { DEFAULT_TENANT, newId } from "../src/ports/ids.js";
import type { KnowledgeAdmin, KnowledgeReader, KnowledgeSearch, VerifiedAnswers } from "../src/ports/knowledge.js";
import type { Logger } from "../src/ports/logger.js";
import type { Installation } from "../src/ports/stores.js";
import type { SyncRequests } from "../src/ports/sync-requests.js";
import { checkDatabase } from "./cli/database-checks.js";
import { createLocalOperations } from "./cli/local-operations.js";
import type { LoadedConfig } from "./cli/program-dependencies.js";
import { agentsChannelOf, learningPlans, presenceOf, teamChannelsOn } from "./agents-channel.js";
import { handoffRules } from "./config/handoff-settings.js";
import { budgetLimits } from "./config/budget-settings.js";
import { databaseSettings } from "./database-settings.js";
import { createCore, DEFAULT_TIMINGS, type Core } from "./core.js";
import { wireFiles, type Files } from "./files/wire-files.js";
import { createFolderBelowRoots } from "./folder-below-roots.js";
import { createFailpoint } from "./failpoints.js";
import { joinSurfaces, type Surfaces } from "./join-surfaces.js";
import { createKnowledgeRoutes } from "./http/knowledge-routes.js";
import { createLateDoors, type LateDoors } from "./late-doors.js";
import { wireModels, type Models } from "./models/wire-models.js";
import { Cleanup } from "./postgres/cleanup.js";
import { createConfirmationStore } from "./postgres/confirmation-store.js";
import { openDatabase, type OpenDatabase } from "./postgres/open-database.js";
import { packageVersion } from "./package-root.js";
import type { KnowledgePreparation } from "./prepare-knowledge.js";
import { createQueue } from "./queue/create-queue.js";
import { createRegressionGate } from "./regression-gate.js";
import { createRequestSync } from "./request-sync.js";
import { sessionSecret } from "./session-secret.js";
import { createSourceSecrets } from "./source-secrets.js";
import type { MetricsRegistry } from "./telemetry/metrics.js";
import { wireAnswering } from "./wire-answering.js";

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
  readonly surfaces: Surfaces;
  readonly syncRequests: SyncRequests;
  /** Where programs push documents, where sources' hosts say that something has changed, and where links to files lead. */
  readonly routes: readonly HttpRoute[];
}

export interface KnowledgeStack extends Omit<KnowledgeDesk, "runs">, AsyncDisposable {
  readonly admin: KnowledgeAdmin;
  readonly search: KnowledgeSearch;
  readonly verified: VerifiedAnswers;
  readonly reader: KnowledgeReader;
  readonly embeddingModelId: string;
  readonly shippedRanking: readonly number[];
}

export interface AppDependencies {
  readonly config: LoadedConfig;
  readonly logger: Logger;
  readonly telemetry: MetricsRegistry;
  /** Whether this process opens a connection over which a platform delivers events (Slack's Socket Mode). */
  readonly listens: boolean;
}

/** How long running work may take to end when the process stops. */
const STOP_GRACE_MS = 10_000;
/** Questions offered on an empty page. */
const SUGGESTIONS = 3;

/** Opens the database and wires the whole product over it. Nothing runs until `core.start()`. */
export async function openApp(deps: AppDependencies): Promise<App> {
  const { config, logger } = deps;
  const cleanup = new Cleanup();
  try {
    const database = await openDatabase(databaseSettings(config), logger);
    cleanup.add(async () => database[Symbol.asyncDispose]());
    const models = wireModels(config, logger);
    const access = sourcesOf(config);
    const knowledge = openKnowledge(database, models, logger, { access, ...config.settings.knowledge });
    cleanup.add(async () => knowledge[Symbol.asyncDispose]());
    const [web, terminal] = await Promise.all([
      database.coordination.ensureInstallation(DEFAULT_TENANT, "web", "console"),
      database.coordination.ensureInstallation(DEFAULT_TENANT, "terminal", "terminal"),
    ]);
    const secret = await sessionSecret(config.environment.secret, config.environment.directory);
    const answering = wireAnswering(knowledge, models, config);
    const openScratch = (on: Database, options: KnowledgeOptions) => openKnowledge(on, models, logger, options);
    const gate = createRegressionGate({ ...{ config, models, logger }, ...knowledge, openKnowledge: openScratch });
    const files = wireFiles(config, { secret, tenantId: DEFAULT_TENANT, withStores: database.withStores });
    const { textVectors } = models;
    const parts: Parts = { ...deps, database, knowledge, textVectors, answering, gate, web, terminal, files };
    const doors = createLateDoors();
    const slack = wireSlack(parts, doors);
    const teams = wireTeams(parts, doors);
    const { core, operations, runCommand } = wireCore(parts, slack, teams);
    doors.open(core);
    cleanup.add(() => core.stop(STOP_GRACE_MS));
    const syncRequests = createSyncRequests(database);
    const surfaces = joinSurfaces([slack, teams].filter((surface) => surface !== null));
    cleanup.add(() => surfaces.stop());
    return {
      surfaces,
      syncRequests,
      routes: createKnowledgeRoutes({
        tenantId: DEFAULT_TENANT,
        documents: createPushedDocuments(database, newId),
        requests: syncRequests,
        ...createSourceSecrets(config.environment),
        clock: systemClock,
      }).concat(files.routes),
      database,
      knowledge,
      answering,
      core,
      operations,
      console: wireConsole(parts, core, { secret, runCommand, requests: syncRequests }),
      preparation: {
        tenantId: DEFAULT_TENANT,
        knowledge: knowledge.admin,
        lifecycle: knowledge.lifecycle,
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

type SourceAccess = Omit<SourceServices, "database" | "logger"> & Pick<SyncDependencies, "transactionMs">;

function sourcesOf({ environment }: LoadedConfig): SourceAccess {
  const { allowedPrivateHosts, machine } = environment;
  return {
    ...createSourceSecrets(environment),
    workDirectory: resolve(environment.directory, "sources"),
    ...(environment.databaseUrl === null ? {} : { transactionMs: SERVER_TRANSACTION_MS }),
    fetch: createSafeFetch({ version: packageVersion(), allowedPrivateHosts }),
    ...{ allowedPrivateHosts, machine },
  };
}

/** For documents that all lie in one folder or file. */
const NO_ACCESS: SourceAccess = {
  secretOf: () => null,
  workDirectory: join(tmpdir(), "deskhand-sources"),
  fetch: () => Promise.reject(new Error("unreachable: these documents lie on this machine")),
  allowedPrivateHosts: [],
  machine: {},
};

export interface KnowledgeOptions extends Omit<SearchOptions, "weights" | "textVectors"> {
  readonly access?: SourceAccess;
  readonly ranking?: RankingWeights | null;
  readonly fourEyes?: boolean;
}

/** Sources, sync, search and reading over a database. */
export function openKnowledge(
  database: Database,
  { embeddings, textVectors }: Models,
  logger: Logger,
  { access = NO_ACCESS, ranking, fourEyes = false, ...options }: KnowledgeOptions = {},
): KnowledgeStack {
  const sandbox = createParserSandbox();
  const indexer = createChunkIndexer({ embeddings: embeddings.documents });
  const searching = { database, embeddings: embeddings.questions, textVectors };
  return {
    entries: createKnowledgeEntries({ database, indexer, newId, fourEyes }),
    admin: createKnowledgeAdmin({ ...access, database, indexer, parse: sandbox.parseInSandbox, newId, logger }),
    lifecycle: createSourceLifecycle({ ...access, database, indexer, newId, logger }),
    library: createDocumentLibrary({ database, indexer, newId }),
    originals: createOriginalTexts({ ...access, database, logger }),
    audit: createKnowledgeAudit({ database, newId }),
    search: createKnowledgeSearch({ ...options, ...searching, weights: ranking ?? undefined }),
    verified: createVerifiedAnswers(database),
    reader: createKnowledgeReader(database),
    embeddingModelId: embeddings.documents.id,
    shippedRanking: RANKING_WEIGHTS,
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  };
}

interface Parts extends AppDependencies {
  readonly database: OpenDatabase;
  readonly knowledge: KnowledgeStack;
  readonly textVectors: Models["textVectors"];
  readonly answering: Answering;
  readonly gate: RegressionGate;
  readonly web: Installation;
  readonly terminal: Installation;
  readonly files: Files;
}

function wireSlack(
  { config, logger, database, listens }: Parts,
  { sink, interactions }: LateDoors,
): SlackSurface | null {
  const access = config.environment.slack;
  if (access === null) return null;
  const { botToken, signingSecret, appToken, apiUrl } = access;
  return createSlackSurface({
    botToken,
    signingSecret,
    appToken: listens ? appToken : null,
    ...(apiUrl === null ? {} : { apiUrl }),
    installation: (teamId) => database.coordination.ensureInstallation(DEFAULT_TENANT, "slack", teamId),
    sink,
    interactions,
    participation: database.participation,
    ...config.settings.slack,
    teamChannels: teamChannelsOn("slack", config.settings.handoff),
    ...{ clock: systemClock, newId, logger },
    botName: config.settings.console.title,
  });
}

function wireTeams({ config, logger, database }: Parts, { sink, interactions }: LateDoors): TeamsSurface | null {
  const access = config.environment.teams;
  if (access === null) return null;
  const { emulatorUrl, ...identity } = access;
  return createTeamsSurface({
    ...identity,
    ...(emulatorUrl === null ? {} : { endpoints: emulatorEndpoints(emulatorUrl), allowLoopback: true }),
    installation: (tenantId) => database.coordination.ensureInstallation(DEFAULT_TENANT, "teams", tenantId),
    sink,
    interactions,
    participation: database.participation,
    addresses: database.addresses,
    ...config.settings.teams,
    teamChannels: teamChannelsOn("teams", config.settings.handoff),
    ...{ clock: systemClock, newId, logger },
    botName: config.settings.console.title,
  });
}

function wireCore(
  parts: Parts,
  slack: SlackSurface | null,
  teams: TeamsSurface | null,
): { core: Core; operations: Operations; runCommand: CommandRunner } {
  const { config, logger, telemetry, database, answering } = parts;
  const { handoff } = config.settings;
  // Commands typed in a conversation run on the operations, whose events go through the core: each needs the other.
  const late: { core: Core | null } = { core: null };
  const runCommand = wireCommands(parts, (who) => {
    if (late.core === null) throw new Error("unreachable: the core is set before it starts");
    return wireOperations(parts, late.core, who);
  });
  const core = createCore({
    coordination: database.coordination,
    withStores: database.withStores,
    outcomeOf: database.outcomeOf,
    adapters: [
      ...(["web", "terminal"] as const).map((platform) => createStoredChatAdapter(platform, database.webMessages)),
      ...[slack, teams].flatMap((surface) => (surface === null ? [] : [surface.adapter])),
    ],
    ...{ answering, search: parts.knowledge.search, textVectors: parts.textVectors },
    budget: budgetLimits(config.settings, config.environment.openai),
    runCommand,
    agentsChannel: agentsChannelOf(handoff, { installationId: parts.web.id, key: AGENTS_CHANNEL }, { slack, teams }),
    queue: createQueue(config.environment.redisUrl, logger),
    logger,
    metrics: telemetry.metrics,
    failpoint: createFailpoint(config.environment.failpoint),
    ...{ clock: systemClock, newId },
    botName: config.settings.console.title,
    owner: `${hostname()}:${process.pid}:${randomBytes(4).toString("hex")}`,
    timings: DEFAULT_TIMINGS,
    burstMs: config.settings.routing.burstSeconds * 1_000,
    handoff: { ...handoffRules(handoff), presence: presenceOf(handoff, slack), files: parts.files.rules },
    ...learningPlans(config.settings, { slack, teams }),
  });
  late.core = core;
  const operations = wireOperations(parts, core, { tenantId: DEFAULT_TENANT, ...AT_THE_TERMINAL });
  return { core, operations, runCommand };
}

type CommandRunner = ReturnType<typeof createCommandRunner>;

function wireCommands(
  { config, database, knowledge }: Parts,
  operationsFor: (who: OnBehalfOf) => Operations,
): CommandRunner {
  return createCommandRunner({
    operationsFor,
    confirmations: createConfirmationStore(database, newId),
    recordRefusal: (tenantId, entry) => knowledge.audit.record(tenantId, entry),
    folderBelowRoots: createFolderBelowRoots(config.settings.knowledge.roots),
    ...createSourceSecrets(config.environment),
  });
}

function wireOperations(
  { config, database, knowledge, gate, terminal }: Parts,
  core: Core,
  who: OnBehalfOf,
): Operations {
  return createLocalOperations({
    ...who,
    desk: { ...knowledge, runs: createSyncRuns(database) },
    installationId: terminal.id,
    sink: core.sink,
    knowledge: knowledge.admin,
    search: knowledge.search,
    gate,
    withStores: database.withStores,
    agentNames: config.settings.handoff.agentNames,
    messages: database.webMessages,
    outcomes: database.outcomes,
    live: database.live,
    clock: systemClock,
    doctor: () =>
      checkDatabase({
        tenantId: who.tenantId,
        database,
        knowledge: knowledge.admin,
        embeddingModelId: knowledge.embeddingModelId,
        queueName: config.environment.redisUrl === null ? "in this process" : "Bull on Redis",
      }),
  });
}

function wireConsole(
  { config, database, knowledge, web, files }: Parts,
  core: Core,
  { secret, runCommand, requests }: { secret: Buffer; runCommand: CommandRunner; requests: SyncRequests },
): WebConsole {
  return createWebConsole({
    ...{ runCommand, uploads: files.uploads },
    requestSync: createRequestSync(DEFAULT_TENANT, requests, knowledge.audit),
    ...{ ...knowledge, runs: createSyncRuns(database) },
    sink: core.sink,
    store: database.webMessages,
    board: database.handoffBoard,
    live: database.live,
    installationId: web.id,
    tenantId: DEFAULT_TENANT,
    secret,
    clock: systemClock,
    newId,
    shownAgent: (name) => agentName(config.settings.handoff.agentNames, name, "en"),
    title: config.settings.console.title,
    publicUrl: config.environment.publicUrl,
    suggestions: () => suggestedQuestions(database, DEFAULT_TENANT, ["public"], SUGGESTIONS),
  });
}

export { renderReply } from "../adapters/terminal/render-reply.js";
export { checkSourceOptions } from "../kb/sources/open-source.js";
export { openSyncApart } from "../kb/sync/sync-apart.js";
