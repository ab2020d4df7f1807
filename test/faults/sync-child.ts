/** A sync in a process of its own, to be killed. Configured by one JSON argument; tells on stdout when it begins and ends. */
import { z } from "zod";
import { openDatabase } from "../../infra/postgres/open-database.js";
import { silentLogger } from "../support/silent-logger.js";
import { childSettingsSchema } from "./child-settings.js";
import { syncDocs } from "./sync-scene.js";

const settingsSchema = z.object({ database: childSettingsSchema.shape.database, location: z.string() });

const { database, location } = settingsSchema.parse(JSON.parse(process.argv[2] ?? "{}"));
const opened = await openDatabase(
  database.kind === "embedded"
    ? { kind: "embedded", directory: database.directory }
    : { kind: "postgres", url: database.url, poolSize: 5, statementTimeoutMs: 20_000, connectionTimeoutMs: 5_000 },
  silentLogger,
);
process.stdout.write("begins\n");
await syncDocs(opened, location);
process.stdout.write("ends\n");
await opened[Symbol.asyncDispose]();
