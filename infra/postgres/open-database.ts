import type { AddressBook, Participation } from "../../src/ports/chat.js";
import type { HandoffBoard, WebMessageStore } from "../../src/ports/console.js";
import type { Database, LiveSignals } from "../../src/ports/database.js";
import { newId } from "../../src/ports/ids.js";
import type { Logger } from "../../src/ports/logger.js";
import type { CoordinationStore, WithStores } from "../../src/ports/stores.js";
import type { VectorIndexes } from "../../src/ports/vector-indexes.js";
import { createAddressBook, createParticipation } from "./address-book.js";
import { Cleanup } from "./cleanup.js";
import { Connections } from "./connections.js";
import { createCandidateStore } from "./candidate-store.js";
import { createConversationStore } from "./conversation-store.js";
import { createEventAcceptor } from "./accept-events.js";
import { createCoordinationStore, createTenantOfInstallation } from "./coordination-store.js";
import { toDatabaseError } from "./database-error.js";
import { createDeliveryStore } from "./delivery-store.js";
import { lockDirectory } from "./directory-lock.js";
import { openEmbeddedPool } from "./embedded-pool.js";
import { setUnfinishedStartAside, markFirstStartDone } from "./first-start.js";
import { createHandoffBoard } from "./handoff-board.js";
import { createHandoffReports } from "./handoff-reports.js";
import { createHandoffStore } from "./handoff-store.js";
import { createInboxStore } from "./inbox-store.js";
import { listenEmbedded, LiveSignalHub, ServerListener } from "./live-signals.js";
import { loadMigrations, migrate } from "./migrate.js";
import { createOutcomeOf, createOutcomeReader, type OutcomeReader } from "./outcome-reader.js";
import { checkAppRole, checkServer, readFacts, type DatabaseFacts } from "./server-facts.js";
import { connectClient, openServerPool, type ServerSettings } from "./server-pool.js";
import { createWithTenant } from "./tenant-transaction.js";
import { createBudgetStore } from "./budget-store.js";
import { createFileStore } from "./file-store.js";
import { createAnswerCaseStore } from "./answer-case-store.js";
import { createGapStore } from "./gap-store.js";
import { createRatingStore } from "./rating-store.js";
import { createReactionStore } from "./reaction-store.js";
import { createSuggestionStore } from "./suggestion-store.js";
import { createTraceStore } from "./trace-store.js";
import { createVectorIndexes } from "./vector-indexes.js";
import { createWebMessageStore } from "./web-message-store.js";

/** Which database to use. */
export type DatabaseSettings =
  | {
      readonly kind: "embedded";
      /** Deskhand's own directory; null keeps everything in memory. */
      readonly directory: string | null;
      /** What a new database starts with, instead of nothing. */
      readonly snapshot?: Blob;
    }
  | ({ readonly kind: "postgres" } & ServerSettings);

/** A database that is migrated, checked and ready. Disposing it closes every connection and frees the directory. */
export interface OpenDatabase extends Database, AsyncDisposable {
  readonly kind: DatabaseSettings["kind"];
  readonly coordination: CoordinationStore;
  readonly withStores: WithStores;
  readonly webMessages: WebMessageStore;
  readonly handoffBoard: HandoffBoard;
  readonly live: LiveSignals;
  readonly outcomes: OutcomeReader;
  readonly outcomeOf: ReturnType<typeof createOutcomeOf>;
  readonly addresses: AddressBook;
  readonly participation: Participation;
  /** The embedded database has none: it looks at every vector. */
  readonly vectorIndexes: VectorIndexes;
  /** Resolves when the database answers. @throws {DatabaseError} */
  ping(): Promise<void>;
  facts(): Promise<DatabaseFacts>;
  /** Tells other processes where this one can be spoken to, while it holds an embedded directory. */
  announce(address: string | null): Promise<void>;
  /** The whole embedded database as a file, for {@link DatabaseSettings}; null on a PostgreSQL server. */
  dump(): Promise<Blob | null>;
}

/**
 * Opens and migrates the database.
 * @throws {DirectoryInUseError} while another process holds the embedded directory.
 * @throws {UnsuitableDatabaseError} for a server on which the promises would not hold.
 * @throws {SchemaVersionError} for a schema that is newer than this program.
 * @throws {DatabaseError} when it cannot be reached.
 */
export function openDatabase(settings: DatabaseSettings, logger: Logger): Promise<OpenDatabase> {
  return settings.kind === "embedded"
    ? openEmbedded(settings.directory, settings.snapshot ?? null, logger)
    : openServer(settings, logger);
}

