import { createHash } from "node:crypto";
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

/** Of the first document the first text was restored; of the second one, a run has closed the text since. */
const RESTORED_BEFORE = [
  `insert into source (id, tenant_id, name, kind, location, acl)
     values ('${uuid(1)}', 'default', 'docs', 'folder', '/docs', '{public}')`,
  `insert into document (id, tenant_id, source_id, external_id)
     values ('${uuid(2)}', 'default', '${uuid(1)}', 'reset.md'),
            ('${uuid(3)}', 'default', '${uuid(1)}', 'other.md')`,
  `insert into document_version (id, tenant_id, document_id, number, hash, kind, title, body)
     values ('${uuid(11)}', 'default', '${uuid(2)}', 1, 'a', 'page', 'Reset', 'Hold it for ten seconds.'),
            ('${uuid(12)}', 'default', '${uuid(2)}', 2, 'b', 'page', 'Reset', 'Hold it for five seconds.'),
            ('${uuid(13)}', 'default', '${uuid(2)}', 3, 'b', 'page', 'Reset', 'Hold it for ten seconds.'),
            ('${uuid(21)}', 'default', '${uuid(3)}', 1, '', 'page', 'Other', 'One.'),
            ('${uuid(22)}', 'default', '${uuid(3)}', 2, '', 'page', 'Other', 'Two.')`,
  `update document set kept_at = now(), current_version_id =
     case id when '${uuid(2)}' then '${uuid(13)}'::uuid else '${uuid(22)}'::uuid end`,
  `insert into chunk (id, tenant_id, document_id, version_id, ord, heading_path, body, variants, acl, is_current)
     values ('${uuid(31)}', 'default', '${uuid(2)}', '${uuid(12)}', 0, '{}', 'Hold it.', '{How?,How so?}', '{public}', false)`,
];

function uuid(number: number): string {
  return `01980a3c-7d1e-7cc2-9d7b-${String(number).padStart(12, "0")}`;
}

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
    /** Of an owner who is no superuser and may not yet use what all tenants share. */
    async function ownedDatabase(right: string) {
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
      return { url, role, ownerUrl: ownerUrl.href };
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

    it("a text that was restored before that was noted is known for one, by the first version with its hash", async () => {
      const { url, role, ownerUrl } = await ownedDatabase("nocreaterole");
      await onServer(url, [`grant deskhand_app, deskhand_system to ${role} with inherit false`]);
      const migrations = await loadMigrations();
      const before = migrations.filter(({ name }) => name < "0014");
      await migrateUrl(ownerUrl, before);
      await onServer(url, RESTORED_BEFORE);

      await migrateUrl(ownerUrl, migrations);

      const text = ["Reset", "How?\nHow so?", "Hold it for five seconds."].join("\n");
      await expect(
        onServer(url, ["select number, source_text_hash from document_version order by document_id, number"]),
      ).resolves.toEqual([
        { number: 1, source_text_hash: null },
        { number: 2, source_text_hash: null },
        { number: 3, source_text_hash: createHash("sha256").update(text).digest("hex") },
        { number: 1, source_text_hash: null },
        { number: 2, source_text_hash: null },
      ]);
    });

    it.each(["createrole", "nocreaterole"])(
      "works for an owner who is no superuser (%s), and gives the same schema",
      async (right) => {
        const { url, role, ownerUrl } = await ownedDatabase(right);
        await expect(openServerUrl(ownerUrl)).rejects.toThrow(
          `As a superuser run: grant deskhand_app, deskhand_system to ${role}`,
        );
        await onServer(url, [`grant deskhand_app, deskhand_system to ${role} with inherit false`]);

        await using database = await openServerUrl(ownerUrl);
        await leasedEvent(database);
        const schema = await database.withTenant(DEFAULT_TENANT, describeSchema);
        await expect(schema).toMatchFileSnapshot("../../../infra/postgres/schema.sql");
        await expect(onServer(ownerUrl, ["select from inbox", "select from conversation"])).resolves.toEqual([]);
      },
    );
  },
);
