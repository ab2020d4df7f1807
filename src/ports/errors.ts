/** Root of every error Deskhand throws on purpose. `code` is the contract; `message` is for operators, never for customers. */
export abstract class DeskhandError extends Error {
  abstract readonly code: string;
  /** Whether the same call, unchanged, might succeed later. */
  abstract readonly isRetryable: boolean;
}

/** A worker whose lease was taken over tried to write. Its work is dropped; the new holder does it again. */
export class StaleLeaseError extends DeskhandError {
  override readonly name = "StaleLeaseError";
  readonly code = "stale-lease";
  readonly isRetryable = false;

  constructor(what: string, fence: bigint) {
    super(`${what}: the lease with fence ${fence} is no longer held`);
  }
}

/** What was decided on has changed before it could be written. Deciding again will see it as it is now. */
export class ChangedMeanwhileError extends DeskhandError {
  override readonly name = "ChangedMeanwhileError";
  readonly code = "changed-meanwhile";
  readonly isRetryable = true;
}

/** Too early to decide: what it hangs on is being written this moment. Asked for again shortly; no attempt is lost. */
export class NotYetError extends DeskhandError {
  override readonly name = "NotYetError";
  readonly code = "not-yet";
  readonly isRetryable = true;
  /** When to ask again; null where nobody can say. */
  readonly afterMs: number | null;

  constructor(what: string, afterMs: number | null = null) {
    super(`${what}: not yet`);
    this.afterMs = afterMs;
  }
}

/** Somebody asked for a thing that is not there, or that they may not see: the two look the same on purpose. */
export class NotFoundError extends DeskhandError {
  override readonly name = "NotFoundError";
  readonly code = "not-found";
  readonly isRetryable = false;
}

/** The request was understood and refused. The message says what to do instead. */
export class UsageError extends DeskhandError {
  override readonly name = "UsageError";
  readonly code = "usage";
  readonly isRetryable = false;
}

export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** Reads a stable code off any thrown value, for logs and traces: never the message, which may hold a customer's words. */
export function errorCode(error: unknown): string {
  if (error instanceof DeskhandError) {
    return "sqlState" in error && typeof error.sqlState === "string" ? `${error.code}-${error.sqlState}` : error.code;
  }
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string") {
    return error.code;
  }
  return error instanceof Error ? error.name : "unknown";
}
