import { afterAll, beforeAll, expect, it } from "vitest";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { DEFAULT_TENANT } from "../../../src/ports/ids.js";
import { describeEachDatabase } from "../../support/database.js";
import { describeSchema } from "../../support/describe-schema.js";

describeEachDatabase("schema", (open) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(async () => database[Symbol.asyncDispose]());

  it("is what infra/postgres/schema.sql says", async () => {
    const schema = await database.withTenant(DEFAULT_TENANT, describeSchema);
    await expect(schema).toMatchFileSnapshot("../../../infra/postgres/schema.sql");
  });
});
