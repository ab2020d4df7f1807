import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * For how many milliseconds at a time nothing else of this process ran while the work was done. Time in which the machine
 * ran other processes is not counted.
 */
export async function longestStretch(work: () => Promise<unknown>): Promise<number> {
  const watch = { longest: 0, isOver: false };
  const watching = (async () => {
    while (!watch.isOver) {
      const [started, before] = [performance.now(), process.cpuUsage()];
      await nextTurn();
      const { user, system } = process.cpuUsage(before);
      watch.longest = Math.max(watch.longest, Math.min(performance.now() - started, (user + system) / 1_000));
    }
  })();
  await work().finally(() => (watch.isOver = true));
  await watching;
  return watch.longest;
}
