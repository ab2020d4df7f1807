import { setTimeout as wait } from "node:timers/promises";
import type { AnswerModel } from "../../src/ports/models.js";

/** The same model, that lets its asker wait before the first word. */
export function withPatience(model: AnswerModel, ms: number): AnswerModel {
  return {
    ...model,
    async *generate(request, signal) {
      await wait(ms, undefined, { signal });
      yield* model.generate(request, signal);
    },
  };
}
