import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fitGrouping, measure, simulation, simulations } from "./fit-grouping.js";
import { readThreads, shuffled, type Answering, type Pairwise, type Thread } from "./simulated-handoffs.js";

const directory = process.env["TEST_DATA_DIR"];
/** Each gives two halves: one is fitted to and the other measured, and the other way round. */
const SPLITS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** Weights and thresholds are of the one half of the threads, and measured on the other. */
async function heldOut(threads: readonly Thread[]): Promise<Record<Answering, readonly Pairwise[]>> {
  const measured: Record<Answering, Pairwise[]> = { any: [], same: [] };
  for (const split of SPLITS) {
    const order = shuffled(threads, split);
    const halves = [order.slice(0, order.length / 2), order.slice(order.length / 2)] as const;
    for (const [fitted, other] of [halves, [halves[1], halves[0]] as const]) {
      const rule = await fitGrouping(await simulations(fitted, split));
      for (const answering of ["any", "same"] as const) {
        measured[answering].push(await measure(await simulation(other, split + 100, answering), rule));
      }
    }
  }
  return measured;
}

function meanOf(found: readonly Pairwise[]): Pairwise {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { precision: mean(found.map((one) => one.precision)), recall: mean(found.map((one) => one.recall)) };
}

describe.skipIf(directory === undefined)("200 simulated handoffs are merged as they belong together", () => {
  it("nine of ten pairs, whether agents give always the same answer or any", { timeout: 600_000 }, async () => {
    const measured = await heldOut(await readThreads(join(directory!, "stackfaq")));
    const [any, same] = [meanOf(measured.any), meanOf(measured.same)];
    expect(any.precision).toBeGreaterThanOrEqual(0.9);
    expect(any.recall).toBeGreaterThanOrEqual(0.9);
    expect(same.precision).toBeGreaterThanOrEqual(0.9);
    expect(same.recall).toBeGreaterThanOrEqual(0.99);
  });
});
