import { ChatPlatformError, type ChatFailure } from "../../src/ports/chat.js";

const FAILURE_BY_STATUS: ReadonlyMap<number, ChatFailure> = new Map([
  [401, "auth"],
  [403, "forbidden"],
  [404, "not-found"],
  // Asks for the same request again, which it did not carry out.
  [412, "rate-limited"],
  [429, "rate-limited"],
  // Not now: it was not taken on, unlike behind a gateway that answers 502 or 504 for somebody else.
  [503, "rate-limited"],
]);

/** The connection was never made, so nothing was posted: as with a rate limit, the call may simply be made again. */
const NEVER_ARRIVED: ReadonlySet<string> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/** The only place that knows what the connector's errors look like. */
export function toChatPlatformError(error: unknown, operation: string): ChatPlatformError {
  if (error instanceof ChatPlatformError) return error;
  const status = property(error, "statusCode");
  if (typeof status !== "number") {
    const never = NEVER_ARRIVED.has(String(property(error, "code")));
    return new ChatPlatformError(never ? "rate-limited" : "unreachable", operation, { cause: error });
  }
  // A gateway that answers 5xx may have passed the request on before it did.
  const failure = FAILURE_BY_STATUS.get(status) ?? (status >= 500 ? "unreachable" : "rejected");
  const retryAfterMs = failure === "rate-limited" ? retryAfter(error) : null;
  return new ChatPlatformError(failure, operation, {
    cause: error,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

export type StreamRefusal = "cancelled-by-user" | "over";

/** Why Teams takes no more of a stream; null when the failure is about something else. */
export function streamRefusal(error: unknown): StreamRefusal | null {
  if (!(error instanceof ChatPlatformError)) return null;
  if (error.failure !== "forbidden" && error.failure !== "rejected") return null;
  // Teams tells a stop by the user from its own limits in the message alone.
  return /cancell?ed by user/iu.test(String(property(error.cause, "message"))) ? "cancelled-by-user" : "over";
}

/** Whether Teams says that a person is not on a list, and not that it has no such list. */
export function isNotOnList(error: unknown): boolean {
  if (!(error instanceof ChatPlatformError) || error.failure !== "not-found") return false;
  const { cause } = error;
  const codes = [property(cause, "code"), property(property(property(cause, "body"), "error"), "code")];
  return codes.includes("MemberNotFoundInConversation");
}

/** In milliseconds, from seconds or a date. */
function retryAfter(error: unknown): number | null {
  const headers = property(property(error, "response"), "headers");
  const get = property(headers, "get");
  const value: unknown = typeof get === "function" ? Reflect.apply(get, headers, ["retry-after"]) : null;
  if (typeof value !== "string" || value.trim() === "") return null;
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms)) : null;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
