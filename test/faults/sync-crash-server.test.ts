import { describe } from "vitest";
import { testServerUrl } from "../support/database.js";
import { createServerCrashDatabase } from "./crash-database.js";
import { syncCrashSuite } from "./sync-crash-suite.js";

describe.skipIf(testServerUrl === undefined)(
  `PostgreSQL${testServerUrl === undefined ? ": skipped, TEST_DATABASE_URL is not set" : ""}`,
  () => {
    syncCrashSuite("a sync on a server", () => createServerCrashDatabase(testServerUrl ?? ""), 4);
  },
);
