import { afterAll } from "vitest";
import type { OpenDatabase } from "../../infra/postgres/open-database.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";

type Open = () => Promise<OpenDatabase>;

// Without triggers and foreign keys the order of the tables does not matter.
const EMPTY = `
  do $$
  declare
    v_table text;
  begin
    perform set_config('session_replication_role', 'replica', true);
    for v_table in select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migration' loop
      execute format('delete from %I', v_table);
    end loop;
    insert into tenant (id) values ('${DEFAULT_TENANT}');
  end $$`;

/** Databases that were given back, to be opened again without what they held: a fraction of the time of a new one. */
export class ReusedDatabases implements AsyncDisposable {
  readonly #open: Open;
  readonly #idle: OpenDatabase[] = [];

  constructor(open: Open) {
    this.#open = open;
  }

  /** Disposing it gives it back. */
  async open(): Promise<OpenDatabase> {
    const idle = this.#idle.pop();
    if (idle !== undefined) await empty(idle);
    const database = idle ?? (await this.#open());
    return {
      ...database,
      [Symbol.asyncDispose]: () => {
        this.#idle.push(database);
        return Promise.resolve();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const database of this.#idle.splice(0)) await database[Symbol.asyncDispose]();
  }
}

/** Called in a suite: opens databases that are closed after it. */
export function reusedInSuite(open: Open): Open {
  const databases = new ReusedDatabases(open);
  afterAll(() => databases[Symbol.asyncDispose]());
  return () => databases.open();
}

function empty(database: OpenDatabase): Promise<void> {
  return database.withTenant(DEFAULT_TENANT, async (db) => {
    await db.query("reset role");
    await db.query(EMPTY);
  });
}
