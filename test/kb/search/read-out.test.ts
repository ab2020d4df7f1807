import { expect, it } from "vitest";
import { readOut } from "../../../kb/search/read-out.js";
import type { Database, Queryable } from "../../../src/ports/database.js";
import { DEFAULT_TENANT } from "../../../src/ports/ids.js";

const TRANSACTION: Queryable = { query: () => Promise.resolve({ rows: [], rowCount: 0 }) };

/** A database whose transactions end when they are told to. */
function slowToEnd(end: Promise<void>): Database {
  return {
    async withTenant(_tenantId, work) {
      const result = await work(TRANSACTION);
      await end;
      return result;
    },
  };
}

it("gives what was read before the transaction has ended", async () => {
  let end: () => void = () => undefined;
  const { found, ended } = readOut(slowToEnd(new Promise((resolve) => (end = resolve))), DEFAULT_TENANT, () =>
    Promise.resolve(7),
  );

  expect(await found).toBe(7);
  end();
  await ended;
});

it("tells when the end fails, though something was found", async () => {
  const { found, ended } = readOut(slowToEnd(Promise.reject(new Error("gone"))), DEFAULT_TENANT, () =>
    Promise.resolve(7),
  );

  expect(await found).toBe(7);
  await expect(ended).rejects.toThrow("gone");
});

it("fails with what is read, and nobody has to wait for it", async () => {
  const { found, ended } = readOut(slowToEnd(Promise.resolve()), DEFAULT_TENANT, () =>
    Promise.reject(new Error("no such table")),
  );

  await expect(ended).rejects.toThrow("no such table");
  await expect(found).rejects.toThrow("no such table");
});
