/**
 * Trains the confidence model on labelled folders, through the real sync and search:
 *
 *   npx tsc -p tsconfig.json --noEmit false --outDir .bench && node .bench/test/bench/train-confidence.js DIR... > report.json
 *
 * It prints the held-out figures and writes src/answering/confidence/model.ts. Folders whose names share the part before
 * the first hyphen are one family (stackfaq, stackfaq-esc), `kb-demo-*` excepted. At most 1,000 questions of each are asked.
 */
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { createHashedEmbeddings } from "../../infra/models/local/hashed-embeddings.js";
import { openDatabase } from "../../infra/postgres/open-database.js";
import { createParserSandbox } from "../../kb/parsing/sandbox.js";
import { createChunkIndexer } from "../../kb/search/chunk-indexer.js";
import { createKnowledgeSearch } from "../../kb/search/knowledge-search.js";
import { createKnowledgeAdmin } from "../../kb/sync/knowledge-admin.js";
import { readDataset } from "../../src/answering/evaluation/read-dataset.js";
import { FEATURES } from "../../src/answering/confidence/features.js";
import { trainConfidence, type LabelledSearch, type Training } from "../../src/answering/confidence/train.js";
import { newId } from "../../src/ports/ids.js";
import type { KnowledgeSearch } from "../../src/ports/knowledge.js";
import { silentLogger } from "../support/silent-logger.js";

const MAX_QUESTIONS = 1_000;
/** As many passages as answering asks for. */
const PASSAGES = 20;
const signal = new AbortController().signal;

async function labelFolder(directory: string): Promise<readonly LabelledSearch[]> {
  await using database = await openDatabase({ kind: "embedded", directory: null }, silentLogger);
  await using sandbox = createParserSandbox();
  const embeddings = createHashedEmbeddings();
  const indexer = createChunkIndexer({ embeddings });
  const parse = sandbox.parseInSandbox;
  const access = {
    secretOf: () => null,
    workDirectory: directory,
    fetch: () => Promise.reject(new Error("no network is needed")),
    allowedPrivateHosts: [],
    machine: {},
  };
  const admin = createKnowledgeAdmin({ ...access, database, indexer, parse, newId, logger: silentLogger });
  const location = join(directory, "corpus.jsonl");
  await admin.addSource("default", { name: "corpus", kind: "jsonl", location, acl: ["public"] });
  for await (const progress of admin.sync("default", "corpus", { confirmRemovals: false }, signal)) {
    if (progress.kind === "done" && progress.diff.failed.length > 0) throw new Error(`${directory}: documents failed`);
  }
  return await askAll(directory, createKnowledgeSearch({ database, embeddings }));
}

async function askAll(directory: string, search: KnowledgeSearch): Promise<readonly LabelledSearch[]> {
  const { queries, grades } = await readDataset({ directory });
  const step = Math.max(queries.length / MAX_QUESTIONS, 1);
  const dataset = basename(directory);
  const family = dataset.startsWith("kb-demo-") ? dataset : (dataset.split("-")[0] ?? dataset);
  const labelled: LabelledSearch[] = [];
  for (let index = 0; index < queries.length; index += step) {
    const query = queries[Math.floor(index)];
    if (query === undefined) continue;
    const request = { tenantId: "default", text: query.text, audience: ["public"], limit: PASSAGES };
    const result = await search.search(request, signal);
    const first = result.passages[0]?.externalId ?? "";
    const isRight = query.answerable && (grades.get(query.id)?.get(first) ?? 0) >= 1;
    labelled.push({ family, dataset, question: query.text, result, isRight });
  }
  return labelled;
}

function render({ model, heldOut }: Training, today: string): string {
  const rounded = (value: number): number => Number(value.toFixed(4));
  const lines = heldOut.map(
    (held) =>
      ` * ${held.dataset} (${held.queries}): AUROC ${figure(held.auroc)}, AURC ${figure(held.aurc)}, cov@10 ` +
      `${figure(held["coverage@risk10"])}, cov@20 ${figure(held["coverage@risk20"])}, ECE ${figure(held.ece)}`,
  );
  return `import type { LogisticModel } from "./logistic-regression.js";

/**
 * Written by test/bench/train-confidence.ts on ${today}; not by hand. Figures of each data set come from a model that
 * never saw its family:
 *
${lines.join("\n")}
 */
export const CONFIDENCE_MODEL: LogisticModel = {
  intercept: ${rounded(model.intercept)},
  weights: [
${FEATURES.map((name, index) => `    ${rounded(model.weights[index] ?? 0)}, // ${name}`).join("\n")}
  ],
};
`;
}

function figure(value: number | null): string {
  return value === null ? "none" : value.toFixed(3);
}

const labelled: LabelledSearch[] = [];
for (const directory of process.argv.slice(2)) labelled.push(...(await labelFolder(directory)));
const training = trainConfidence(labelled);
await writeFile("src/answering/confidence/model.ts", render(training, new Date().toISOString().slice(0, 10)));
process.stdout.write(`${JSON.stringify(training.heldOut, null, 2)}\n`);
