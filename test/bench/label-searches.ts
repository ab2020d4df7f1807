import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { localModels } from "../../infra/models/wire-models.js";
import { openDatabase } from "../../infra/postgres/open-database.js";
import { createParserSandbox } from "../../kb/parsing/sandbox.js";
import { createChunkIndexer } from "../../kb/search/chunk-indexer.js";
import { createKnowledgeSearch } from "../../kb/search/knowledge-search.js";
import { createKnowledgeAdmin } from "../../kb/sync/knowledge-admin.js";
import type { LabelledSearch, Setting } from "../../src/answering/confidence/train.js";
import { mulberry32, SEED } from "../../src/answering/evaluation/bootstrap.js";
import type { EvaluationDataset, EvaluationQuery } from "../../src/answering/evaluation/dataset.js";
import { readDataset } from "../../src/answering/evaluation/read-dataset.js";
import { newId } from "../../src/ports/ids.js";
import { silentLogger } from "../support/silent-logger.js";

/** As many passages as answering asks for. */
const PASSAGES = 20;
/** Knowledge bases of a few documents, drawn from each set: how large, how many of each size, and what is asked of them. */
const SMALL = { sizes: [3, 5, 8, 10, 14, 20], ofEachSize: 2, own: 20, foreign: 20 } as const;
/** Titles of each set that are asked word for word. */
const VERBATIM = 50;
const AUDIENCE = ["public"];
const signal = new AbortController().signal;

/** Searches for a question in one of the knowledge bases. */
type Ask = (text: string) => Promise<LabelledSearch["result"]>;

interface Bench extends AsyncDisposable {
  /** Syncs the file as a knowledge base of its own. */
  load(corpusFile: string): Promise<Ask>;
}