async function openEmbedded(directory: string | null, snapshot: Blob | null, logger: Logger): Promise<OpenDatabase> {
  const cleanup = new Cleanup();
  try {
    const lock = directory === null ? null : await lockDirectory(directory);
    cleanup.add(async () => lock?.release());
    if (directory !== null) await setUnfinishedStartAside(directory);
    const { pglite, pool } = await openEmbeddedPool(directory, snapshot);
    cleanup.add(() => pglite.close());
    cleanup.add(() => pool.end());
    const connections = new Connections(pool, "embedded");
    await connections.use(async (connection) => {
      await checkServer(connection);
      await migrate(connection, await loadMigrations());
      await checkAppRole(connection);
    });
    if (directory !== null) await markFirstStartDone(directory);
    const live = new LiveSignalHub(logger, (work) => {
      connections.detached(work);
    });
    await listenEmbedded(pglite, live);
    return {
      ...assemble(connections, live),
      kind: "embedded",
      vectorIndexes: { keep: () => Promise.resolve() },
      announce: async (address) => lock?.announce(address),
      dump: () => pglite.dumpDataDir("none"),
      [Symbol.asyncDispose]: () => cleanup.run(),
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function openServer(settings: ServerSettings, logger: Logger): Promise<OpenDatabase> {
  await prepareServer(settings);
  const cleanup = new Cleanup();
  const pool = openServerPool(settings, logger);
  cleanup.add(() => pool.end());
  const connections = new Connections(pool, "server");
  const live = new LiveSignalHub(logger, (work) => {
    connections.detached(work);
  });
  const listener = new ServerListener(settings, live, logger);
  cleanup.add(() => listener.stop());
  await listener.start();
  const parts = assemble(connections, live);
  return {
    ...parts,
    kind: "postgres",
    vectorIndexes: createVectorIndexes(parts, settings),
    announce: () => Promise.resolve(),
    dump: () => Promise.resolve(null),
    [Symbol.asyncDispose]: () => cleanup.run(),
  };
}

/** Stores events and nothing else, each by a statement of its own: what the ingress is compared with. */
export function openPlainIntake(settings: ServerSettings, logger: Logger) {
  const connections = new Connections(openServerPool(settings, logger), "server");
  return { acceptEvent: createEventAcceptor(connections, newId, { atOnce: settings.poolSize, together: 1 }) };
}

async function prepareServer(settings: ServerSettings): Promise<void> {
  const client = await connectClient(settings, null);
  const connection = {
    query: async <Row extends object>(text: string, values?: readonly unknown[]) => {
      try {
        return await client.query<Row>(text, values === undefined ? undefined : [...values]);
      } catch (error) {
        throw toDatabaseError(error);
      }
    },
  };
  try {
    await checkServer(connection);
    await migrate(connection, await loadMigrations());
    await checkAppRole(connection);
  } finally {
    await client.end();
  }
}

function assemble(
  connections: Connections,
  live: LiveSignals,
): Omit<OpenDatabase, "kind" | "announce" | "dump" | "vectorIndexes" | typeof Symbol.asyncDispose> {
  const database: Database = { withTenant: createWithTenant(connections) };
  const tenantOf = createTenantOfInstallation(connections);
  return {
    ...database,
    live,
    coordination: createCoordinationStore(connections, newId),
    withStores: (tenantId, work) =>
      database.withTenant(
        tenantId,
        (db) =>
          work({
            inbox: createInboxStore(db),
            deliveries: createDeliveryStore(db, newId),
            conversations: createConversationStore(db, newId),
            handoffs: createHandoffStore(db, newId),
            suggestions: createSuggestionStore(db),
            ratings: createRatingStore(db),
            reactions: createReactionStore(db),
            files: createFileStore(db),
            answerCases: createAnswerCaseStore(db),
            gaps: createGapStore(db),
            traces: createTraceStore(db),
            budgets: createBudgetStore(db),
            candidates: createCandidateStore(db),
            reports: createHandoffReports(db),
          }),
        { startsAtOnce: true },
      ),
    webMessages: createWebMessageStore(database, tenantOf, newId),
    handoffBoard: createHandoffBoard(database),
    outcomes: createOutcomeReader(database),
    outcomeOf: createOutcomeOf(database, tenantOf),
    addresses: createAddressBook(database, tenantOf),
    participation: createParticipation(database, tenantOf),
    ping: async () => {
      await connections.query("select 1");
    },
    facts: () => connections.use(readFacts),
  };
}
