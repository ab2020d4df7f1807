import { describe } from "vitest";
import { testServerUrl } from "../support/database.js";
import { createServerCrashDatabase } from "./crash-database.js";
import { handoffCrashSuite } from "./handoff-crash-suite.js";

describe.skipIf(testServerUrl === undefined)(
  `PostgreSQL${testServerUrl === undefined ? ": skipped, TEST_DATABASE_URL is not set" : ""}`,
  () => {
    handoffCrashSuite("a handoff on a server", () => createServerCrashDatabase(testServerUrl ?? ""));
  },
);
