import { errorCode } from "../../ports/errors.js";
import type { Passage } from "../../ports/knowledge.js";
import { ModelError, type ModelUsage, type RankedPlace, type Reranker } from "../../ports/models.js";
import { orAbort } from "../../ports/or-abort.js";
import { startTimeLimit } from "../../ports/time-limit.js";

/** Passages in the order they are answered from, and what made it so. */
export interface RerankStage {
  readonly passages: readonly Passage[];
  /** What the model said; empty when it failed, and the order is that of the search. */
  readonly order: readonly RankedPlace[];
  /** A short code of what went wrong, or null. */
  readonly failure: string | null;
  readonly usage: ModelUsage;
}

/** A person waits, and the search has an order already. */
const RERANK_TIMEOUT_MS = 4_000;
const NO_USAGE: ModelUsage = { calls: 1, inputTokens: 0, outputTokens: 0, cost: 0 };

/**
 * Lets a model order what the search found. Passages that it gives no place follow in the order of the search, which also
 * stands when the model fails, takes too long, or names what was not offered. Only the caller's own abort is thrown.
 */
export async function rerankPassages(
  reranker: Reranker,
  question: string,
  found: readonly Passage[],
  signal: AbortSignal,
  timeoutMs = RERANK_TIMEOUT_MS,
): Promise<RerankStage> {
  using timeLimit = startTimeLimit(signal, timeoutMs);
  const limit = timeLimit.signal;
  const offered = found.map(({ title, headingPath, text }) => ({ title, headingPath, text }));
  try {
    const { order, usage } = await orAbort(reranker.rerank(question, offered, limit), limit);
    const passages = inOrder(found, order);
    if (passages === null) return { passages: found, order: [], failure: "unusable", usage };
    return { passages, order, failure: null, usage };
  } catch (error) {
    signal.throwIfAborted();
    const failure = error instanceof ModelError ? error.failure : errorCode(error);
    const usage = error instanceof ModelError ? (error.usage ?? NO_USAGE) : NO_USAGE;
    return { passages: found, order: [], failure: limit.aborted ? "timeout" : failure, usage };
  }
}

/** Null when a place was not offered, comes twice, or when there is none at all. */
function inOrder(found: readonly Passage[], order: readonly RankedPlace[]): readonly Passage[] | null {
  const first = new Set<Passage>();
  for (const { place } of order) {
    const passage = found[place];
    if (passage === undefined || first.has(passage)) return null;
    first.add(passage);
  }
  return first.size === 0 ? null : [...first, ...found.filter((passage) => !first.has(passage))];
}
