import type { ResearchModel, ResearchReply, ResearchState } from "../../src/ports/models.js";
import { ModelError } from "../../src/ports/models.js";

/** What one call wants: a tool with its argument, nothing more (null), a failure, or nothing for ever. */
export type Wanting = readonly [tool: string, argument?: string] | null | Error | typeof NEVER_REPLIES;

export const NEVER_REPLIES = Symbol("never replies");

/** Plays back steps in order and fails loudly on a call it has none for. */
export class ScriptedResearchModel implements ResearchModel {
  readonly id = "scripted-research";
  readonly promptVersion = "research-0";
  readonly states: ResearchState[] = [];
  readonly #wantings: Wanting[];

  constructor(...wantings: Wanting[]) {
    this.#wantings = wantings;
  }

  async nextStep(state: ResearchState): Promise<ResearchReply> {
    this.states.push(state);
    if (this.#wantings.length === 0) throw new Error(`Unscripted call number ${this.states.length}`);
    const wanting = this.#wantings.shift();
    if (wanting === NEVER_REPLIES) return new Promise(() => undefined);
    if (wanting instanceof Error) throw wanting;
    const usage = { calls: 1, inputTokens: 1000, outputTokens: 20, cost: 0.001 };
    if (wanting === null || wanting === undefined) return { wanted: null, usage };
    const [tool, argument = ""] = wanting;
    return { wanted: { callId: `call_${this.states.length}`, tool, argument }, usage };
  }
}

export const MODEL_DOWN = new ModelError("unreachable", "looking further");
