import type { OpenAI } from "openai";
import {
  ModelError,
  type AnswerModel,
  type GenerationEvent,
  type GenerationRequest,
} from "../../../src/ports/models.js";
import { openChat, readChat } from "./chat-api.js";
import { createClient, type OpenAiEndpoint } from "./client.js";
import { startDeadline, type Deadline, type TimeLimits } from "./deadline.js";
import { NOT_THIS_API, type Dialect, type DialectChoice, type Refusal } from "./dialects.js";
import { NO_TOKENS, type DraftEvent, type DraftRequest } from "./draft-stream.js";
import { refusalOf, toModelError, toStreamError } from "./model-errors.js";
import { createNoAnswerFilter } from "./no-answer.js";
import { usageOf, type PriceTable } from "./prices.js";
import { PROMPT_VERSION, renderPrompt } from "./prompt.js";
import { openResponses, readResponses } from "./responses-api.js";
import { withRetries, type RetryPolicy } from "./retry.js";
import { readStart } from "./stream-start.js";

export interface OpenAiAnswerModelOptions extends OpenAiEndpoint {
  readonly model: string;
  /** By the model's name. A model that is not in it costs 0 in every trace, and so does every model without a table. */
  readonly prices: PriceTable | null;
  readonly limits?: TimeLimits;
  /** One for everything that asks this model. */
  readonly dialects: DialectChoice;
}

/** Half a minute is what the answering core waits; the rest is for callers that are more patient. */
const LIMITS: TimeLimits = { idleMs: 15_000, totalMs: 60_000 };
/** Before the first byte only. The core tries once more by itself, and a person is waiting. */
const RETRIES: RetryPolicy = { attempts: 3, waitMs: 3000 };
/** No language needs more characters for a token; an endpoint that ignores the limit is cut here. */
const CHARACTERS_PER_TOKEN = 12;
const OPERATION = "writing an answer";

/**
 * Writes drafts by any OpenAI-compatible endpoint: by the Responses API, or where the endpoint has none, by Chat
 * Completions. What the endpoint understands is found out with the first question that it begins to answer, and kept for
 * the life of the process; a wrong key, a used-up quota and an unknown model are never taken for a missing API, and an
 * empty stream only when it happens twice. Tokens that the endpoint does not report count as 0. A model that finds no
 * answer in the passages ends complete without a text.
 */
export function createOpenAiAnswerModel(options: OpenAiAnswerModelOptions): AnswerModel {
  const writer: Writer = {
    client: createClient(options),
    model: options.model,
    prices: options.prices ?? {},
    choice: options.dialects,
  };
  return {
    id: options.model,
    promptVersion: PROMPT_VERSION,
    generate: (request, signal) => generate(writer, request, options.limits ?? LIMITS, signal),
  };
}

interface Writer {
  readonly client: OpenAI;
  readonly model: string;
  readonly prices: PriceTable;
  readonly choice: DialectChoice;
}

async function* generate(
  writer: Writer,
  request: GenerationRequest,
  limits: TimeLimits,
  signal: AbortSignal,
): AsyncGenerator<GenerationEvent> {
  signal.throwIfAborted();
  const deadline = startDeadline(signal, limits, OPERATION);
  try {
    const events = await openDraft(writer, draftRequest(writer.model, request), deadline);
    yield* finishDraft(writer, events, request.maxOutputTokens);
  } catch (error) {
    signal.throwIfAborted();
    throw toStreamError(error, OPERATION);
  } finally {
    deadline.stop();
  }
}

function draftRequest(model: string, request: GenerationRequest): DraftRequest {
  return { model, ...renderPrompt(request), maxOutputTokens: request.maxOutputTokens };
}

/** Asks in one dialect after another until the endpoint understands. */
async function openDraft(writer: Writer, request: DraftRequest, deadline: Deadline): Promise<DraftEvents> {
  for (let dialect = writer.choice.current(); ;) {
    const opened = await tryDialect(writer, request, dialect, deadline);
    if (!("refusal" in opened)) return opened.events;
    if (opened.refusal.code === "content_filter") return FILTERED;
    const next = writer.choice.after(dialect, opened.refusal);
    if (next === null) throw opened.error;
    dialect = next;
  }
}

/** What was asked of the endpoint, or what is known without reading any further. */
type DraftEvents = AsyncIterable<DraftEvent> | readonly DraftEvent[];

const FILTERED: readonly DraftEvent[] = [{ kind: "end", finish: "filtered", tokens: NO_TOKENS }];

type Opened =
  { readonly events: AsyncIterable<DraftEvent> } | { readonly refusal: Refusal; readonly error: ModelError };

interface Answered {
  readonly data: AsyncIterable<unknown>;
  readonly response: Response;
}

async function tryDialect(
  { client, choice }: Writer,
  request: DraftRequest,
  dialect: Dialect,
  deadline: Deadline,
): Promise<Opened> {
  const read = dialect.api === "responses" ? readResponses : readChat;
  const ask = (): Promise<Answered> =>
    dialect.api === "responses"
      ? openResponses(client, request, dialect, deadline.signal)
      : openChat(client, request, dialect, deadline.signal);
  try {
    const { data, response } = await withRetries(() => deadline.within(ask()), RETRIES, OPERATION, deadline.signal);
    if (!isEventStream(response)) {
      await response.body?.cancel();
      return { refusal: NOT_THIS_API, error: new ModelError("rejected", OPERATION) };
    }
    const start = await readStart(dialect.api, data, deadline, OPERATION);
    if ("refusal" in start) return start;
    choice.settle(dialect);
    return { events: read(start.events, deadline, OPERATION) };
  } catch (error) {
    const failure = toModelError(error, OPERATION);
    const refusal = refusalOf(failure);
    if (deadline.signal.aborted || refusal === null || failure.failure !== "rejected") throw failure;
    return { refusal, error: failure };
  }
}

function isEventStream(response: Response): boolean {
  return (response.headers.get("content-type") ?? "").toLowerCase().startsWith("text/event-stream");
}

async function* finishDraft(
  { model, prices }: Writer,
  events: DraftEvents,
  maxOutputTokens: number,
): AsyncGenerator<GenerationEvent> {
  const filter = createNoAnswerFilter();
  let characters = 0;
  for await (const event of events) {
    if (event.kind === "text") {
      const text = filter.push(event.text);
      characters += event.text.length;
      if (text !== "") yield { kind: "text", text };
      if (characters <= maxOutputTokens * CHARACTERS_PER_TOKEN) continue;
      yield { kind: "end", finish: "length", usage: usageOf(model, NO_TOKENS, prices) };
      return;
    }
    const rest = filter.end();
    if (rest !== "") yield { kind: "text", text: rest };
    yield { kind: "end", finish: event.finish, usage: usageOf(model, event.tokens, prices) };
    return;
  }
}
