import { setTimeout as sleep } from "node:timers/promises";
import {
  ModelError,
  type AnswerModel,
  type GenerationEvent,
  type GenerationRequest,
  type ModelUsage,
} from "../../ports/models.js";
import { errorCode } from "../../ports/errors.js";
import { orAbort } from "../../ports/or-abort.js";
import { startTimeLimit } from "../../ports/time-limit.js";
import type { Draft } from "../draft.js";

export interface Generation {
  /** Only `complete` makes the draft an answer. `stopped`: the listener wanted no more. */
  readonly finish: "complete" | "failed" | "stopped";
  /** A short code of what went wrong, or null. */
  readonly failure: string | null;
  readonly attempts: number;
  readonly usage: ModelUsage;
  readonly draft: Draft;
}

const NO_USAGE: ModelUsage = { inputTokens: 0, outputTokens: 0, cost: 0 };
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
  for (let attempt = 1; ; attempt += 1) {
    const draft = newDraft();
    try {
      return { ...(await runAttempt(model, request, draft, limit)), attempts: attempt, draft };
    } catch (error) {
      signal.throwIfAborted();
      if (!limit.aborted && !(error instanceof ModelError)) throw error;
      const mayRetry = attempt < MAX_ATTEMPTS && !draft.hasShown() && (await pauseBeforeRetry(error, limit));
      if (!mayRetry)
        return { finish: "failed", failure: failureOf(error, limit), attempts: attempt, usage: NO_USAGE, draft };
    }
  }
}

type Attempt = Pick<Generation, "finish" | "failure" | "usage">;

async function runAttempt(
  model: AnswerModel,
  request: GenerationRequest,
  draft: Draft,
  limit: AbortSignal,
): Promise<Attempt> {
  const attempt = new AbortController();
  const events = model.generate(request, AbortSignal.any([limit, attempt.signal]))[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orAbort(events.next(), limit);
      if (next.done === true) return { finish: "failed", failure: "no-end", usage: NO_USAGE };
      const done = await take(next.value, draft);
      if (done !== null) return done;
    }
  } finally {
    attempt.abort();
    // A stalled stream would never answer to being closed, so nobody waits for it; it has been told to stop.
    events.return?.().catch(() => undefined);
  }
}

async function take(event: GenerationEvent, draft: Draft): Promise<Attempt | null> {
  if (event.kind === "text") {
    return (await draft.push(event.text)) ? null : { finish: "stopped", failure: null, usage: NO_USAGE };
  }
  if (event.finish !== "complete") return { finish: "failed", failure: event.finish, usage: event.usage };
  return { finish: (await draft.end()) ? "complete" : "stopped", failure: null, usage: event.usage };
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
