import { createEmbeddedCrashDatabase } from "./crash-database.js";
import { handoffCrashSuite } from "./handoff-crash-suite.js";

handoffCrashSuite("a handoff on the embedded database", createEmbeddedCrashDatabase);
