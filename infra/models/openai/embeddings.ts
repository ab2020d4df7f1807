import type { OpenAI } from "openai";
import { z } from "zod";
import { UsageError } from "../../../src/ports/errors.js";
import { ModelError, type EmbeddingModel } from "../../../src/ports/models.js";
import { createClient, type OpenAiEndpoint } from "./client.js";
import { startDeadline } from "./deadline.js";
import { cutToFit, EMBEDDING_LIMITS, inRequests, type BatchLimits } from "./embedding-batches.js";
import { refusalOf, toModelError } from "./model-errors.js";
import { withRetries, type RetryPolicy } from "./retry.js";

export interface OpenAiEmbeddingsOptions extends OpenAiEndpoint {
  readonly model: string;
  /** Null for what OpenAI's own models give; every other model must be told. */
  readonly dimensions: number | null;
  /** Documents are waited for; the embedding of a question somebody waits for is given up soon. */
  readonly purpose: "documents" | "questions";
  /** How long one request may take, in milliseconds; a minute for documents and five seconds for questions unless said. */
  readonly requestMs?: number;
}

const KNOWN_DIMENSIONS: Readonly<Record<string, number>> = {
  "text-embedding-3-small": 1536,
  "text-embedding-3-large": 3072,
  "text-embedding-ada-002": 1536,
};

interface Patience extends RetryPolicy {
  /** For one request, in milliseconds. */
  readonly requestMs: number;
  /** For one request with all its retries, in milliseconds. */
  readonly totalMs: number;
}

const PATIENCE: Readonly<Record<OpenAiEmbeddingsOptions["purpose"], Patience>> = {
  documents: { attempts: 8, waitMs: 120_000, requestMs: 60_000, totalMs: 300_000 },
  questions: { attempts: 2, waitMs: 500, requestMs: 5000, totalMs: 5000 },
};

/** Fewer inputs than OpenAI allows, so that a model on a small machine of one's own answers in time. */
const BATCH: BatchLimits = { inputs: 256, tokens: EMBEDDING_LIMITS.tokensOfRequest };
const OPERATION = "embedding";

/**
 * Embeddings by any OpenAI-compatible endpoint. Requests stay within OpenAI's limits; the tokens of a text are taken to
 * be its bytes, which they never exceed, and a text of more than 8,192 is cut at a boundary before it. Rate limits,
 * faults of the endpoint and broken connections are tried again, with `Retry-After` honoured: for documents up to two
 * minutes for each request, for a question up to half a second. A text without anything but spaces gets a direction of its own, without a request.
 * @throws {UsageError} at once when nobody knows the dimensions.
 */
export function createOpenAiEmbeddings(options: OpenAiEmbeddingsOptions): EmbeddingModel {
  const { model, purpose } = options;
  const known = KNOWN_DIMENSIONS[model];
  const dimensions = options.dimensions ?? known;
  if (dimensions === undefined) {
    throw new UsageError(`nobody knows how many dimensions the vectors of ${model} have: set models.dimensions`);
  }
  const patience = {
    ...PATIENCE[purpose],
    ...(options.requestMs === undefined ? {} : { requestMs: options.requestMs }),
  };
  const space: Space = {
    client: createClient(options),
    model,
    dimensions,
    patience,
    asksForDimensions: dimensions !== known,
  };
  return {
    id: `${model}-${dimensions}`,
    dimensions,
    embed: (texts, signal) => embed(space, texts, signal),
  };
}

interface Space {
  readonly client: OpenAI;
  readonly model: string;
  readonly dimensions: number;
  readonly patience: Patience;
  /** Models that have one size only refuse to be asked for it; that is found out and kept. */
  asksForDimensions: boolean;
}

async function embed(space: Space, texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
  signal.throwIfAborted();
  const inputs = texts.map((text) => cutToFit(text.toWellFormed(), EMBEDDING_LIMITS.tokensOfInput));
  const vectors: Float32Array[] = [];
  for (const request of inRequests(inputs.filter(isFilled), BATCH)) {
    vectors.push(...(await embedRequest(space, request, signal)));
  }
  const next = vectors.values();
  return inputs.map((input) => (isFilled(input) ? next.next().value : undefined) ?? ownDirection(space.dimensions));
}

