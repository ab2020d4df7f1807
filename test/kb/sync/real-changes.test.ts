import { copyFileSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { openEmbeddedTestDatabase } from "../../support/database.js";
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
});
