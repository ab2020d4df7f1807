import { copyFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadMigrations, migrate, type Migration } from "../../../infra/postgres/migrate.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { describeEachDatabase, testServerUrl } from "../../support/database.js";
import { describeSchema } from "../../support/describe-schema.js";
import { createServerDatabase, dropServerDatabase, openServerUrl } from "../../support/server-database.js";
import { leasedEvent } from "../../support/stores.js";

const sourceDirectory = join(import.meta.dirname, "..", "..", "..", "infra", "postgres", "migrations");

describeEachDatabase("facts", (open) => {
  it("tell the versions that decide whether the database suits", async () => {
    await using database = await open();
    const { length } = await loadMigrations();
    await expect(database.facts()).resolves.toEqual({
      serverVersion: expect.stringMatching(/^\d+\.\d+$/u) as string,
      vectorVersion: expect.stringMatching(/^0\.\d+\.\d+$/u) as string,
      schemaVersion: length,
      synchronousCommit: "on",
    });
  });
});

describe("migration files", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "deskhand-migrations-"));
    for (const name of await readdir(sourceDirectory))
      await copyFile(join(sourceDirectory, name), join(directory, name));
  });
  afterAll(async () => rm(directory, { recursive: true, force: true }));

  it("are found in the package", async () => {
    expect(await loadMigrations()).toEqual(await loadMigrations(sourceDirectory));
  });

  it.each(["9999_gap.sql", "topic.sql", "0001_twice.sql"])("are refused with a file named %s", async (name) => {
    await writeFile(join(directory, name), "select 1");
    await expect(loadMigrations(directory)).rejects.toMatchObject({ code: "schema-version" });
    await rm(join(directory, name));
  });
});

describe.skipIf(testServerUrl === undefined)(
  `migrate on PostgreSQL${testServerUrl === undefined ? " (skipped: TEST_DATABASE_URL is not set)" : ""}`,
  () => {
    const serverUrl = testServerUrl ?? "";
    const urls: string[] = [];
    const roles: string[] = [];
    afterAll(async () => {
      for (const url of urls) await dropServerDatabase(serverUrl, url);
      for (const role of roles) await onServer(serverUrl, [`drop role ${role}`]);
    });

    async function onServer(url: string, statements: readonly string[]): Promise<readonly object[]> {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        let rows: readonly object[] = [];
        for (const statement of statements) rows = (await client.query<object>(statement)).rows;
        return rows;
      } finally {
        await client.end();
      }
    }
    async function emptyDatabase(): Promise<string> {
      const url = await createServerDatabase(serverUrl);
      urls.push(url);
      return url;
    }
    async function migrateUrl(url: string, migrations: readonly Migration[]): Promise<number> {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        return await migrate(
          {
            query: (text, values) => client.query(text, values === undefined ? undefined : [...values]),
          },
          migrations,
        );
      } finally {
        await client.end();
      }
    }

    it("applies every file once when it runs twice and at once", async () => {
      const url = await emptyDatabase();
      const migrations = await loadMigrations();
      const versions = await Promise.all(Array.from({ length: 4 }, () => migrateUrl(url, migrations)));
      expect(versions).toEqual(Array.from({ length: 4 }, () => migrations.length));
      await expect(migrateUrl(url, migrations)).resolves.toBe(migrations.length);
      await expect(onServer(url, ["select version from schema_migration order by version"])).resolves.toEqual(
        migrations.map(({ version }) => ({ version })),
      );
    });

    it("refuses a file that was changed, and a schema that is newer than the files", async () => {
      const url = await emptyDatabase();
      const migrations = await loadMigrations();
      await migrateUrl(url, migrations);
      const changed = migrations.map((each, index) => (index === 0 ? { ...each, checksum: "other" } : each));
      await expect(migrateUrl(url, changed)).rejects.toThrow("0001_core.sql was changed");
      await expect(migrateUrl(url, migrations.slice(0, -1))).rejects.toThrow("install a newer Deskhand");
    });

    it("leaves nothing of a step that fails, and says what the server said", async () => {
      const url = await emptyDatabase();
      const broken = { version: 1, name: "0001_broken.sql", checksum: "x", sql: "create table a (); select nothing;" };
      await expect(migrateUrl(url, [broken])).rejects.toThrow(
        '0001_broken.sql failed: column "nothing" does not exist',
      );
      await expect(onServer(url, ["select to_regclass('a') as a"])).resolves.toEqual([{ a: null }]);
    });

    it.each(["createrole", "nocreaterole"])(
      "works for an owner who is no superuser (%s), and gives the same schema",
      async (right) => {
        const url = await emptyDatabase();
        const role = `deskhand_owner_${newId().replaceAll("-", "").slice(-12)}`;
        roles.push(role);
        const name = new URL(url).pathname.slice(1);
        await onServer(url, [
          `create role ${role} login ${right} nosuperuser password 'test'`,
          `alter database ${name} owner to ${role}`,
          "create extension if not exists vector",
        ]);
        const ownerUrl = new URL(url);
        ownerUrl.username = role;
        ownerUrl.password = "test";
        await expect(openServerUrl(ownerUrl.href)).rejects.toThrow(
          `As a superuser run: grant deskhand_app, deskhand_system to ${role}`,
        );
        await onServer(url, [`grant deskhand_app, deskhand_system to ${role} with inherit false`]);

        await using database = await openServerUrl(ownerUrl.href);
        await leasedEvent(database);
        const schema = await database.withTenant(DEFAULT_TENANT, describeSchema);
        await expect(schema).toMatchFileSnapshot("../../../infra/postgres/schema.sql");
        await expect(onServer(ownerUrl.href, ["select from inbox", "select from conversation"])).resolves.toEqual([]);
      },
    );
  },
);
