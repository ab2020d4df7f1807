import { afterAll, beforeAll, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { Queryable } from "../../../src/ports/database.js";
import { newId } from "../../../src/ports/ids.js";
import { describeEachDatabase } from "../../support/database.js";
import { installationOf } from "../../support/stores.js";
import { fillEveryTable } from "../../support/tenant-rows.js";

// Every table of ours, and how it says whose a row is. The two that belong to nobody are named here.
const TABLES = `
  select relation.relname as name, relation.relrowsecurity as enabled, relation.relforcerowsecurity as forced,
         exists (select from pg_attribute where attrelid = relation.oid and attname = 'tenant_id' and attnotnull) as has_tenant
    from pg_class as relation
    join pg_namespace as namespace on namespace.oid = relation.relnamespace
   where namespace.nspname = 'public' and relation.relkind in ('r', 'p', 'v', 'm')
     and not exists (select from pg_depend where objid = relation.oid and deptype = 'e')
   order by relation.relname`;

interface Table {
  name: string;
  enabled: boolean;
  forced: boolean;
  has_tenant: boolean;
}

describeEachDatabase("row-level security", (open) => {
  let database: OpenDatabase;
  let tables: readonly Table[];
  beforeAll(async () => {
    database = await open();
    await fillEveryTable(database, "acme");
    await installationOf(database, "globex");
    tables = (await database.withTenant("acme", (db) => db.query<Table>(TABLES))).rows;
  });
  afterAll(async () => database[Symbol.asyncDispose]());

  const tenantTables = (): readonly string[] => tables.filter((table) => table.has_tenant).map(({ name }) => name);
  const countIn = async (db: Queryable, table: string): Promise<number> =>
    (await db.query<{ count: number }>(`select count(*)::int as count from "${table}"`)).rows[0]!.count;

  it("is forced on every table that belongs to tenants", () => {
    expect(tables.filter((table) => !table.has_tenant).map(({ name }) => name)).toEqual(["schema_migration", "tenant"]);
    const open = tables.filter((table) => table.name !== "schema_migration" && !(table.enabled && table.forced));
    expect(open).toEqual([]);
  });

  it("shows a tenant its own rows in every table", async () => {
    await database.withTenant("acme", async (db) => {
      for (const table of tenantTables()) expect([table, await countIn(db, table)]).not.toEqual([table, 0]);
    });
  });

  it("shows another tenant no row in any table", async () => {
    await database.withTenant("initech", async (db) => {
      for (const { name } of tables.filter((table) => table.enabled)) {
        expect([name, await countIn(db, name)]).toEqual([name, 0]);
      }
    });
  });

  it("shows no row in any table while no tenant is set", async () => {
    await database.withTenant("acme", async (db) => {
      await db.query("select set_config('deskhand.tenant', '', true)");
      for (const { name } of tables.filter((table) => table.enabled)) {
        expect([name, await countIn(db, name)]).toEqual([name, 0]);
      }
    });
  });

  it("refuses a row for another tenant in every table", async () => {
    for (const table of tenantTables()) {
      const copyOfRow = await database.withTenant("acme", async (db) => {
        const { rows } = await db.query<{ row: unknown }>(`select to_jsonb("${table}") as row from "${table}" limit 1`);
        return JSON.stringify(rows[0]!.row);
      });
      const insert = `insert into "${table}" overriding system value
                      select * from jsonb_populate_record(null::"${table}", $1::jsonb)`;
      await expect(
        database.withTenant("globex", (db) => db.query(insert, [copyOfRow])),
        table,
      ).rejects.toMatchObject({ sqlState: "42501" });
    }
  });

  it("changes no row of another tenant", async () => {
    const owned = "conversation, delivery, feedback, handoff, inbox, web_message, source, document, chunk".split(", ");
    await database.withTenant("globex", async (db) => {
      for (const table of owned) {
        const { rowCount } = await db.query(`update "${table}" set tenant_id = tenant_id`);
        expect([table, rowCount]).toEqual([table, 0]);
      }
    });
  });

  it("lets the application role call none of the functions that cross tenants", async () => {
    const { rows } = await database.withTenant("acme", (db) =>
      db.query<{ name: string; may_call: boolean }>(`
        select proname as name, has_function_privilege('deskhand_app', pg_proc.oid, 'execute') as may_call
          from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
         where nspname = 'public' and prosecdef order by proname`),
    );
    expect(rows.map(({ name }) => name)).toEqual([
      "accept_event",
      "claim_conversation",
      "claim_delivery",
      "claim_work",
      "due_handoffs",
      "ensure_installation",
      "find_installation",
      "release_conversation",
      "renew_conversation",
      "sweep_conversations",
      "unlearned_handoffs",
    ]);
    expect(rows.filter((row) => row.may_call)).toEqual([]);
  });

  it("keeps an installation with its tenant", async () => {
    const { externalId } = await database.coordination.ensureInstallation("acme", "web", newId());
    await expect(database.coordination.ensureInstallation("globex", "web", externalId)).rejects.toMatchObject({
      code: "installation-taken",
    });
  });
});
