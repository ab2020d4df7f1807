/**
 * Trains the order of passages on labelled folders, through the real sync and search:
 *
 *   npx tsc -p tsconfig.json --noEmit false --outDir .bench && node .bench/test/bench/train-ranking.js DIR[+DIR...][,DISTRACTORS]... > report.json
 *
 * It prints the held-out figures and writes kb/search/ranking-model.ts. Folders whose names share the part before the first
 * hyphen are one family (stackfaq, stackfaq-esc), `kb-demo-*` excepted; each family counts the same. Every question is asked
 * as it is and once more with a typing mistake, at most 500 of each folder. Folders with a plus between them are sources of
 * one knowledge base, with fewer questions each, and count less: they show what several sources are like.
 */
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { localModels } from "../../infra/models/wire-models.js";
import { createKnowledgeSearch } from "../../kb/search/knowledge-search.js";
import {
  ndcgOf,
  toRankedQuestion,
  trainLambdaRank,
  type RankedQuestion,
} from "../../src/answering/evaluation/lambda-rank.js";
import { RANKING_FEATURES } from "../../src/ports/ranking-features.js";
import { RERANKED } from "../../kb/search/ranking.js";
import type { RankedCandidate } from "../../kb/search/rerank.js";
import { misspell } from "../../src/answering/evaluation/misspell.js";
import { readDataset } from "../../src/answering/evaluation/read-dataset.js";
import { openLabelled } from "./labelled-search.js";

const MAX_QUESTIONS = { alone: 500, together: 300 } as const;
/** What a set counts that is asked in a knowledge base with other labelled sets. */
const TOGETHER_WEIGHT = 0.25;
/** Not the seed of an evaluation. */
const TYPO_SEED = 11;
/** Chosen once, leave-one-family-out; see docs/decisions/0007-learned-ranking.md. */
const OPTIONS = { rounds: 60, penalty: 0.002 };
const signal = new AbortController().signal;

interface Labelled {
  readonly family: string;
  readonly dataset: string;
  /** Whether it was asked in a knowledge base with other labelled sets. */
  readonly isTogether: boolean;
  readonly isTypo: boolean;
  readonly ranked: Omit<RankedQuestion, "weight">;
}

/** Folders of one knowledge base: with a plus between those that are asked, and further pages after a comma. */
async function labelFolders(argument: string): Promise<readonly Labelled[]> {
  const [folders = "", distractors = null] = argument.split(",");
  const directories = folders.split("+");
  await using database = await openLabelled([...directories, ...(distractors === null ? [] : [distractors])], signal);
  let seen: readonly RankedCandidate[] = [];
  const {
    embeddings: { questions: embeddings },
    textVectors,
  } = localModels();
  const search = createKnowledgeSearch({
    database,
    embeddings,
    textVectors,
    observe: (ranked) => (seen = [...ranked]),
  });
  const isTogether = directories.length > 1;
  const added = [...(isTogether ? ["others"] : []), ...(distractors === null ? [] : [basename(distractors)])];
  const asked: Labelled[] = [];
  for (const directory of directories) {
    const dataset = basename(directory);
    const family = dataset.startsWith("kb-demo-") ? dataset : (dataset.split("-")[0] ?? dataset);
    const { queries, grades } = await readDataset({ directory });
    const labelled = queries.filter(({ id }) => [...(grades.get(id)?.values() ?? [])].some((grade) => grade >= 1));
    for (const query of spread(labelled, isTogether ? MAX_QUESTIONS.together : MAX_QUESTIONS.alone)) {
      for (const isTypo of [false, true]) {
        const text = isTypo ? misspell(query.text, TYPO_SEED, query.id) : query.text;
        seen = [];
        await search.search({ tenantId: "default", text, audience: ["public"], limit: RERANKED }, signal);
        const ranked = toRankedQuestion(seen, grades.get(query.id) ?? new Map());
        asked.push({ family, dataset: [dataset, ...added].join("+"), isTogether, isTypo, ranked });
      }
    }
  }
  return asked;
}

/** At most so many, from everywhere. */
function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  const step = Math.max(items.length / most, 1);
  return Array.from(
    { length: Math.ceil(items.length / step) },
    (_, index) => items.slice(Math.floor(index * step))[0],
  ).filter((item) => item !== undefined);
}

/** Each family counts the same, and each of its sets but those that were asked together with others. */
function weigh(labelled: readonly Labelled[]): readonly RankedQuestion[] {
  const families = groupBy(labelled, ({ family }) => family);
  return [...families.values()].flatMap((ofFamily) => {
    const sets = groupBy(ofFamily, ({ dataset }) => dataset);
    return [...sets.values()].flatMap((set) =>
      set.map(({ ranked, isTogether }) => ({
        ...ranked,
        weight: (isTogether ? TOGETHER_WEIGHT : 1) / (families.size * sets.size * set.length),
      })),
    );
  });
}

interface HeldOut {
  readonly dataset: string;
  readonly questions: number;
  readonly proposed: number;
  readonly ranked: number;
  readonly typosProposed: number;
  readonly typosRanked: number;
}

function judge(labelled: readonly Labelled[]): readonly HeldOut[] {
  const asProposed = RANKING_FEATURES.map((name) => (name === "fused" ? 1 : 0));
  const models = new Map(
    [...new Set(labelled.map(({ family }) => family))].map((family) => {
      const others = labelled.filter((each) => each.family !== family);
      return [family, trainLambdaRank(weigh(others), OPTIONS)];
    }),
  );
  return [...groupBy(labelled, ({ dataset }) => dataset)].map(([dataset, set]) => {
    const model = models.get(set[0]?.family ?? "") ?? asProposed;
    const mean = (isTypo: boolean, weights: readonly number[]): number => {
      const some = set.filter((each) => each.isTypo === isTypo);
      return some.reduce((sum, { ranked }) => sum + ndcgOf({ ...ranked, weight: 1 }, weights), 0) / some.length;
    };
    return {
      dataset,
      questions: set.length / 2,
      proposed: mean(false, asProposed),
      ranked: mean(false, model),
      typosProposed: mean(true, asProposed),
      typosRanked: mean(true, model),
    };
  });
}

function render(weights: readonly number[], heldOut: readonly HeldOut[], today: string): string {
  const lines = heldOut.map(
    ({ dataset, questions, proposed, ranked, typosProposed, typosRanked }) =>
      ` * ${dataset} (${questions}): nDCG@10 ${proposed.toFixed(3)} as proposed, ${ranked.toFixed(3)} ranked; with a typing ` +
      `mistake ${typosProposed.toFixed(3)}, ${typosRanked.toFixed(3)}`,
  );
  return `/**
 * Written by test/bench/train-ranking.ts on ${today}; not by hand. Figures of each data set come from a model that never
 * saw its family:
 *
${lines.join("\n")}
 */
export const RANKING_WEIGHTS: readonly number[] = [
${RANKING_FEATURES.map((name, index) => `  ${Number((weights[index] ?? 0).toFixed(4))}, // ${name}`).join("\n")}
];
`;
}

// Map.groupBy came after the oldest Node.js that this runs on.
function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item)) ?? [];
    groups.set(key(item), group);
    group.push(item);
  }
  return groups;
}

const labelled: Labelled[] = [];
for (const argument of process.argv.slice(2)) labelled.push(...(await labelFolders(argument)));
const heldOut = judge(labelled);
const weights = trainLambdaRank(weigh(labelled), OPTIONS);
await writeFile("kb/search/ranking-model.ts", render(weights, heldOut, new Date().toISOString().slice(0, 10)));
process.stdout.write(`${JSON.stringify(heldOut, null, 2)}\n`);
