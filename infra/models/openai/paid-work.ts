import { ModelError, type ModelUsage } from "../../../src/ports/models.js";
import { startDeadline, type Deadline, type TimeLimits } from "./deadline.js";
import { refusalOf, toModelError } from "./model-errors.js";
import { sumOf, usageOf, type PriceTable, type TokenCounts } from "./prices.js";
import { withRetries, type RetryPolicy } from "./retry.js";
import { readWholeReply, type Refused, type WholeReply } from "./whole-replies.js";

/** What was asked of an endpoint for one question, and what was paid. */
export interface Spent {
  calls: number;
  readonly paid: TokenCounts[];
}

export interface Payer {
  readonly model: string;
  /** By the model's name. A model that is not in it costs 0, and so does every model without a table. */
  readonly prices: PriceTable | null;
  readonly limits: TimeLimits;
}

/** A person waits, and whoever asks can do without. */
const RETRIES: RetryPolicy = { attempts: 2, waitMs: 1000 };

/**
 * Does work that asks an endpoint, within its time limits and once more where that may help.
 * @param work adds to what was spent whenever it asks, and whenever a reply is paid for.
 * @throws {ModelError} with what was paid for it; the signal's reason once that is aborted.
 */
export async function payFor<T>(
  { model, prices, limits }: Payer,
  operation: string,
  work: (deadline: Deadline, spent: Spent) => Promise<T>,
  signal: AbortSignal,
): Promise<{ readonly value: T; readonly usage: ModelUsage }> {
  signal.throwIfAborted();
  const spent: Spent = { calls: 0, paid: [] };
  const usage = () => usageOf(model, sumOf(spent.paid), prices ?? {}, spent.calls);
  const deadline = startDeadline(signal, limits, operation);
  try {
    const value = await withRetries(() => work(deadline, spent), RETRIES, operation, deadline.signal);
    return { value, usage: usage() };
  } catch (error) {
    signal.throwIfAborted();
    const { failure, retryAfterMs, cause } = toModelError(error, operation);
    const wait = retryAfterMs === null ? {} : { retryAfterMs };
    throw new ModelError(failure, operation, { ...wait, usage: usage(), cause });
  } finally {
    deadline.stop();
  }
}

interface Sent {
  asResponse(): Promise<Response>;
}

/** Reads a whole reply, or that the endpoint does not take what it was asked in. @throws {ModelError} for any other failure. */
export async function wholeReplyTo(
  sent: Sent,
  api: Parameters<typeof readWholeReply>[0],
  operation: string,
  deadline: Deadline,
): Promise<WholeReply | Refused> {
  try {
    // The library looks into the body, whatever it is; so it is read here.
    const response = await deadline.within(sent.asResponse());
    const body = await deadline.within(response.text());
    return readWholeReply(api, response.headers.get("content-type"), body, operation);
  } catch (error) {
    const failure = toModelError(error, operation);
    const refusal = refusalOf(failure);
    if (deadline.signal.aborted || refusal === null || failure.failure !== "rejected") throw failure;
    return { refusal, error: failure };
  }
}
