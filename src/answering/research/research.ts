import type { Clock } from "../../ports/clock.js";
import { errorCode } from "../../ports/errors.js";
import type { KnowledgeSearch } from "../../ports/knowledge.js";
import {
  ModelError,
  type ModelUsage,
  type ResearchState,
  type TakenStep,
  type WantedStep,
} from "../../ports/models.js";
import { orAbort } from "../../ports/or-abort.js";
import { startTimeLimit } from "../../ports/time-limit.js";
import { estimateTokens } from "../stages/pack.js";
import { cleanText } from "../text/clean-text.js";
import { createBudget, type Budget } from "./budget.js";
import { mergeResults } from "./merge.js";
import type { Research } from "./settings.js";
import type { RecordedStep, ResearchStage, ResearchTask } from "./stage.js";
import { StepTaker, type StepResult } from "./take-step.js";

export interface ResearchTools {
  readonly search: KnowledgeSearch;
  readonly clock: Clock;
}

const MAX_OUTPUT_TOKENS = 200;
/** The instruction and the tools, and what stands around each text. */
const OVERHEAD_TOKENS = { call: 900, text: 40 } as const;
const MAX_RECORDED_CHARACTERS = 300;
const ASKED_IN_VAIN: ModelUsage = { calls: 1, inputTokens: 0, outputTokens: 0, cost: 0 };

/**
 * Lets a model look further until it has enough, or until a bound is reached; what was found by then is kept. Nothing
 * that a model writes and nothing that fails is thrown, only the caller's own abort.
 */
export async function lookFurther(
  research: Research,
  tools: ResearchTools,
  task: ResearchTask,
  signal: AbortSignal,
): Promise<ResearchStage> {
  using timeLimit = startTimeLimit(signal, research.settings.limits.seconds * 1000);
  const run = new Run(research, tools, task, timeLimit.signal);
  const ending = await run.go();
  signal.throwIfAborted();
  return run.result(ending);
}

type Ending = Pick<ResearchStage, "ended" | "failure" | "asked">;

class Run {
  readonly #research: Research;
  readonly #clock: Clock;
  readonly #task: ResearchTask;
  readonly #limit: AbortSignal;
  readonly #budget: Budget;
  readonly #taker: StepTaker;
  readonly #taken: TakenStep[] = [];
  readonly #recorded: RecordedStep[] = [];
  readonly #shown: ResearchState["found"];

  constructor(research: Research, { search, clock }: ResearchTools, task: ResearchTask, limit: AbortSignal) {
    this.#research = research;
    this.#clock = clock;
    this.#task = task;
    this.#limit = limit;
    this.#budget = createBudget(research.settings.limits);
    this.#taker = new StepTaker(search, research.reader, task, limit);
    this.#shown = this.#taker.notebook.show(task.first.passages);
  }

  async go(): Promise<Ending> {
    try {
      for (;;) {
        const ending = await this.#step();
        if (ending !== null) return ending;
      }
    } catch (error) {
      if (this.#limit.aborted) return end("time");
      return end("failed", error instanceof ModelError ? error.failure : errorCode(error));
    }
  }

  result(ending: Ending): ResearchStage {
    const { further, chosen, embeddings } = this.#taker;
    const found = mergeResults(this.#task.first, further, chosen, this.#task.limit);
    return { ...ending, found, steps: this.#recorded, usage: this.#budget.usage, embeddings };
  }

  /** Null while there is more to do. */
  async #step(): Promise<Ending | null> {
    const state = this.#state();
    const expected = expectedTokens(state);
    const bound = this.#budget.reached(this.#taken.length, expected + MAX_OUTPUT_TOKENS);
    if (bound !== null) return end(bound);
    const startedAt = this.#clock.now().getTime();
    const { wanted, paid } = await this.#ask(state, expected);
    if (wanted === null) return end("finished");
    const over = this.#budget.reached(0, 0);
    if (over !== null) {
      this.#record(wanted, "not-taken", paid, startedAt);
      return end(over);
    }
    const taken = await this.#taker.take(wanted);
    if ("ended" in taken) {
      this.#record(wanted, "ended", paid, startedAt);
      return end(taken.ended, null, taken.asked);
    }
    this.#taken.push({ wanted, outcome: taken.outcome });
    this.#record(wanted, taken, paid, startedAt);
    return null;
  }

  #state(): ResearchState {
    return {
      question: this.#task.question,
      found: this.#shown,
      steps: [...this.#taken],
      stepsLeft: this.#research.settings.limits.steps - this.#taken.length,
      maxOutputTokens: MAX_OUTPUT_TOKENS,
    };
  }

  async #ask(state: ResearchState, expected: number): Promise<{ wanted: WantedStep | null; paid: ModelUsage }> {
    // An endpoint that counts no tokens is bounded all the same.
    const counted = (usage: ModelUsage): ModelUsage =>
      usage.inputTokens + usage.outputTokens > 0 ? usage : { ...usage, inputTokens: expected };
    try {
      const { wanted, usage } = await orAbort(this.#research.model.nextStep(state, this.#limit), this.#limit);
      return { wanted, paid: this.#budget.pay(counted(usage)) };
    } catch (error) {
      this.#budget.pay(counted((error instanceof ModelError ? error.usage : null) ?? ASKED_IN_VAIN));
      throw error;
    }
  }

  #record(
    { tool, argument }: WantedStep,
    taken: StepResult | "ended" | "not-taken",
    { inputTokens, outputTokens, cost }: ModelUsage,
    startedAt: number,
  ): void {
    const isTaken = typeof taken !== "string";
    this.#recorded.push({
      tool: recorded(tool),
      argument: recorded(argument),
      outcome: isTaken ? taken.outcome.kind : taken,
      why: isTaken && taken.outcome.kind === "refused" ? taken.outcome.why : null,
      documents: isTaken ? taken.documents : [],
      inputTokens,
      outputTokens,
      cost,
      ms: this.#clock.now().getTime() - startedAt,
    });
  }
}

function end(ended: Ending["ended"], failure: string | null = null, asked: string | null = null): Ending {
  return { ended, failure, asked };
}

function recorded(text: string): string {
  return cleanText(text).slice(0, MAX_RECORDED_CHARACTERS).toWellFormed();
}

function expectedTokens({ question, found, steps }: ResearchState): number {
  const outcomes = steps.flatMap(({ outcome }) => {
    if (outcome.kind === "found") return outcome.texts.map(({ text }) => text);
    return [outcome.kind === "opened" ? outcome.document.text : outcome.why];
  });
  const texts = [
    question,
    ...found.map(({ text }) => text),
    ...outcomes,
    ...steps.map(({ wanted }) => wanted.argument),
  ];
  const tokens = texts.reduce((total, text) => total + estimateTokens(text) + OVERHEAD_TOKENS.text, 0);
  return OVERHEAD_TOKENS.call + tokens;
}
