import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createChunkIndexer } from "../../kb/search/chunk-indexer.js";
import { parseDocument } from "../../kb/parsing/parse-document.js";
import { createKnowledgeAdmin } from "../../kb/sync/knowledge-admin.js";
import type { Database } from "../../src/ports/database.js";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import type { EmbeddingModel } from "../../src/ports/models.js";
import { silentLogger } from "../support/silent-logger.js";

/** Pages that never change, that change with every edition, and that are in every second edition only. */
export const PAGES = { same: 30, changing: 40, coming: 12 } as const;
const SECTIONS = 6;
/** What a request for embeddings takes. */
const EMBEDDING_MS = 20;

/** Writes an edition of the folder: all its files, and none besides. */
export function writeEdition(location: string, edition: number): void {
  rmSync(location, { recursive: true, force: true });
  mkdirSync(location, { recursive: true });
  const write = (name: string, stamp: number) => {
    writeFileSync(join(location, `${name}.md`), page(name, stamp));
  };
  for (let index = 0; index < PAGES.same; index += 1) write(`same-${index}`, 0);
  for (let index = 0; index < PAGES.changing; index += 1) write(`changing-${index}`, edition);
  if (edition % 2 === 1) for (let index = 0; index < PAGES.coming; index += 1) write(`coming-${index}`, 0);
}

// Every second section says the same in every edition, so that its vector is copied.
function page(name: string, stamp: number): string {
  const sections = Array.from({ length: SECTIONS }, (_, index) => {
    const edition = index % 2 === 0 ? stamp : 0;
    const words = Array.from({ length: 60 }, (__, word) => `${name}w${word % 20}s${index}`).join(" ");
    return `## Section ${index}\n\nEdition${edition} of ${name.replace("-", "")}. ${words}.`;
  });
  return `# ${name}\n\n${sections.join("\n\n")}\n`;
}

const embeddings: EmbeddingModel = {
  id: "hash",
  dimensions: 8,
  async embed(texts) {
    await pause(EMBEDDING_MS);
    return texts.map((text) =>
      Float32Array.from(createHash("sha256").update(text).digest().subarray(0, 8), (b) => b - 127.5),
    );
  },
};

/** Adds the folder as a source where it is none, and syncs it to its end. */
export async function syncDocs(database: Database, location: string): Promise<void> {
  const admin = createKnowledgeAdmin({
    database,
    indexer: createChunkIndexer({ embeddings }),
    parse: (items) => Promise.all(items.map((item) => parseDocument(item))),
    newId,
    logger: silentLogger,
    secretOf: () => null,
    workDirectory: join(location, "..", "work"),
    allowedPrivateHosts: [],
    machine: {},
    fetch: () => Promise.reject(new TypeError("unreachable: a folder lies on this machine")),
  });
  const sources = await admin.status(DEFAULT_TENANT);
  if (sources.length === 0) {
    await admin.addSource(DEFAULT_TENANT, { name: "docs", kind: "folder", location, acl: ["public"] });
  }
  const signal = new AbortController().signal;
  for await (const step of admin.sync(DEFAULT_TENANT, "docs", { confirmRemovals: true }, signal)) {
    if (step.kind === "done" && step.diff.state !== "done") throw new Error(JSON.stringify(step.diff));
  }
}
