import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { openEmbeddedTestDatabase, openTestDatabase } from "../../support/database.js";
import { folderSource, syncToEnd, testFolder, testKnowledge } from "../../support/knowledge.js";

const dataFolder = process.env["TEST_DATA_DIR"];
const isThere = dataFolder !== undefined && existsSync(dataFolder);
const skipped = isThere ? "" : " (skipped: TEST_DATA_DIR names no folder with the knowledge bases)";

interface TrueChange {
  readonly op: "add" | "modify" | "delete";
  readonly id: string;
}

function trueChanges(folder: string, op: TrueChange["op"]): string[] {
  const lines = readFileSync(path.join(folder, "sync_changes.jsonl"), "utf8").trim().split("\n");
  const changes = lines.map((line) => JSON.parse(line) as TrueChange);
  return changes.flatMap((change) => (change.op === op ? [change.id] : [])).sort();
}

describe.skipIf(!isThere)(`the diff of a real knowledge base one year on${skipped}`, () => {
  it.each(["kb-demo-zulip", "kb-demo-logingov"])(
    "is the true list of changes for %s",
    { timeout: 120_000 },
    async (name) => {
      const data = path.join(dataFolder ?? "", name);
      await using database = await openEmbeddedTestDatabase();
      using folder = testFolder();
      const embeddings = countingEmbeddings();
      const admin = testKnowledge(database, embeddings);
      copyFileSync(path.join(data, "sync_v1.jsonl"), path.join(folder.location, "corpus.jsonl"));
      await admin.addSource("default", folderSource(folder.location, { kind: "jsonl" }));
      const first = await syncToEnd(admin);
      const embeddedFirst = embeddings.texts.length;

      folder.remove("corpus.jsonl");
      copyFileSync(path.join(data, "sync_v2.jsonl"), path.join(folder.location, "corpus.jsonl"));
      const second = await syncToEnd(admin, "docs", { confirmRemovals: true });

      expect(first.failed).toEqual([]);
      expect({
        add: [...second.added].sort(),
        modify: [...second.changed].sort(),
        delete: [...second.removed].sort(),
        failed: second.failed,
      }).toEqual({
        add: trueChanges(data, "add"),
        modify: trueChanges(data, "modify"),
        delete: trueChanges(data, "delete"),
        failed: [],
      });
      const [status] = await admin.status("default");
      expect(embeddings.texts.length - embeddedFirst).toBeLessThan(status!.chunks);
    },
  );

  it(
    "is the true list of changes for kb-scale, and only changed chunks are embedded",
    { timeout: 600_000 },
    async () => {
      const data = path.join(dataFolder ?? "", "kb-scale");
      await using database = await openTestDatabase();
      using folder = testFolder();
      const embeddings = countingEmbeddings();
      const admin = testKnowledge(database, embeddings);
      const corpus = path.join(folder.location, "corpus.jsonl");
      writeFileSync(corpus, olderLines(data).join("\n"));
      await admin.addSource("default", folderSource(folder.location, { kind: "jsonl" }));
      await syncToEnd(admin);
      const embeddedFirst = embeddings.texts.length;
      copyFileSync(path.join(data, "corpus.jsonl"), corpus);
      const removed = trueChanges(data, "delete");

      const second = await syncToEnd(admin);

      expect([...second.added].sort()).toEqual(trueChanges(data, "add"));
      expect([...second.changed].sort()).toEqual(trueChanges(data, "modify"));
      expect([...second.removed].sort()).toEqual(removed);
      const changed = new Set([...second.added, ...second.changed]);
      const whole = await chunksOf(database, changed);
      const embedded = embeddings.texts.length - embeddedFirst;
      console.log(JSON.stringify({ changes: changed.size, embedded, whole_documents: whole, share: embedded / whole }));
      expect(embedded).toBeLessThan(whole);
    },
  );
});

/** The first edition: the corpus without what was added since, with the older text of what was changed or removed. */
function olderLines(folder: string): string[] {
  const lines = (name: string) => readFileSync(path.join(folder, name), "utf8").trim().split("\n");
  const idOf = (line: string) => (JSON.parse(line) as { readonly id: string }).id;
  const older = lines("sync_v1_delta.jsonl");
  const notAsNow = new Set([...trueChanges(folder, "add"), ...older.map(idOf)]);
  return [...lines("corpus.jsonl").filter((line) => !notAsNow.has(idOf(line))), ...older];
}

const CHUNKS_OF = `
  select count(*)::int as chunks from chunk join document on document.id = chunk.document_id
   where chunk.is_current and document.external_id = any($1::text[])`;

async function chunksOf(database: OpenDatabase, names: ReadonlySet<string>): Promise<number> {
  const { rows } = await database.withTenant("default", (db) => db.query<{ chunks: number }>(CHUNKS_OF, [[...names]]));
  return rows[0]?.chunks ?? 0;
}
