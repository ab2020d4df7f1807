import { createEmbeddedCrashDatabase } from "./crash-database.js";
import { crashSuite } from "./crash-suite.js";

crashSuite("a core on the embedded database", createEmbeddedCrashDatabase, 1);
