import { mulberry32 } from "../../src/answering/evaluation/bootstrap.js";

/** One request that is due at a time fixed in advance, whatever became of the ones before it. */
export interface Arrival {
  /** From the start. */
  readonly atMs: number;
  /** Which message it carries. */
  readonly index: number;
  /** The platform delivers a message again that it delivered before. */
  readonly isRedelivery: boolean;
}

export interface SchedulePlan {
  readonly perSecond: number;
  readonly seconds: number;
  readonly seed: number;
}

/** One in fifty: enough to find out whether a message can be stored twice. */
const REDELIVERED = 0.02;

/** As people come: at random, so many in all. In the order of their times; pure. */
export function planArrivals({ perSecond, seconds, seed }: SchedulePlan): readonly Arrival[] {
  const random = mulberry32(seed);
  const times = Array.from({ length: perSecond * seconds }, () => random() * seconds * 1_000);
  let index = -1;
  return times
    .toSorted((left, right) => left - right)
    .map((atMs) => {
      const isRedelivery = index >= 0 && random() < REDELIVERED;
      if (!isRedelivery) index += 1;
      return { atMs, index, isRedelivery };
    });
}