function isFilled(text: string): boolean {
  return text.trim() !== "";
}

function ownDirection(dimensions: number): Float32Array {
  return Float32Array.from({ length: dimensions }, (_, index) => (index === 0 ? 1 : 0));
}

async function embedRequest(
  space: Space,
  input: readonly string[],
  signal: AbortSignal,
): Promise<readonly Float32Array[]> {
  try {
    return readVectors(space, input.length, await ask(space, input, signal));
  } catch (error) {
    signal.throwIfAborted();
    const failure = toModelError(error, OPERATION);
    const status = refusalOf(failure)?.status;
    if (!space.asksForDimensions || (status !== 400 && status !== 422)) throw failure;
    const withoutDimensions = { ...space, asksForDimensions: false };
    const vectors = readVectors(space, input.length, await ask(withoutDimensions, input, signal));
    space.asksForDimensions = false;
    return vectors;
  }
}

function ask(space: Space, input: readonly string[], signal: AbortSignal): Promise<unknown> {
  const { client, model, dimensions, patience, asksForDimensions } = space;
  const body = {
    model,
    input: [...input],
    // Half the bytes of numbers in decimals. Endpoints that do not know it answer with numbers, which are read as well.
    encoding_format: "base64" as const,
    ...(asksForDimensions ? { dimensions } : {}),
  };
  const total = startDeadline(signal, { idleMs: patience.totalMs, totalMs: patience.totalMs }, OPERATION);
  const attempt = async (): Promise<unknown> => {
    const limits = { idleMs: patience.requestMs, totalMs: patience.requestMs };
    const deadline = startDeadline(total.signal, limits, OPERATION);
    try {
      return await deadline.within(client.embeddings.create(body, { signal: deadline.signal }));
    } finally {
      deadline.stop();
    }
  };
  return withRetries(attempt, patience, OPERATION, total.signal).finally(() => {
    total.stop();
  });
}

const replySchema = z.looseObject({
  data: z.array(z.looseObject({ index: z.int().nonnegative(), embedding: z.union([z.string(), z.array(z.number())]) })),
});

/** @throws {ModelError} unless there is one vector of finite numbers and the right size for each input. */
function readVectors(space: Space, count: number, reply: unknown): readonly Float32Array[] {
  const parsed = replySchema.safeParse(reply);
  if (!parsed.success) throw new ModelError("incomplete", OPERATION, { cause: parsed.error });
  const vectors = new Map(parsed.data.data.map(({ index, embedding }) => [index, toVector(embedding)]));
  if (parsed.data.data.length !== count) throw new ModelError("incomplete", `${OPERATION} (wrong number of vectors)`);
  return Array.from({ length: count }, (_, index) => {
    const vector = vectors.get(index);
    if (vector === undefined) throw new ModelError("incomplete", `${OPERATION} (a vector is missing)`);
    return toUnitLength(vector, space);
  });
}

function toVector(embedding: string | readonly number[]): Float32Array {
  if (typeof embedding !== "string") return Float32Array.from(embedding);
  const bytes = Buffer.from(embedding, "base64");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getFloat32(index * 4, true));
}

function toUnitLength(vector: Float32Array, { model, dimensions }: Space): Float32Array {
  if (vector.length !== dimensions) {
    const problem = `vectors of ${model} have ${vector.length} dimensions, and models.dimensions says ${dimensions}`;
    throw new ModelError("rejected", `${OPERATION} (${problem})`);
  }
  const length = Math.sqrt(vector.reduce((sum, part) => sum + part * part, 0));
  if (!Number.isFinite(length) || length === 0) throw new ModelError("incomplete", `${OPERATION} (not a direction)`);
  return vector.map((part) => part / length);
}
