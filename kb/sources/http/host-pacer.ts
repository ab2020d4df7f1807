/** How hard one host is asked. */
export interface Pacing {
  readonly maxConcurrent: number;
  /** Between the beginnings of two requests. */
  readonly minGapMs: number;
}

export interface HostPacer {
  /** Waits for this host's turn, then runs. */
  run<T>(host: string, minGapMs: number, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

interface Lane {
  running: number;
  nextStart: number;
  readonly waiting: (() => void)[];
}

const MAX_IDLE_LANES = 1_000;

type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** Keeps to the pacing for each host alone, across all that use it. */
export function createHostPacer(pacing: Pacing, wait: Wait, now: () => number): HostPacer {
  const lanes = new Map<string, Lane>();
  return {
    async run(host, minGapMs, work, signal) {
      const lane = laneOf(lanes, host);
      await takePlace(lane, pacing.maxConcurrent, signal);
      try {
        const start = Math.max(now(), lane.nextStart);
        lane.nextStart = start + Math.max(pacing.minGapMs, minGapMs);
        if (start > now()) await wait(start - now(), signal);
        return await work();
      } finally {
        givePlace(lane);
        if (lanes.size > MAX_IDLE_LANES) forgetIdle(lanes, now());
      }
    },
  };
}

function laneOf(lanes: Map<string, Lane>, host: string): Lane {
  const lane = lanes.get(host) ?? { running: 0, nextStart: 0, waiting: [] };
  lanes.set(host, lane);
  return lane;
}

async function takePlace(lane: Lane, maxConcurrent: number, given: AbortSignal): Promise<void> {
  given.throwIfAborted();
  if (lane.running < maxConcurrent) {
    lane.running += 1;
    return;
  }
  // Its own signal: Node warns of a leak when many listen to one.
  const signal = AbortSignal.any([given]);
  await new Promise<void>((resolve, reject) => {
    const enter = (): void => {
      signal.removeEventListener("abort", leave);
      resolve();
    };
    const leave = (): void => {
      lane.waiting.splice(lane.waiting.indexOf(enter), 1);
      reject(signal.reason instanceof Error ? signal.reason : new DOMException("aborted", "AbortError"));
    };
    lane.waiting.push(enter);
    signal.addEventListener("abort", leave, { once: true });
  });
}

/** Handed on in the order of asking, so that nobody who comes later takes it in between. */
function givePlace(lane: Lane): void {
  const next = lane.waiting.shift();
  if (next === undefined) lane.running -= 1;
  else next();
}

function forgetIdle(lanes: Map<string, Lane>, now: number): void {
  for (const [host, lane] of lanes) {
    if (lane.running === 0 && lane.waiting.length === 0 && lane.nextStart <= now) lanes.delete(host);
  }
}
