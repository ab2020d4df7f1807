import { describe } from "vitest";
import { openDatabase, type OpenDatabase } from "../../infra/postgres/open-database.js";
import { embeddedSnapshot } from "./embedded-snapshot.js";
import { reusedInSuite, ReusedDatabases } from "./reused-database.js";
import { openServerDatabase } from "./server-database.js";
import { silentLogger } from "./silent-logger.js";

/** The PostgreSQL server to test on; undefined when there is none. */
export const testServerUrl = process.env["TEST_DATABASE_URL"];

const embedded = new ReusedDatabases(async () =>
  openDatabase({ kind: "embedded", directory: null, snapshot: await embeddedSnapshot() }, silentLogger),
);

/**
 * A migrated, empty database of one's own: on the server of TEST_DATABASE_URL where that is set, else embedded and in
 * memory. Dispose it with `await using`, or in `afterAll` with `await database[Symbol.asyncDispose]()`.
 */
export function openTestDatabase(): Promise<OpenDatabase> {
  return testServerUrl === undefined ? openEmbeddedTestDatabase() : openServerDatabase(testServerUrl);
}

/** It may have held other rows: the files of one test process use it one after the other. Its schema is not to be changed. */
export function openEmbeddedTestDatabase(): Promise<OpenDatabase> {
  return embedded.open();
}

/**
 * Runs a suite on the embedded database and, where TEST_DATABASE_URL is set, on PostgreSQL as well. What it opens is empty,
 * and not new each time.
 */
export function describeEachDatabase(title: string, suite: (open: () => Promise<OpenDatabase>) => void): void {
  describe(`${title} (embedded)`, () => {
    suite(openEmbeddedTestDatabase);
  });
  const url = testServerUrl;
  describe.skipIf(url === undefined)(
    `${title} (PostgreSQL${url === undefined ? ": skipped, TEST_DATABASE_URL is not set" : ""})`,
    () => {
      suite(reusedInSuite(() => openServerDatabase(url ?? "")));
    },
  );
}
