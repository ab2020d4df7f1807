import type { OpenAI } from "openai";
import type { ChatCompletionCreateParamsStreaming } from "openai/resources/chat/completions";
import { z } from "zod";
import { ModelError } from "../../../src/ports/models.js";
import type { Deadline } from "./deadline.js";
import type { Dialect } from "./dialects.js";
import { DRAFT_SHAPE } from "./draft-reader.js";
import { eventsWithin, NO_TOKENS, THINKING_TOKENS, type DraftEvent, type DraftRequest } from "./draft-stream.js";
import type { TokenCounts } from "./prices.js";
import { chatFormat, type Way } from "./structured-formats.js";

/** The answer is complete by then, and somebody waits for its last sentence. */
const USAGE_WAIT_MS = 2000;

/** What every request has, whether its answer is streamed or not. */
export function chatArguments(request: DraftRequest, { effort, isOld }: Dialect) {
  const messages = [
    { role: "system", content: request.instruction },
    { role: "user", content: request.input },
  ] as const;
  const maxTokens = request.maxOutputTokens + (effort === "low" ? THINKING_TOKENS : 0);
  return {
    model: request.model,
    messages: [...messages],
    ...(isOld ? { max_tokens: maxTokens } : { max_completion_tokens: maxTokens }),
    ...(effort === null ? {} : { reasoning_effort: effort }),
  };
}

export function openChat(client: OpenAI, request: DraftRequest, { dialect, format }: Way, signal: AbortSignal) {
  const body: ChatCompletionCreateParamsStreaming = {
    ...chatArguments(request, dialect),
    ...chatFormat(DRAFT_SHAPE, format),
    stream: true,
    ...(dialect.isOld ? {} : { stream_options: { include_usage: true } }),
  };
  return client.chat.completions.create(body, { signal }).withResponse();
}

export const chatUsageSchema = z
  .looseObject({
    prompt_tokens: z.number(),
    completion_tokens: z.number(),
    prompt_tokens_details: z.looseObject({ cached_tokens: z.number().nullish() }).nullish(),
  })
  .nullish()
  .catch(null);

const chunkSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        delta: z.looseObject({ content: z.string().nullish(), refusal: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: chatUsageSchema,
});

type Chunk = z.infer<typeof chunkSchema>;

const FINISHES: Readonly<Record<string, "complete" | "length" | "filtered">> = {
  stop: "complete",
  length: "length",
  content_filter: "filtered",
};

/**
 * Reads a stream of the Chat Completions API. Only `stop` makes a draft complete. The usage comes after it, where it
 * comes at all: a stream that fails in between has said everything that counts.
 * @throws {ModelError} `incomplete` when the stream ends without a known finish reason.
 */
export async function* readChat(
  stream: AsyncIterable<unknown>,
  deadline: Deadline,
  operation: string,
): AsyncGenerator<DraftEvent> {
  const chunks = eventsWithin(stream, deadline);
  let isRefused = false;
  for await (const value of chunks) {
    const { choices, usage } = readChunk(value, operation);
    const choice = choices?.[0];
    if (isFilled(choice?.delta?.refusal)) isRefused = true;
    if (isFilled(choice?.delta?.content)) yield { kind: "text", text: choice.delta.content };
    if (!isFilled(choice?.finish_reason)) continue;
    const finish = FINISHES[choice.finish_reason];
    if (finish === undefined) break;
    const tokens = chatTokens(usage) ?? (await tokensAfterwards(chunks, deadline, operation));
    yield { kind: "end", finish: isRefused ? "filtered" : finish, tokens };
    return;
  }
  throw new ModelError("incomplete", operation);
}

async function tokensAfterwards(
  chunks: AsyncIterable<unknown>,
  deadline: Deadline,
  operation: string,
): Promise<TokenCounts> {
  const enough = setTimeout(() => {
    deadline.stop();
  }, USAGE_WAIT_MS);
  try {
    for await (const value of chunks) {
      const tokens = chatTokens(readChunk(value, operation).usage);
      if (tokens !== null) return tokens;
    }
  } catch {
    return NO_TOKENS;
  } finally {
    clearTimeout(enough);
  }
  return NO_TOKENS;
}

function readChunk(value: unknown, operation: string): Chunk {
  const parsed = chunkSchema.safeParse(value);
  if (!parsed.success) throw new ModelError("incomplete", operation, { cause: parsed.error });
  return parsed.data;
}

export function chatTokens(usage: z.infer<typeof chatUsageSchema>): TokenCounts | null {
  if (!usage) return null;
  const cachedInput = usage.prompt_tokens_details?.cached_tokens ?? 0;
  return { input: usage.prompt_tokens, cachedInput, output: usage.completion_tokens };
}

function isFilled(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && text !== "";
}
