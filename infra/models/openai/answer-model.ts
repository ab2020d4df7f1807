import type { OpenAI } from "openai";
import {
  ModelError,
  type AnswerModel,
  type GenerationEvent,
  type GenerationRequest,
  type ModelUsage,
} from "../../../src/ports/models.js";
import { openChat, readChat } from "./chat-api.js";
import { createClient, type OpenAiEndpoint } from "./client.js";
import { startDeadline, type Deadline, type TimeLimits } from "./deadline.js";
import { NOT_THIS_API, type DialectChoice, type Refusal } from "./dialects.js";
import { createMarkdownReader, createObjectReader, type DraftReader, type DraftRest } from "./draft-reader.js";
import { NO_TOKENS, type DraftEvent, type DraftRequest } from "./draft-stream.js";
import { refusalOf, toModelError, toStreamError } from "./model-errors.js";
import { usageOf, type PriceTable, type TokenCounts } from "./prices.js";
import { PROMPT_VERSION, readInstructions, renderInput, type Instructions } from "./prompt.js";
import { openResponses, readResponses } from "./responses-api.js";
import { withRetries, type RetryPolicy } from "./retry.js";
import { readStart } from "./stream-start.js";
import { createFormatChoice, currentWay, nextWay, type Way, type WayChoice } from "./structured-formats.js";

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

/** For the names, quotes and escapes of an object around the answer. */
const OBJECT_TOKENS = 64;

/**
 * Writes drafts by any OpenAI-compatible endpoint: by the Responses API, or where the endpoint has none, by Chat
 * Completions; as an object that is held to a schema, or where the endpoint knows no schemas, as Markdown. What the
 * endpoint understands is found out with the first question that it begins to answer, and kept for the life of the
 * process; a wrong key, a used-up quota and an unknown model are never taken for a missing API, and an empty stream or
 * Markdown where an object was asked for only when it happens twice. Tokens that the endpoint does not report count as 0.
 */
export function createOpenAiAnswerModel(options: OpenAiAnswerModelOptions): AnswerModel {
  const writer: Writer = {
    client: createClient(options),
    model: options.model,
    prices: options.prices ?? {},
    dialects: options.dialects,
    formats: createFormatChoice(options.dialects, ["schema", "text"]),
    instructions: readInstructions(),
  };
  return {
    id: options.model,
    promptVersion: PROMPT_VERSION,
    generate: (request, signal) => generate(writer, request, options.limits ?? LIMITS, signal),
  };
}

interface Writer extends WayChoice {
  readonly client: OpenAI;
  readonly model: string;
  readonly prices: PriceTable;
  readonly instructions: Instructions;
}

/** One draft in the making. */
interface Drafting {
  readonly writer: Writer;
  readonly maxOutputTokens: number;
  readonly input: string;
  /** Requests so far. */
  calls: number;
}

