import { afterAll, beforeAll, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { describeEachDatabase } from "../../support/database.js";

describeEachDatabase("statements that are asked for at once", (open) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  it("fail as the first of them did, whichever is heard of first", async () => {
    const failing = database.withTenant("default", async (db) => {
      // More promises around the first one, so that the others' refusals come before it.
      const first = async () => Promise.all([Promise.all([db.query("select 1 / 0")])]);
      await Promise.all([first(), db.query("select 1"), db.query("select 2")]);
    });
    await expect(failing).rejects.toMatchObject({ sqlState: "22012" });
    await expect(database.withTenant("default", (db) => db.query("select 1 as one"))).resolves.toMatchObject({
      rows: [{ one: 1 }],
    });
  });

  it("come back in the order that they were asked for in, each with its own answer", async () => {
    const rows = await database.withTenant("default", (db) =>
      Promise.all([1, 2, 3].map((each) => db.query("select $1::int as each", [each], { isPrepared: each !== 2 }))),
    );
    expect(rows.map(({ rows: [row] }) => row)).toEqual([{ each: 1 }, { each: 2 }, { each: 3 }]);
  });
});
