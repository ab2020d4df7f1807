import { createEmbeddedCrashDatabase } from "./crash-database.js";
import { syncCrashSuite } from "./sync-crash-suite.js";

syncCrashSuite("a sync on the embedded database", createEmbeddedCrashDatabase, 3);
