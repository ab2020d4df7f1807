import { APIError } from "openai";
import { z } from "zod";
import { ModelError, type ModelFailure } from "../../../src/ports/models.js";
import { chatTokens, chatUsageSchema } from "./chat-api.js";
import { MAYBE_NOT_THIS_API, NOT_THIS_API, type Dialect, type Refusal } from "./dialects.js";
import { NO_TOKENS } from "./draft-stream.js";
import { failureOfReply, refusalInStream, toStreamError } from "./model-errors.js";
import type { TokenCounts } from "./prices.js";
import { responsesTokens, responsesUsageSchema } from "./responses-api.js";

/** What both APIs come to when they answer without a stream. */
export interface WholeReply {
  readonly text: string;
  /** The functions that it wants called; none where it was offered none. */
  readonly calls: readonly FunctionCall[];
  readonly tokens: TokenCounts;
  /** Null only when the endpoint says that the text is complete. */
  readonly failure: ModelFailure | null;
}

export interface FunctionCall {
  readonly callId: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
}

export interface Refused {
  readonly refusal: Refusal;
  readonly error: ModelError;
}

/**
 * Reads the body of an answer with status 200, which may be a page of some proxy, or an error.
 * @throws {ModelError} for a reported error that would be the same in another API.
 */
export function readWholeReply(
  api: Dialect["api"],
  contentType: string | null,
  body: string,
  operation: string,
): WholeReply | Refused {
  if (contentType === null || !/[/+]json\b/iu.test(contentType)) {
    return { refusal: NOT_THIS_API, error: new ModelError("rejected", operation) };
  }
  const value = jsonOf(body);
  const reply = api === "responses" ? readResponse(value) : readCompletion(value);
  if (reply !== null) return reply;
  const reported = reportedError(value);
  if (reported === null) {
    return { refusal: MAYBE_NOT_THIS_API, error: new ModelError("incomplete", operation) };
  }
  const failure = toStreamError(reported, operation);
  const refusal = refusalInStream(failure);
  if (refusal === null) throw failure;
  return { refusal, error: failure };
}

const partSchema = z.looseObject({ type: z.string(), text: z.string().nullish() });

const responseSchema = z.looseObject({
  status: z.string(),
  output: z.array(
    z.looseObject({
      type: z.string(),
      content: z.array(partSchema).nullish(),
      call_id: z.string().nullish(),
      name: z.string().nullish(),
      arguments: z.string().nullish(),
    }),
  ),
  error: z.looseObject({ code: z.string().nullish() }).nullish(),
  incomplete_details: z.looseObject({ reason: z.string().nullish() }).nullish(),
  usage: responsesUsageSchema,
});

function readResponse(value: unknown): WholeReply | null {
  const response = responseSchema.safeParse(value).data;
  if (response === undefined) return null;
  const messages = response.output.filter(({ type }) => type === "message");
  const parts = messages.flatMap(({ content }) => content ?? []);
  const texts = parts.flatMap(({ type, text }) => (type === "output_text" ? [text ?? ""] : []));
  const isRefused = parts.some(({ type }) => type === "refusal");
  const failure = isRefused ? "rejected" : responseFailure(response);
  const calls = response.output.flatMap((item) => (item.type === "function_call" ? [callOf(item.call_id, item)] : []));
  return { text: texts.join(""), calls, tokens: responsesTokens(response.usage), failure };
}

const functionSchema = z.looseObject({ name: z.string().nullish(), arguments: z.string().nullish() });

function callOf(id: string | null | undefined, called: z.infer<typeof functionSchema> | undefined): FunctionCall {
  return { callId: id ?? "", name: called?.name ?? "", arguments: called?.arguments ?? "" };
}

function responseFailure(response: z.infer<typeof responseSchema>): ModelFailure | null {
  if (response.status === "completed") return null;
  if (response.status === "failed") return failureOfReply(undefined, response.error?.code);
  return response.incomplete_details?.reason === "content_filter" ? "rejected" : "incomplete";
}

const WHOLE: ReadonlySet<string> = new Set(["stop", "tool_calls"]);

const completionSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        message: z.looseObject({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(z.looseObject({ id: z.string().nullish(), function: functionSchema.optional() }))
            .nullish(),
        }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: chatUsageSchema,
});

function readCompletion(value: unknown): WholeReply | null {
  const completion = completionSchema.safeParse(value).data;
  const choice = completion?.choices[0];
  if (completion === undefined || choice === undefined) return null;
  const { content, refusal, tool_calls: called } = choice.message;
  const isRefused = (refusal ?? "") !== "" || choice.finish_reason === "content_filter";
  const failure = isRefused ? "rejected" : WHOLE.has(choice.finish_reason ?? "") ? null : "incomplete";
  const calls = (called ?? []).map((call) => callOf(call.id, call.function));
  return { text: content ?? "", calls, tokens: chatTokens(completion.usage) ?? NO_TOKENS, failure };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

const errorSchema = z.looseObject({ error: z.union([z.string(), z.looseObject({})]) });

function reportedError(value: unknown): APIError | null {
  const error = errorSchema.safeParse(value).data?.error;
  if (error === undefined) return null;
  return new APIError(undefined, typeof error === "string" ? { message: error } : error, undefined, undefined);
}
