import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { checkServer } from "../../../infra/postgres/server-facts.js";
import type { LiveSignal, Queryable } from "../../../src/ports/database.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { plainReply } from "../../../src/ports/reply.js";
import { openDatabase } from "../../../infra/postgres/open-database.js";
import { testServerUrl } from "../../support/database.js";
import { silentLogger } from "../../support/silent-logger.js";
import { openProxy } from "../../support/tcp-proxy.js";
import { createServerDatabase, dropServerDatabase, openServerUrl } from "../../support/server-database.js";
import { deliveryFor, installationOf, leasedEvent } from "../../support/stores.js";

describe("a server's versions", () => {
  const server = (row: object): Queryable => ({
    query: (() => Promise.resolve({ rows: [row], rowCount: 1 })) as Queryable["query"],
  });
  const good = { version_number: 150_018, version: "15.18", synchronous_commit: "on", vector_version: "0.8.0" };

  it.each([
    [{ version_number: 140_010, version: "14.10" }, "PostgreSQL 14.10 is too old"],
    [{ vector_version: "0.7.4" }, "pgvector 0.7.4 is too old"],
    [{ vector_version: null }, "pgvector extension is not installed"],
    [{ synchronous_commit: "off" }, "synchronous_commit is off"],
  ])("are refused with %j", async (difference, message) => {
    await expect(checkServer(server({ ...good, ...difference }))).rejects.toThrow(message);
  });

  it("are accepted from PostgreSQL 15 and pgvector 0.8 on", async () => {
    await expect(checkServer(server(good))).resolves.toBeUndefined();
    await expect(checkServer(server({ ...good, vector_version: "1.0.0" }))).resolves.toBeUndefined();
  });
});

