import type { OpenAI } from "openai";
import type { ResponseCreateParamsStreaming } from "openai/resources/responses/responses";
import { z } from "zod";
import { ModelError } from "../../../src/ports/models.js";
import type { Deadline } from "./deadline.js";
import type { Dialect } from "./dialects.js";
import { DRAFT_SHAPE } from "./draft-reader.js";
import { eventsWithin, NO_TOKENS, THINKING_TOKENS, type DraftEvent, type DraftRequest } from "./draft-stream.js";
import { failureOfReply } from "./model-errors.js";
import type { TokenCounts } from "./prices.js";
import { responsesFormat, type Way } from "./structured-formats.js";

/** OpenAI refuses to be asked for fewer. */
const FEWEST_OUTPUT_TOKENS = 16;

/**
 * What every request has, whether its answer is streamed or not. Nothing is kept at the provider, and no sampling is asked
 * for: reasoning models refuse both temperature and top_p.
 */
export function responsesArguments(request: DraftRequest, { effort }: Dialect) {
  return {
    model: request.model,
    instructions: request.instruction,
    input: request.input,
    max_output_tokens:
      Math.max(FEWEST_OUTPUT_TOKENS, request.maxOutputTokens) + (effort === "low" ? THINKING_TOKENS : 0),
    store: false,
    ...(effort === null ? {} : { reasoning: { effort } }),
  };
}

export function openResponses(client: OpenAI, request: DraftRequest, { dialect, format }: Way, signal: AbortSignal) {
  const body: ResponseCreateParamsStreaming = {
    ...responsesArguments(request, dialect),
    ...responsesFormat(DRAFT_SHAPE, format),
    stream: true,
  };
  return client.responses.create(body, { signal }).withResponse();
}

export const responsesUsageSchema = z
  .looseObject({
    input_tokens: z.number(),
    output_tokens: z.number(),
    input_tokens_details: z.looseObject({ cached_tokens: z.number().nullish() }).nullish(),
  })
  .nullish()
  .catch(null);

const endedSchema = z.looseObject({
  response: z.looseObject({
    usage: responsesUsageSchema,
    incomplete_details: z.looseObject({ reason: z.string().nullish() }).nullish(),
    error: z.looseObject({ code: z.string().nullish() }).nullish(),
  }),
});

const eventSchema = z.looseObject({ type: z.string() });
const deltaSchema = z.looseObject({ delta: z.string() });
const errorSchema = z.looseObject({ code: z.string().nullish() });

/**
 * Reads a stream of the Responses API. Only `response.completed` makes a draft complete.
 * @throws {ModelError} `incomplete` when the stream ends without a last event.
 */
export async function* readResponses(
  stream: AsyncIterable<unknown>,
  deadline: Deadline,
  operation: string,
): AsyncGenerator<DraftEvent> {
  let isRefused = false;
  for await (const event of eventsWithin(stream, deadline)) {
    const type = eventSchema.safeParse(event).data?.type;
    switch (type) {
      case "response.output_text.delta":
        yield { kind: "text", text: read(deltaSchema, event, operation).delta };
        break;
      case "response.refusal.delta":
      case "response.refusal.done":
        isRefused = true;
        break;
      case "response.completed":
        yield { kind: "end", finish: isRefused ? "filtered" : "complete", tokens: tokensOf(event, operation) };
        return;
      case "response.incomplete":
        yield { kind: "end", finish: cutFinish(event, operation), tokens: tokensOf(event, operation) };
        return;
      case "response.failed":
        throw failedError(read(endedSchema, event, operation).response.error?.code, event, operation);
      case "error":
        throw failedError(read(errorSchema, event, operation).code, event, operation);
      default:
        // Progress, thinking, and whatever else may be added.
        break;
    }
  }
  throw new ModelError("incomplete", operation);
}

function read<T>(schema: z.ZodType<T>, event: unknown, operation: string): T {
  const parsed = schema.safeParse(event);
  if (!parsed.success) throw new ModelError("incomplete", operation, { cause: parsed.error });
  return parsed.data;
}

function cutFinish(event: unknown, operation: string): "length" | "filtered" {
  const { response } = read(endedSchema, event, operation);
  return response.incomplete_details?.reason === "content_filter" ? "filtered" : "length";
}

function failedError(code: string | null | undefined, event: unknown, operation: string): ModelError {
  return new ModelError(failureOfReply(undefined, code), operation, { cause: event });
}

function tokensOf(event: unknown, operation: string): TokenCounts {
  return responsesTokens(read(endedSchema, event, operation).response.usage);
}

export function responsesTokens(usage: z.infer<typeof responsesUsageSchema>): TokenCounts {
  if (!usage) return NO_TOKENS;
  const cachedInput = usage.input_tokens_details?.cached_tokens ?? 0;
  return { input: usage.input_tokens, cachedInput, output: usage.output_tokens };
}
