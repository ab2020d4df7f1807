import { DeskhandError, NotFoundError, UsageError } from "../../src/ports/errors.js";

/** What a failed request is answered with. Nothing of the exception is in it; the reference finds it in the log. */
export interface HttpErrorBody {
  readonly error: string;
  readonly reference: string;
}

/** A request that is refused before a handler sees it. */
export class HttpRefusal extends DeskhandError {
  override readonly name = "HttpRefusal";
  readonly code: string;
  readonly status: number;
  readonly isRetryable: boolean;

  constructor(status: number, code: string) {
    super(`refused: ${code}`);
    this.status = status;
    this.code = code;
    this.isRetryable = status === 503;
  }
}

/** The status and the fixed word for any thrown value. */
export function toHttpFailure(error: unknown): { readonly status: number; readonly word: string } {
  if (error instanceof HttpRefusal) return { status: error.status, word: error.code };
  if (error instanceof NotFoundError) return { status: 404, word: "not-found" };
  if (error instanceof UsageError) return { status: 400, word: "bad-request" };
  const status = fastifyStatus(error);
  return WORDS.has(status) ? { status, word: WORDS.get(status) ?? "bad-request" } : { status: 500, word: "internal" };
}

const WORDS: ReadonlyMap<number, string> = new Map([
  [400, "bad-request"],
  [403, "forbidden"],
  [404, "not-found"],
  [405, "method-not-allowed"],
  [408, "timeout"],
  [413, "too-large"],
  [414, "address-too-long"],
  [415, "unsupported-type"],
  [431, "headers-too-large"],
  [503, "unavailable"],
]);

function fastifyStatus(error: unknown): number {
  return typeof error === "object" && error !== null && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : 500;
}