describe.skipIf(testServerUrl === undefined)(
  `a PostgreSQL server${testServerUrl === undefined ? " (skipped: TEST_DATABASE_URL is not set)" : ""}`,
  () => {
    const serverUrl = testServerUrl ?? "";
    let url: string;
    let database: OpenDatabase;
    beforeAll(async () => {
      url = await createServerDatabase(serverUrl);
      database = await openServerUrl(url);
    });
    afterAll(async () => {
      await database[Symbol.asyncDispose]();
      await dropServerDatabase(serverUrl, url);
    });

    async function asAdministrator(statement: string): Promise<void> {
      const client = new pg.Client({ connectionString: serverUrl });
      await client.connect();
      await client.query(statement);
      await client.end();
    }
    const name = (): string => new URL(url).pathname.slice(1);
    const cutConnections = (): Promise<void> =>
      asAdministrator(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name()}'`);

    it("without the database says its name and how to make it", async () => {
      const missing = new URL(url);
      missing.pathname = "/deskhand-missing";
      await expect(openServerUrl(missing.href)).rejects.toMatchObject({
        code: "database",
        message: expect.stringMatching(
          /^the database deskhand-missing does not exist: .*createdb deskhand-missing/u,
        ) as string,
      });
    });

    it("may close idle connections: the next statement gets a new one", async () => {
      await Promise.all([database.ping(), database.ping(), database.ping()]);
      await cutConnections();
      await vi.waitFor(() => database.ping());
    });

    it("may cut a transaction off: the caller learns that trying again may help, and nothing was written", async () => {
      const cut = database.withTenant(DEFAULT_TENANT, async (db) => {
        await db.query(
          "insert into source (id, tenant_id, name, kind, location, acl) values ($1, 'default', 'n', 'folder', '/', '{public}')",
          [newId()],
        );
        await cutConnections();
        await db.query("select 1");
      });
      await expect(cut).rejects.toMatchObject({ code: "database", isRetryable: true });
      const { rows } = await database.withTenant(DEFAULT_TENANT, (db) => db.query("select from source"));
      expect(rows).toEqual([]);
    });

    it("joins a card's thread with what somebody writes there in the same moment", async () => {
      const { inboxId, installationId } = await leasedEvent(database);
      const card = await database.withStores(DEFAULT_TENANT, async (stores) => {
        const channel = await stores.conversations.ensure({ installationId, key: "agents" });
        const [id = ""] = await stores.deliveries.add([deliveryFor(channel, inboxId, { purpose: "handoff-card" })]);
        await stores.conversations.startedBy(id, installationId);
        return channel;
      });
      const claimed = await database.coordination.claimDelivery(card, "sender", 60_000);
      if (claimed === null) throw new Error("unreachable: the card is due");
      const [isWritten, write] = gate();
      const [isJoining, goOn] = gate();
      const there = database.withStores(DEFAULT_TENANT, async (stores) => {
        const written = await stores.conversations.ensure({ installationId, key: "agents/p" });
        write();
        await isJoining;
        return written;
      });
      await isWritten;
      const posted = { platformId: "p", threadKey: "agents/p" };
      const joined = database.withStores(DEFAULT_TENANT, (stores) => stores.deliveries.markSent(claimed, posted));
      await vi.waitFor(async () => {
        expect(await waitingForLocks()).toBe(1);
      });
      goOn();
      await expect(joined).resolves.toBe(await there);
    });

    async function waitingForLocks(): Promise<number> {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query<{ waiting: number }>(
        "select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      await client.end();
      return rows[0]?.waiting ?? 0;
    }

    it("may cut the listening connection: signals come again", async () => {
      const signals: LiveSignal[] = [];
      const unsubscribe = database.live.subscribe((signal) => signals.push(signal));
      const to = { installationId: await installationOf(database), key: "chat" };
      await cutConnections();
      await vi.waitFor(
        async () => {
          const author = { role: "bot", name: "Deskhand" } as const;
          await database.webMessages.post(to, newId(), author, plainReply("Hello."));
          expect(signals).toContainEqual({ tenantId: DEFAULT_TENANT, topic: "conversation", id: "chat" });
        },
        { timeout: 10_000, interval: 100 },
      );
      unsubscribe();
    });

    it("passes a notification on to every other process", async () => {
      await using other = await openServerUrl(url);
      const signals: LiveSignal[] = [];
      const unsubscribe = other.live.subscribe((signal) => signals.push(signal));
      const to = { installationId: await installationOf(database), key: "chat" };
      await database.webMessages.post(to, newId(), { role: "bot", name: "Deskhand" }, plainReply("Hello."));
      await vi.waitFor(() => {
        expect(signals).toEqual([{ tenantId: DEFAULT_TENANT, topic: "conversation", id: "chat" }]);
      });
      unsubscribe();
    });

    it("cuts off a statement that takes too long, and the connection is used again", async () => {
      const slow = database.withTenant(DEFAULT_TENANT, async (db) => {
        await db.query("set local statement_timeout = '50ms'");
        await db.query("select pg_sleep(5)");
      });
      await expect(slow).rejects.toMatchObject({ sqlState: "57014", isRetryable: true });
      await expect(database.ping()).resolves.toBeUndefined();
    });

    it("may stop answering: callers get an error in time, and it is used again once it answers", async () => {
      const proxy = await openProxy(serverUrl);
      const through = new URL(url);
      through.hostname = "127.0.0.1";
      through.port = String(proxy.port);
      await using database = await openDatabase(
        { kind: "postgres", url: through.href, poolSize: 2, statementTimeoutMs: 300, connectionTimeoutMs: 500 },
        silentLogger,
      );
      const stopped = database.withTenant(DEFAULT_TENANT, async (db) => {
        await db.query("select 1");
        proxy.freeze();
        await db.query("select 2");
      });
      await expect(stopped).rejects.toMatchObject({ code: "database", isRetryable: true });
      await expect(database.ping()).rejects.toMatchObject({ isRetryable: true });
      proxy.thaw();
      await vi.waitFor(() => database.ping());
      proxy.close();
    });

    it("is refused when a commit could be lost", async () => {
      await asAdministrator(`alter database ${name()} set synchronous_commit = off`);
      await expect(openServerUrl(url)).rejects.toThrow("synchronous_commit is off");
      await asAdministrator(`alter database ${name()} reset synchronous_commit`);
    });

    it("that cannot be reached is an error that trying again may mend", async () => {
      const nobody = new URL(url);
      nobody.port = "1";
      await expect(openServerUrl(nobody.href)).rejects.toMatchObject({ code: "database", isRetryable: true });
    });
  },
);

/** A promise, and what fulfils it. */
function gate(): [Promise<void>, () => void] {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return [opened, () => open()];
}