async function* generate(
  writer: Writer,
  request: GenerationRequest,
  limits: TimeLimits,
  signal: AbortSignal,
): AsyncGenerator<GenerationEvent> {
  signal.throwIfAborted();
  const { maxOutputTokens } = request;
  const drafting: Drafting = { writer, maxOutputTokens, input: renderInput(request), calls: 0 };
  try {
    for (let way: Way | null = currentWay(writer); way !== null;) {
      const deadline = startDeadline(signal, limits, OPERATION);
      try {
        way = yield* draftBy(drafting, way, deadline);
      } finally {
        deadline.stop();
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    const { failure, retryAfterMs, cause } = toStreamError(error, OPERATION);
    const wait = retryAfterMs === null ? {} : { retryAfterMs };
    throw new ModelError(failure, OPERATION, { ...wait, usage: usageIn(drafting, NO_TOKENS), cause });
  }
}

function requestBy({ writer, input, maxOutputTokens }: Drafting, { format }: Way): DraftRequest {
  const { model, instructions } = writer;
  return format === "schema"
    ? { model, instruction: instructions.object, input, maxOutputTokens: maxOutputTokens + OBJECT_TOKENS }
    : { model, instruction: instructions.markdown, input, maxOutputTokens };
}

/** One draft; when nothing of it could be passed on and another format may do better, the way to ask once more. */
async function* draftBy(
  drafting: Drafting,
  first: Way,
  deadline: Deadline,
): AsyncGenerator<GenerationEvent, Way | null> {
  const opened = await openDraft(drafting, first, deadline);
  if (opened === null) {
    yield { kind: "end", finish: "filtered", citations: null, usage: usageIn(drafting, NO_TOKENS) };
    return null;
  }
  const misfit = yield* readDraft(drafting, opened);
  if (misfit === null) return null;
  const { way } = opened;
  const format = misfit.hasPassedOn ? null : drafting.writer.formats.after(way.format, "doubtful");
  if (format === null) throw new ModelError("incomplete", OPERATION);
  return { ...way, format };
}

interface Opened {
  readonly way: Way;
  readonly events: AsyncIterable<DraftEvent>;
}

/** Asks in one way after another until the endpoint understands. Null when the provider filters the prompt. */
async function openDraft(drafting: Drafting, first: Way, deadline: Deadline): Promise<Opened | null> {
  const { writer } = drafting;
  for (let way = first; ;) {
    const opened = await tryWay(drafting, way, deadline);
    if (!("refusal" in opened)) {
      writer.dialects.settle(way.dialect);
      // Only a refusal in words leads here before there is a draft; a doubt has its own way to it.
      if (way.format === "text") writer.formats.settle(way.format);
      return { way, events: opened.events };
    }
    if (opened.refusal.code === "content_filter") return null;
    const next = nextWay(writer, way, opened.refusal);
    if (next === null) throw opened.error;
    way = next;
  }
}

type Tried = { readonly events: AsyncIterable<DraftEvent> } | { readonly refusal: Refusal; readonly error: ModelError };

interface Answered {
  readonly data: AsyncIterable<unknown>;
  readonly response: Response;
}

async function tryWay(drafting: Drafting, way: Way, deadline: Deadline): Promise<Tried> {
  const { client } = drafting.writer;
  const { api } = way.dialect;
  const request = requestBy(drafting, way);
  const ask = (): Promise<Answered> => {
    drafting.calls += 1;
    return api === "responses"
      ? openResponses(client, request, way, deadline.signal)
      : openChat(client, request, way, deadline.signal);
  };
  try {
    const { data, response } = await withRetries(() => deadline.within(ask()), RETRIES, OPERATION, deadline.signal);
    if (!isEventStream(response)) {
      await response.body?.cancel();
      return { refusal: NOT_THIS_API, error: new ModelError("rejected", OPERATION) };
    }
    const start = await readStart(api, data, deadline, OPERATION);
    if ("refusal" in start) return start;
    const read = api === "responses" ? readResponses : readChat;
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

interface Misfit {
  /** What somebody has seen cannot be written anew. */
  readonly hasPassedOn: boolean;
}

/** Passes a draft on while it is written, to its end. Returns null unless it was not what was asked for. */
async function* readDraft(drafting: Drafting, { way, events }: Opened): AsyncGenerator<GenerationEvent, Misfit | null> {
  const reader = way.format === "schema" ? createObjectReader() : createMarkdownReader();
  let characters = 0;
  let hasPassedOn = false;
  for await (const event of events) {
    if (event.kind === "text") {
      const steps = reader.push(event.text);
      hasPassedOn ||= steps.length > 0;
      yield* steps;
      characters += event.text.length;
      if (characters <= drafting.maxOutputTokens * CHARACTERS_PER_TOKEN) continue;
      yield { kind: "end", finish: "length", citations: null, usage: usageIn(drafting, NO_TOKENS) };
      return null;
    }
    const { finish, tokens } = event;
    const rest = finish === "complete" ? reader.end() : NO_REST;
    if (rest === null) return { hasPassedOn };
    if (finish === "complete") learnFormat(drafting.writer, way, reader);
    yield* rest.steps;
    yield { kind: "end", finish, citations: rest.citations, usage: usageIn(drafting, tokens) };
    return null;
  }
  return null;
}

/** What a whole draft says about the endpoint. Nobody reads on after its last event, so it is learnt before that. */
function learnFormat({ formats }: Writer, { format }: Way, reader: DraftReader): void {
  if (format !== "schema") return;
  if (reader.isMarkdown() === false) {
    formats.settle(format);
    return;
  }
  formats.after(format, "doubtful");
  formats.settle("text");
}

const NO_REST: DraftRest = { steps: [], citations: null };

function usageIn({ writer, calls }: Drafting, tokens: TokenCounts): ModelUsage {
  return usageOf(writer.model, tokens, writer.prices, calls);
}
