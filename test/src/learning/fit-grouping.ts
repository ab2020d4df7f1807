import { fitLogistic, type Example } from "../../../src/answering/confidence/logistic-regression.js";
import type { GroupingRule } from "../../../src/learning/grouping-rule.js";
import type { ComparedCases } from "../../../src/learning/regroup.js";
import {
  compared,
  groupsOf,
  pairwise,
  simulate,
  type Answering,
  type Pairwise,
  type SimulatedHandoff,
  type Thread,
} from "./simulated-handoffs.js";

const HANDOFFS = 200;
const ANSWERINGS: readonly Answering[] = ["any", "same"];
/** What a pair of one thread counts: there is one among about thirty. */
const WEIGHT_OF_SAME = 15;
/** On the distance of each weight from 0. */
const PENALTY = 1;
/** Not chosen: lower is as good for 200, and where there are few, of which hardly two are about the same, it joins too much. */
const LEAST = 0.4;
const LEAST_OF_MEANING = [0.5, 0.6, 0.7, 0.8];

/** Handoffs that are compared already. */
export interface Simulation {
  readonly handoffs: readonly SimulatedHandoff[];
  readonly cases: ComparedCases;
}

export async function simulation(threads: readonly Thread[], seed: number, answering: Answering): Promise<Simulation> {
  const handoffs = simulate(threads, HANDOFFS, seed, answering);
  return { handoffs, cases: await compared(handoffs) };
}

/** Of both ways of answering. */
export function simulations(threads: readonly Thread[], seed: number): Promise<readonly Simulation[]> {
  return Promise.all(ANSWERINGS.map((answering) => simulation(threads, seed, answering)));
}

export async function measure({ handoffs, cases }: Simulation, rule: GroupingRule): Promise<Pairwise> {
  return pairwise(handoffs, await groupsOf(handoffs, cases, rule));
}

/** Weights by logistic regression on all pairs; then the share of meaning with the highest worse of precision and recall. */
export async function fitGrouping(simulated: readonly Simulation[]): Promise<GroupingRule> {
  const fitted = { ...fitWeights(simulated), least: LEAST };
  let best = { rule: { ...fitted, leastOfMeaning: 0 }, score: -1 };
  for (const leastOfMeaning of LEAST_OF_MEANING) {
    const rule = { ...fitted, leastOfMeaning };
    let score = 0;
    for (const one of simulated) score += lower(await measure(one, rule)) / simulated.length;
    if (score > best.score) best = { rule, score };
  }
  return best.rule;
}

function lower({ precision, recall }: Pairwise): number {
  return Math.min(precision, recall);
}

function fitWeights(simulated: readonly Simulation[]): Pick<GroupingRule, "asked" | "answered" | "whole" | "bias"> {
  const examples = simulated.flatMap(pairsOf);
  const { intercept, weights } = fitLogistic(examples, { penalty: (PENALTY * simulated.length) / ANSWERINGS.length });
  const [asked = 0, answered = 0, whole = 0] = weights;
  return { asked, answered, whole, bias: intercept };
}

function pairsOf({ handoffs, cases: { cosines } }: Simulation): readonly Example[] {
  return handoffs.flatMap(({ thread }, one) => {
    const rows = [cosines.asked(one), cosines.answered(one), cosines.whole(one)];
    return handoffs.slice(0, one).map((other, place) => {
      const isPositive = other.thread === thread;
      const features = rows.map((row) => row[place] ?? 0);
      return { features, isPositive, weight: isPositive ? WEIGHT_OF_SAME : 1 };
    });
  });
}