async function openBench(): Promise<Bench> {
  const database = await openDatabase({ kind: "embedded", directory: null }, silentLogger);
  const sandbox = createParserSandbox();
  const {
    embeddings: { questions: embeddings },
    textVectors,
  } = localModels();
  const admin = createKnowledgeAdmin({
    database,
    indexer: createChunkIndexer({ embeddings }),
    parse: sandbox.parseInSandbox,
    newId,
    logger: silentLogger,
    secretOf: () => null,
    workDirectory: tmpdir(),
    fetch: () => Promise.reject(new Error("no network is needed")),
    allowedPrivateHosts: [],
    machine: {},
  });
  const search = createKnowledgeSearch({ database, embeddings, textVectors });
  let tenants = 0;
  return {
    async load(corpusFile) {
      const tenantId = `bench-${(tenants += 1)}`;
      await database.coordination.ensureInstallation(tenantId, "web", tenantId);
      await admin.addSource(tenantId, { name: "corpus", kind: "jsonl", location: resolve(corpusFile), acl: AUDIENCE });
      for await (const progress of admin.sync(tenantId, "corpus", { confirmRemovals: false }, signal)) {
        if (progress.kind === "done" && progress.diff.failed.length > 0) throw new Error(`${corpusFile}: failed`);
      }
      return (text) => search.search({ tenantId, text, audience: AUDIENCE, limit: PASSAGES }, signal);
    },
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/**
 * Asks all questions of a labelled folder through the real sync and search: over the whole of it, over knowledge bases of
 * a few of its documents, and some titles word for word. The same folder gives the same.
 */
export async function labelFolder(directory: string): Promise<readonly LabelledSearch[]> {
  await using bench = await openBench();
  const dataset = await readDataset({ directory });
  const corpus = join(directory, "corpus.jsonl");
  const ask = await bench.load(corpus);
  const relevantTo = (query: EvaluationQuery): readonly string[] => (query.answerable ? relevant(dataset, query) : []);
  return [
    ...(await askAll(directory, "whole", dataset.queries, relevantTo, ask)),
    ...(await askTitles(directory, dataset, ask)),
    ...(await askSmall(directory, corpus, dataset, bench)),
  ];
}

/** Folders whose names share the part before the first hyphen are one family (stackfaq, stackfaq-esc), `kb-demo-*` excepted. */
function familyOf(directory: string): string {
  const name = basename(directory);
  return name.startsWith("kb-demo-") ? name : (name.split("-")[0] ?? name);
}

async function askAll(
  directory: string,
  setting: Setting,
  queries: readonly EvaluationQuery[],
  relevantTo: (query: EvaluationQuery) => readonly string[],
  ask: Ask,
): Promise<readonly LabelledSearch[]> {
  const labelled: LabelledSearch[] = [];
  for (const query of queries) {
    const result = await ask(query.text);
    const wanted = relevantTo(query);
    labelled.push({
      family: familyOf(directory),
      dataset: basename(directory),
      setting,
      kind: query.groups.kind ?? query.groups.label ?? null,
      isAnswerable: wanted.length > 0,
      question: query.text,
      result,
      isRight: wanted.includes(result.passages[0]?.externalId ?? ""),
    });
  }
  return labelled;
}

async function askTitles(
  directory: string,
  { documents }: EvaluationDataset,
  ask: Ask,
): Promise<readonly LabelledSearch[]> {
  const titles = new Map<string, string[]>();
  for (const { id, title } of documents) titles.set(title, [...(titles.get(title) ?? []), id]);
  const step = Math.max(1, Math.floor(titles.size / VERBATIM));
  const queries = [...titles.keys()]
    .filter((_, index) => index % step === 0)
    .map((title): EvaluationQuery => ({
      id: title,
      text: title,
      answerable: true,
      history: [],
      gold: null,
      groups: {},
    }));
  return askAll(directory, "verbatim", queries, ({ id }) => titles.get(id) ?? [], ask);
}

async function askSmall(
  directory: string,
  corpus: string,
  dataset: EvaluationDataset,
  bench: Bench,
): Promise<readonly LabelledSearch[]> {
  const lines = (await readFile(corpus, "utf8")).split("\n").filter((line) => line.trim() !== "");
  const random = mulberry32(SEED);
  const folder = await mkdtemp(join(tmpdir(), "deskhand-small-"));
  const labelled: LabelledSearch[] = [];
  for (const size of SMALL.sizes.flatMap((each) => Array.from({ length: SMALL.ofEachSize }, () => each))) {
    const chosen = chooseDocuments(dataset, size, random);
    const file = join(folder, `${labelled.length}.jsonl`);
    // Documents are in the order of the lines, see readDataset.
    await writeFile(file, lines.filter((_, index) => chosen.has(dataset.documents[index]?.id ?? "")).join("\n"));
    const relevantTo = (query: EvaluationQuery): readonly string[] =>
      query.answerable ? relevant(dataset, query).filter((id) => chosen.has(id)) : [];
    const own = draw(
      dataset.queries.filter((query) => relevantTo(query).length > 0),
      SMALL.own,
      random,
    );
    const foreign = draw(
      dataset.queries.filter((query) => relevantTo(query).length === 0),
      SMALL.foreign,
      random,
    );
    labelled.push(...(await askAll(directory, "small", [...own, ...foreign], relevantTo, await bench.load(file))));
  }
  await rm(folder, { recursive: true });
  return labelled;
}

/** Documents that answer something, as they are asked for: what nobody asks about is seldom in a small knowledge base. */
function chooseDocuments(dataset: EvaluationDataset, size: number, random: () => number): ReadonlySet<string> {
  const asked = dataset.queries.filter((query) => query.answerable && relevant(dataset, query).length > 0);
  const chosen = new Set<string>();
  for (let attempt = 0; chosen.size < size && attempt < size * 50; attempt++) {
    const query = asked[Math.floor(random() * asked.length)];
    const ids = query === undefined ? [] : relevant(dataset, query);
    const id = ids[Math.floor(random() * ids.length)];
    if (id !== undefined) chosen.add(id);
  }
  return chosen;
}

function relevant({ grades }: EvaluationDataset, { id }: EvaluationQuery): readonly string[] {
  return [...(grades.get(id) ?? [])].filter(([, grade]) => grade >= 1).map(([document]) => document);
}

function draw<Item>(items: readonly Item[], count: number, random: () => number): readonly Item[] {
  const left = [...items];
  const drawn: Item[] = [];
  while (drawn.length < count && left.length > 0) drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  return drawn;
}
