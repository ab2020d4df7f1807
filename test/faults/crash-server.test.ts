import { describe } from "vitest";
import { testServerUrl } from "../support/database.js";
import { createServerCrashDatabase } from "./crash-database.js";
import { crashSuite } from "./crash-suite.js";

describe.skipIf(testServerUrl === undefined)(
  `PostgreSQL${testServerUrl === undefined ? ": skipped, TEST_DATABASE_URL is not set" : ""}`,
  () => {
    crashSuite("a core on a server", () => createServerCrashDatabase(testServerUrl ?? ""), 2);
  },
);
