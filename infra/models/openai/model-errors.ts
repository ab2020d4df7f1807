import { APIConnectionError, APIError } from "openai";
import { z, ZodError } from "zod";
import { ModelError, type ModelFailure } from "../../../src/ports/models.js";
import { MAYBE_NOT_THIS_API, NOT_THIS_API, type Refusal } from "./dialects.js";

/** Only codes that mean something else than their status, or that come without one, in the middle of a stream. */
const FAILURE_BY_CODE: Readonly<Record<string, ModelFailure>> = {
  insufficient_quota: "quota",
  billing_hard_limit_reached: "quota",
  invalid_api_key: "auth",
  rate_limit_exceeded: "rate-limited",
  server_error: "unreachable",
  invalid_prompt: "rejected",
};

const FAILURE_BY_STATUS: Readonly<Record<number, ModelFailure>> = {
  401: "auth",
  402: "quota",
  403: "auth",
  408: "timeout",
  409: "unreachable",
  429: "rate-limited",
};

const errorEventSchema = z.union([
  z.looseObject({ type: z.literal("error") }),
  z.looseObject({ object: z.literal("error") }),
]);

/** The only place that knows what the endpoint's errors look like. */
export function toModelError(error: unknown, operation: string): ModelError {
  if (error instanceof ModelError) return error;
  const retryAfterMs = isApiError(error) ? retryAfter(error.headers) : null;
  return new ModelError(failureOf(error), operation, {
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    cause: error,
  });
}

/** For what goes wrong after the endpoint has begun to answer: a connection that breaks then leaves half an answer. */
export function toStreamError(error: unknown, operation: string): ModelError {
  if (error instanceof ModelError) return error;
  if (error instanceof APIError && !(error instanceof APIConnectionError)) return toModelError(error, operation);
  return new ModelError("incomplete", operation, { cause: error });
}

function failureOf(error: unknown): ModelFailure {
  if (error instanceof APIConnectionError) return "unreachable";
  if (isApiError(error)) return failureOfReply(error.status, error.code);
  // What came could not be read: the same request would be answered no better.
  return error instanceof SyntaxError || error instanceof ZodError ? "incomplete" : "unreachable";
}

/** @param status undefined for an error that was reported inside a stream. */
export function failureOfReply(status: number | undefined, code: string | null | undefined): ModelFailure {
  const byCode = FAILURE_BY_CODE[code ?? ""];
  if (byCode !== undefined) return byCode;
  if (status === undefined) return "incomplete";
  return FAILURE_BY_STATUS[status] ?? (status >= 500 ? "unreachable" : "rejected");
}

/** What the endpoint said about a request that it refused, or null for every other failure. */
export function refusalOf({ cause }: ModelError): Refusal | null {
  if (!isApiError(cause) || cause.status === undefined) return null;
  return { status: cause.status, code: cause.code ?? null, param: cause.param ?? argumentIn(cause.message) };
}

/**
 * What an error says about a request that was answered with status 200 and then with this error instead of an event, or
 * null for every other failure. Words that are no event, and errors that only the endpoint knows, count as an unknown
 * API, unless the error's code is a status, as with vLLM and LiteLLM. The count is doubtful where the error does not say so.
 */
export function refusalInStream({ failure, cause }: ModelError): Refusal | null {
  // Half an event, or a page: either may be the trouble of a moment.
  if (cause instanceof SyntaxError) return MAYBE_NOT_THIS_API;
  if (!isApiError(cause) || (failure !== "incomplete" && failure !== "rejected")) return null;
  // Typed as a string, sent as a number by some.
  const code: unknown = cause.code;
  const words = typeof code === "string" || typeof code === "number" ? String(code) : null;
  if (words !== null && /^[45]\d\d$/u.test(words)) {
    return { status: Number(words), code: words, param: argumentIn(cause.message) };
  }
  const refusal = saysUnknownApi(`${words ?? ""} ${cause.message}`) ? NOT_THIS_API : MAYBE_NOT_THIS_API;
  return { ...refusal, code: words };
}

/** The argument that an error speaks of without naming it as such; null where it may be about any. */
function argumentIn(words: string): string | null {
  return /\b(?:reasoning|reasoning_effort|max_completion_tokens|stream_options)\b/u.exec(words)?.[0] ?? null;
}

/** Whether an error is about the address that was asked, rather than about what was sent there. */
function saysUnknownApi(words: string): boolean {
  const isAboutAddress = /endpoint|url|route|path|method|\bapi\b|\/responses/iu.test(words);
  const isUnknown =
    /unknown|unexpected|unsupported|invalid|no such|not[ _](?:found|supported|implemented|allowed|exist)/iu;
  return isAboutAddress && isUnknown.test(words);
}

/** An event that reports an error and was not taken for one by the library, as the error; null for any other event. */
export function errorEvent(event: unknown): APIError | null {
  const parsed = errorEventSchema.safeParse(event);
  return parsed.success ? new APIError(undefined, parsed.data, undefined, undefined) : null;
}

/** `instanceof` alone makes the class's type parameters `any`. */
function isApiError(error: unknown): error is APIError {
  return error instanceof APIError;
}

function retryAfter(headers: Headers | undefined): number | null {
  const milliseconds = numberOf(headers?.get("retry-after-ms"));
  if (milliseconds !== null) return milliseconds;
  const value = headers?.get("retry-after") ?? null;
  const seconds = numberOf(value);
  if (seconds !== null) return seconds * 1000;
  const date = value === null ? Number.NaN : Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

function numberOf(value: string | null | undefined): number | null {
  return value !== null && value !== undefined && /^\d{1,9}(?:\.\d{1,9})?$/u.test(value) ? Number(value) : null;
}
