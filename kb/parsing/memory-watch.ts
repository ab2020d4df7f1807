import { Worker } from "node:worker_threads";

/** How the watch ends the process: nobody else sends this signal, so that the sandbox knows what happened. */
export const MEMORY_SIGNAL = "SIGUSR2";

/**
 * Ends this process when it takes more memory than this, in a thread of its own: the heap's limit does not count buffers,
 * and a parser that unpacks something never gives the main thread time to look.
 */
export function watchMemory(maxMegabytes: number): void {
  const entry = new URL("./memory-watch-main.js", import.meta.url);
  const watch = new Worker(entry, { workerData: maxMegabytes, resourceLimits: { maxOldGenerationSizeMb: 16 } });
  watch.unref();
}

const EVERY_MS = 20;

/** Runs in the thread. */
export function keepWatching(maxMegabytes: number): void {
  setInterval(() => {
    if (process.memoryUsage.rss() > maxMegabytes * 1_000_000) process.kill(process.pid, MEMORY_SIGNAL);
  }, EVERY_MS);
}
