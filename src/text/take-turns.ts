import { setImmediate as nextTurn } from "node:timers/promises";

/** How long work may hold the process up at a time. */
const TURN_MS = 15;

/** Called between the steps of long work in this process: lets everything else have its turn when it has had its own. */
export type TakeTurns = () => Promise<void>;

export function createTurns(): TakeTurns {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await nextTurn();
    since = performance.now();
  };
}
