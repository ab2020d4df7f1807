import { afterAll, beforeAll, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import type { Queryable } from "../../../src/ports/database.js";
import { describeEachDatabase } from "../../support/database.js";

describeEachDatabase("withTenant", (open) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => database[Symbol.asyncDispose]());

  it("works as the application role with the tenant set", async () => {
    const { rows } = await database.withTenant("default", (transaction) =>
      transaction.query("select current_user as role, current_tenant() as tenant"),
    );
    expect(rows).toEqual([{ role: "deskhand_app", tenant: "default" }]);
  });

  it("plans look-ups by an index where that is asked for, until the transaction ends", async () => {
    const ask = async (transaction: Queryable) => {
      const { rows } = await transaction.query(
        `select current_tenant() as tenant, current_setting('enable_seqscan') as whole_tables,
                current_setting('enable_nestloop') as loops, current_setting('jit') as compiled`,
      );
      return rows;
    };
    const usual = await database.withTenant("default", ask);
    expect(await database.withTenant("default", ask, { looksUp: true })).toEqual([
      { tenant: "default", whole_tables: "off", loops: "off", compiled: "off" },
    ]);
    expect(usual).toMatchObject([{ whole_tables: "on", loops: "on" }]);
    expect(await database.withTenant("default", ask)).toEqual(usual);
  });

  it("refuses a tenant id that could end a literal", async () => {
    await expect(database.withTenant("x', true); drop table inbox; --", () => Promise.resolve())).rejects.toMatchObject(
      {
        code: "database",
      },
    );
  });

  it("refuses a second connection inside a transaction, and goes on working", async () => {
    await expect(
      database.withTenant("default", () => database.withTenant("default", () => Promise.resolve())),
    ).rejects.toThrow("pass the transaction's own Queryable down");
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it("refuses a Queryable that was kept after its transaction", async () => {
    let kept: Queryable | null = null;
    await database.withTenant("default", (transaction) => {
      kept = transaction;
      return Promise.resolve();
    });
    await expect(kept!.query("select 1")).rejects.toThrow("has ended");
  });

  // TEN-04 of attacks.jsonl. The embedded database has one connection, which all of them get in turn.
  it("takes nothing of a tenant along when transactions of two take turns and some throw", async () => {
    await database.coordination.ensureInstallation("acme", "web", "acme");
    const seen = async (tenant: string, index: number) => {
      try {
        return await database.withTenant(tenant, async (transaction) => {
          const sql = `select current_tenant() as tenant, (select count(*)::int from installation) as installations`;
          const { rows } = await transaction.query(sql);
          if (index % 3 === 0) throw new Error("in the middle");
          if (index % 3 === 1) await transaction.query("select 1 / 0");
          return rows;
        });
      } catch {
        return null;
      }
    };
    const all = await Promise.all(
      Array.from({ length: 30 }, (_, index) => seen(index % 2 === 0 ? "acme" : "globex", index)),
    );
    const expected = (tenant: string) => [{ tenant, installations: tenant === "acme" ? 1 : 0 }];
    expect(all).toEqual(
      all.map((_, index) => (index % 3 === 2 ? expected(index % 2 === 0 ? "acme" : "globex") : null)),
    );
  });

  it("rolls back when the work rejects", async () => {
    const addedName = "rolled-back";
    await expect(
      database.withTenant("default", async (transaction) => {
        await transaction.query(
          `insert into source (id, tenant_id, name, kind, location, acl)
             values (gen_random_uuid(), current_tenant(), $1, 'folder', '/', '{public}')`,
          [addedName],
        );
        throw new Error("stop");
      }),
    ).rejects.toThrow("stop");
    const { rows } = await database.withTenant("default", (transaction) =>
      transaction.query("select name from source"),
    );
    expect(rows).toEqual([]);
  });

  it("rejects when a failed statement was ignored, because nothing was committed", async () => {
    await expect(
      database.withTenant("default", async (transaction) => {
        await transaction.query("select 1 / 0").catch(() => undefined);
      }),
    ).rejects.toThrow("was rolled back");
  });

  it("answers every query that follows at once on a failed one", async () => {
    for (let round = 0; round < 100; round += 1) {
      await expect(
        database.withTenant("default", (transaction) => transaction.query("select 1 / 0")),
      ).rejects.toMatchObject({ sqlState: "22012", isRetryable: false });
      await database.ping();
    }
  });

  it("runs a transaction again after a serialisation failure, three times at most", async () => {
    let runs = 0;
    await expect(
      database.withTenant("default", (transaction) => {
        runs += 1;
        return transaction.query("do $$ begin raise exception using errcode = '40001'; end $$");
      }),
    ).rejects.toMatchObject({ sqlState: "40001", isRetryable: true });
    expect(runs).toBe(4);
  });
});
