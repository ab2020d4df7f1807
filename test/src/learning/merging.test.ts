import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { learnAll, pairwise, readThreads, shuffled, simulate, type Answering } from "./simulated-handoffs.js";

const directory = process.env["TEST_DATA_DIR"];
const SPLITS = [1, 2, 3, 4, 5, 6];
const THRESHOLDS = [0.36, 0.4, 0.44];
const HANDOFFS = 200;

type Threads = Awaited<ReturnType<typeof readThreads>>;

interface Measured {
  readonly precision: number;
  readonly recall: number;
}

async function measure(threads: Threads, seed: number, answering: Answering, least: number): Promise<Measured> {
  const handoffs = simulate(threads, HANDOFFS, seed, answering);
  return pairwise(handoffs, await learnAll(handoffs, least));
}

/** The threshold is chosen on one half of the threads, and measured on the other. */
async function heldOut(threads: Threads, split: number, answering: Answering): Promise<Measured> {
  const order = shuffled(threads, split);
  const [chosenOn, measuredOn] = [order.slice(0, order.length / 2), order.slice(order.length / 2)];
  const tried: (Measured & { readonly least: number })[] = [];
  for (const least of THRESHOLDS) tried.push({ least, ...(await measure(chosenOn, split, "any", least)) });
  const lower = ({ precision, recall }: Measured) => Math.min(precision, recall);
  const [best] = tried.sort((one, other) => lower(other) - lower(one));
  return measure(measuredOn, split + 100, answering, best!.least);
}

function meanOf(found: readonly Measured[]): Measured {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { precision: mean(found.map((one) => one.precision)), recall: mean(found.map((one) => one.recall)) };
}

describe.skipIf(directory === undefined)("200 simulated handoffs are merged as they belong together", () => {
  it.each([
    ["always the same answer", "same", 0.88, 0.99],
    ["any of the thread's answers", "any", 0.85, 0.9],
  ] as const)("where agents give %s", { timeout: 300_000 }, async (_how, answering, precision, recall) => {
    const threads = await readThreads(join(directory!, "stackfaq"));
    const measured: Measured[] = [];
    for (const split of SPLITS) measured.push(await heldOut(threads, split, answering));
    const found = meanOf(measured);
    expect(found.precision).toBeGreaterThanOrEqual(precision);
    expect(found.recall).toBeGreaterThanOrEqual(recall);
  });
});
