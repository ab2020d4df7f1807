import type { Clock } from "../ports/clock.js";
import type { AnswerStage } from "../ports/stores.js";
import type { AnswerStageName } from "./contract.js";

/** Collects the stages of one answer, in the order in which they ended. */
export interface Trace {
  /** Runs a stage and records its time and what it made of its input. */
  run<T>(name: AnswerStageName, work: () => Promise<T> | T, describe: (result: T) => StageDescription): Promise<T>;
  /** Records a stage whose work was done inside another one. */
  note(name: AnswerStageName, ms: number, output: AnswerStage["output"]): void;
  stages(): readonly AnswerStage[];
}

export interface StageDescription {
  readonly output: AnswerStage["output"];
  readonly cost?: number;
  readonly model?: string;
  readonly promptVersion?: string;
}

export function createTrace(clock: Clock, announce: (name: AnswerStageName) => Promise<void>): Trace {
  const stages: AnswerStage[] = [];
  return {
    async run(name, work, describe) {
      await announce(name);
      const start = clock.now().getTime();
      const result = await work();
      const { output, cost = 0, model = null, promptVersion = null } = describe(result);
      stages.push({ stage: name, ms: clock.now().getTime() - start, cost, model, promptVersion, output });
      return result;
    },
    note(name, ms, output) {
      stages.push({ stage: name, ms, cost: 0, model: null, promptVersion: null, output });
    },
    stages: () => [...stages],
  };
}
