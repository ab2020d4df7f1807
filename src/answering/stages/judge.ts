import { errorCode } from "../../ports/errors.js";
import { ModelError, type GroundingJudge, type ModelUsage } from "../../ports/models.js";
import { orAbort } from "../../ports/or-abort.js";
import { startTimeLimit } from "../../ports/time-limit.js";
import type { Generation } from "./generate.js";
import type { PackedPassage } from "./pack.js";

export interface JudgeStage {
  /** As it was, or with a draft that is without what the judge took out. */
  readonly generation: Generation;
  readonly claims: number;
  /** What the judge took out, as it was written. */
  readonly unsupported: readonly string[];
  /** A short code of what went wrong, or null. */
  readonly failure: string | null;
  readonly usage: ModelUsage;
}

/** A person waits, and the draft was checked already. */
const JUDGE_TIMEOUT_MS = 6_000;
const NO_USAGE: ModelUsage = { calls: 1, inputTokens: 0, outputTokens: 0, cost: 0 };

/**
 * Lets a model look for claims that the local check let pass and their passages do not support. What it takes out is gone
 * as if that check had dropped it; it can bring nothing back. When it fails, takes too long, or leaves a claim out, the
 * local check stands. Only the caller's own abort is thrown.
 */
export async function judgeDraft(
  judge: GroundingJudge,
  generation: Generation,
  passages: readonly PackedPassage[],
  signal: AbortSignal,
  timeoutMs = JUDGE_TIMEOUT_MS,
): Promise<JudgeStage> {
  const { claims } = generation.draft.result().grounding;
  const stands = { generation, claims: claims.length, unsupported: [] };
  using timeLimit = startTimeLimit(signal, timeoutMs);
  const limit = timeLimit.signal;
  const shown = passages.map(({ prompt }) => prompt);
  try {
    const { isSupported, usage } = await orAbort(judge.judge(claims, shown, limit), limit);
    if (isSupported.length !== claims.length) return { ...stands, failure: "unusable", usage };
    const refused = claims.filter((_, index) => isSupported[index] !== true);
    if (refused.length === 0) return { ...stands, failure: null, usage };
    const draft = generation.draft.without(new Set(refused.map(({ piece }) => piece)));
    const unsupported = refused.map(({ text }) => text);
    return { generation: { ...generation, draft }, claims: claims.length, unsupported, failure: null, usage };
  } catch (error) {
    signal.throwIfAborted();
    const failure = error instanceof ModelError ? error.failure : errorCode(error);
    const usage = error instanceof ModelError ? (error.usage ?? NO_USAGE) : NO_USAGE;
    return { ...stands, failure: limit.aborted ? "timeout" : failure, usage };
  }
}

/** Nothing is asked about a draft that nobody will see anyhow. */
export function isWorthJudging({ decision, finish, draft }: Generation): boolean {
  if (decision !== "answer" || finish !== "complete") return false;
  const { grounding, citations } = draft.result();
  return grounding.canStand && citations.length > 0;
}
