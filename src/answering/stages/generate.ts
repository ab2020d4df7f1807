import { setTimeout as sleep } from "node:timers/promises";
import {
  ModelError,
  type AnswerModel,
  type DraftDecision,
  type GenerationEvent,
  type GenerationRequest,
  type ModelUsage,
} from "../../ports/models.js";
import { errorCode } from "../../ports/errors.js";
import { orAbort } from "../../ports/or-abort.js";
import { startTimeLimit } from "../../ports/time-limit.js";
import type { Draft } from "../draft.js";

export interface Generation {
  /** What the model says its text is; an answer where it says nothing. */
  readonly decision: DraftDecision;
  /** The text of the decision `ask-back`, which goes to nobody before it is checked. */
  readonly asked: string;
  /** What the model says it cites; null where it does not say. */
  readonly citations: NamedPassages | null;
  /** Only `complete` makes the draft an answer. `stopped`: the listener wanted no more. */
  readonly finish: "complete" | "failed" | "stopped";
  /** A short code of what went wrong, or null. */
  readonly failure: string | null;
  readonly attempts: number;
  /** Of all attempts. */
  readonly usage: ModelUsage;
  readonly draft: Draft;
}

/** Numbers of passages, as a model wrote them. */
export interface NamedPassages {
  readonly offered: readonly string[];
  /** The model was not shown these. */
  readonly unknown: readonly string[];
}

const NO_USAGE: ModelUsage = { calls: 0, inputTokens: 0, outputTokens: 0, cost: 0 };
const MAX_ATTEMPTS = 2;
const DEFAULT_RETRY_DELAY_MS = 250;

/**
 * Lets the model write into a new draft. A failure that may pass is tried once more within the time budget, unless
 * something was shown already. Model failures are results; only the caller's own abort is thrown.
 */
export async function generateDraft(
  model: AnswerModel,
  request: GenerationRequest,
  newDraft: () => Draft,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Generation> {
  using timeLimit = startTimeLimit(signal, timeoutMs);
  const limit = timeLimit.signal;
  let spent = NO_USAGE;
  for (let attempts = 1; ; attempts += 1) {
    const draft = newDraft();
    try {
      const attempt = await runAttempt(model, request, draft, limit);
      return { ...attempt, attempts, usage: sum(spent, attempt.usage), draft };
    } catch (error) {
      signal.throwIfAborted();
      if (!limit.aborted && !(error instanceof ModelError)) throw error;
      spent = sum(spent, (error instanceof ModelError ? error.usage : null) ?? ASKED_IN_VAIN);
      const mayRetry = attempts < MAX_ATTEMPTS && !draft.hasShown() && (await pauseBeforeRetry(error, limit));
      if (mayRetry) continue;
      return { ...UNDECIDED, finish: "failed", failure: failureOf(error, limit), attempts, usage: spent, draft };
    }
  }
}

type Attempt = Omit<Generation, "attempts" | "draft">;

const ASKED_IN_VAIN: ModelUsage = { ...NO_USAGE, calls: 1 };
const UNDECIDED = { decision: "answer", asked: "", citations: null } as const;

function sum(one: ModelUsage, other: ModelUsage): ModelUsage {
  return {
    calls: one.calls + other.calls,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cost: one.cost + other.cost,
  };
}

async function runAttempt(
  model: AnswerModel,
  request: GenerationRequest,
  draft: Draft,
  limit: AbortSignal,
): Promise<Attempt> {
  const attempt = new AbortController();
  const take = createTaking(request, draft);
  const events = model.generate(request, AbortSignal.any([limit, attempt.signal]))[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orAbort(events.next(), limit);
      if (next.done === true) return { ...UNDECIDED, finish: "failed", failure: "no-end", usage: ASKED_IN_VAIN };
      const done = await take(next.value);
      if (done !== null) return done;
    }
  } finally {
    attempt.abort();
    // A stalled stream would never answer to being closed, so nobody waits for it; it has been told to stop.
    events.return?.().catch(() => undefined);
  }
}

/** Takes the events of one attempt: an answer goes into the draft, and nothing else does. */
function createTaking(request: GenerationRequest, draft: Draft): (event: GenerationEvent) => Promise<Attempt | null> {
  let decision: DraftDecision = "answer";
  let asked = "";
  const end = (ending: Omit<Attempt, "decision" | "asked">): Attempt => ({ decision, asked, ...ending });
  const stopped = (usage: ModelUsage, citations: NamedPassages | null) =>
    end({ finish: "stopped", failure: null, citations, usage });
  return async (event) => {
    switch (event.kind) {
      case "decision":
        decision = event.decision;
        return null;
      case "text":
        if (decision === "ask-back") asked += event.text;
        if (decision !== "answer" || (await draft.push(event.text))) return null;
        return stopped(ASKED_IN_VAIN, null);
      case "end": {
        const { finish, usage } = event;
        const citations = namedIn(event.citations, request);
        if (finish !== "complete") return end({ finish: "failed", failure: finish, citations, usage });
        if (decision === "answer" && !(await draft.end())) return stopped(usage, citations);
        return end({ finish: "complete", failure: null, citations, usage });
      }
    }
  };
}

/** Passages that were not offered are no passages, whatever a model calls them. */
function namedIn(citations: readonly string[] | null, { passages }: GenerationRequest): NamedPassages | null {
  if (citations === null) return null;
  const numbers = new Set(passages.map(({ number }) => String(number)));
  const named = [...new Set(citations.map((citation) => citation.replace(/^\[(.*)\]$/u, "$1").trim()))];
  return {
    offered: named.filter((number) => numbers.has(number)),
    unknown: named.filter((number) => !numbers.has(number)),
  };
}

async function pauseBeforeRetry(error: unknown, limit: AbortSignal): Promise<boolean> {
  if (!(error instanceof ModelError) || !error.isRetryable || limit.aborted) return false;
  try {
    await sleep(error.retryAfterMs ?? DEFAULT_RETRY_DELAY_MS, undefined, { signal: limit });
    return true;
  } catch {
    return false;
  }
}

function failureOf(error: unknown, limit: AbortSignal): string {
  if (error instanceof ModelError) return error.failure;
  return limit.aborted ? "timeout" : errorCode(error);
}
