/**
 * Trains what decides whether two settled handoffs are about the same thing, on handoffs that are simulated from the
 * threads of a labelled folder:
 *
 *   npx tsc -p tsconfig.json --noEmit false --outDir .bench && node .bench/test/bench/train-grouping.js DIR
 *
 * It writes src/learning/grouping-model.ts, fitted to all threads: to both halves of several divisions of them, so that
 * there are as many threads among 200 handoffs as where it is measured, in test/src/learning/merging.test.ts. See
 * docs/decisions/0019-learning.md for what was tried.
 */
import { writeFile } from "node:fs/promises";
import type { GroupingRule } from "../../src/learning/grouping-rule.js";
import { fitGrouping, simulations, type Simulation } from "../src/learning/fit-grouping.js";
import { readThreads, shuffled } from "../src/learning/simulated-handoffs.js";

/** Not the seeds of a measurement. */
const SEEDS = [201, 202, 203, 204];

function render({ asked, answered, whole, bias, least, leastOfMeaning }: GroupingRule, today: string): string {
  const rounded = (value: number): number => Number(value.toFixed(1));
  return `import type { GroupingRule } from "./grouping-rule.js";

/** Written by test/bench/train-grouping.ts on ${today}; not by hand. See decision 19 for its figures. */
export const GROUPING_RULE: GroupingRule = {
  asked: ${rounded(asked)},
  answered: ${rounded(answered)},
  whole: ${rounded(whole)},
  bias: ${rounded(bias)},
  least: ${least},
  leastOfMeaning: ${leastOfMeaning},
};
`;
}

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error("name the folder with the threads");
const threads = await readThreads(directory);
const simulated: Simulation[] = [];
for (const seed of SEEDS) {
  const order = shuffled(threads, seed);
  simulated.push(...(await simulations(order.slice(0, order.length / 2), seed)));
  simulated.push(...(await simulations(order.slice(order.length / 2), seed)));
}
const rule = await fitGrouping(simulated);
await writeFile("src/learning/grouping-model.ts", render(rule, new Date().toISOString().slice(0, 10)));
process.stdout.write(`${JSON.stringify(rule)}\n`);
