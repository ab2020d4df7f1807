import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SolvedQuestion } from "../../../src/ports/candidates.js";
import { englishTextVectors } from "../../../infra/models/local/word-vectors/english.js";
import { compareCases, groupCompared, type ComparedCases } from "../../../src/learning/regroup.js";
import type { GroupingRule } from "../../../src/learning/grouping-rule.js";

/** A handoff that ended with one of a thread's answers. Two of the same thread are about the same thing. */
export interface SimulatedHandoff extends SolvedQuestion {
  readonly thread: string;
}

export interface Thread {
  readonly id: string;
  readonly questions: readonly string[];
  readonly answers: readonly string[];
}

/** The threads of a folder with labelled questions that says in `thread` what belongs together. */
export async function readThreads(directory: string): Promise<readonly Thread[]> {
  const [queries, documents] = await Promise.all(
    ["queries.jsonl", "corpus.jsonl"].map((file) => readLines(join(directory, file))),
  );
  const ids = [...new Set(queries!.map(({ thread }) => thread))].sort();
  const textsOf = (rows: readonly Row[], id: string) =>
    rows.filter(({ thread }) => thread === id).map(({ text }) => text);
  return ids.map((id) => ({ id, questions: textsOf(queries!, id), answers: textsOf(documents!, id) }));
}

interface Row {
  readonly thread: string;
  readonly text: string;
}

async function readLines(file: string): Promise<readonly Row[]> {
  const text = await readFile(file, "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
}

/** What an agent of a team answers: any of the thread's answers, or always the same, as people who work together do. */
export type Answering = "any" | "same";

/** Each question of the threads once, in an order that a seed says. */
export function simulate(
  threads: readonly Thread[],
  count: number,
  seed: number,
  answering: Answering,
): readonly SimulatedHandoff[] {
  const next = randoms(seed);
  const all = threads.flatMap(({ id, questions, answers }) =>
    questions.map((question) => ({
      thread: id,
      question,
      answer: answers[answering === "any" ? Math.floor(next() * answers.length) : 0] ?? "",
    })),
  );
  return inOrderOf(all, next).slice(0, count);
}

export function shuffled<Item>(items: readonly Item[], seed: number): readonly Item[] {
  return inOrderOf(items, randoms(seed));
}

function inOrderOf<Item>(items: readonly Item[], next: () => number): readonly Item[] {
  return items
    .map((item) => ({ item, order: next() }))
    .sort((one, other) => one.order - other.order)
    .map(({ item }) => item);
}

function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

export function compared(handoffs: readonly SimulatedHandoff[]): Promise<ComparedCases> {
  return compareCases(handoffs, [], englishTextVectors);
}

/** Which group each of them comes to. */
export async function groupsOf(
  handoffs: readonly SimulatedHandoff[],
  cases: ComparedCases,
  rule: GroupingRule,
): Promise<readonly number[]> {
  const fresh = handoffs.map((handoff) => ({ ...handoff, candidateId: null, isUntouched: true }));
  const groups = await groupCompared(fresh, cases, rule);
  return handoffs.map((_, place) => groups.findIndex((group) => group.includes(place)));
}

export interface Pairwise {
  readonly precision: number;
  readonly recall: number;
}

/** Of all pairs that came together, how many belong together, and the other way round. */
export function pairwise(handoffs: readonly SimulatedHandoff[], candidates: readonly number[]): Pairwise {
  let [right, merged, same] = [0, 0, 0];
  for (const [one, { thread }] of handoffs.entries()) {
    for (let other = 0; other < one; other += 1) {
      const isMerged = candidates[one] === candidates[other];
      const isSame = thread === handoffs[other]?.thread;
      if (isMerged) merged += 1;
      if (isSame) same += 1;
      if (isMerged && isSame) right += 1;
    }
  }
  return { precision: right / merged, recall: right / same };
}
