import { join } from "node:path";
import { createHashedEmbeddings } from "../../infra/models/local/hashed-embeddings.js";
import { openDatabase, type OpenDatabase } from "../../infra/postgres/open-database.js";
import { createParserSandbox } from "../../kb/parsing/sandbox.js";
import { createChunkIndexer } from "../../kb/search/chunk-indexer.js";
import { createKnowledgeAdmin } from "../../kb/sync/knowledge-admin.js";
import { newId } from "../../src/ports/ids.js";
import { silentLogger } from "../support/silent-logger.js";

/** A knowledge base in memory with the documents of labelled folders, through the real sync. @throws {Error} when one fails */
export async function openLabelled(directories: readonly string[], signal: AbortSignal): Promise<OpenDatabase> {
  const database = await openDatabase({ kind: "embedded", directory: null }, silentLogger);
  await using sandbox = createParserSandbox();
  const admin = createKnowledgeAdmin({
    secretOf: () => null,
    workDirectory: directories[0] ?? ".",
    fetch: () => Promise.reject(new Error("no network is needed")),
    allowedPrivateHosts: [],
    machine: {},
    database,
    indexer: createChunkIndexer({ embeddings: createHashedEmbeddings() }),
    parse: sandbox.parseInSandbox,
    newId,
    logger: silentLogger,
  });
  for (const [index, directory] of directories.entries()) {
    const source = { name: `corpus-${index}`, kind: "jsonl", location: join(directory, "corpus.jsonl") } as const;
    await admin.addSource("default", { ...source, acl: ["public"] });
    for await (const progress of admin.sync("default", source.name, { confirmRemovals: false }, signal)) {
      if (progress.kind === "done" && progress.diff.failed.length > 0)
        throw new Error(`${directory}: documents failed`);
    }
  }
  return database;
}
