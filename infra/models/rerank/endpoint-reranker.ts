import { cleanText } from "../../../src/answering/text/clean-text.js";
import { ModelError, type RerankPassage, type Reranker } from "../../../src/ports/models.js";
import { startDeadline, type Deadline, type TimeLimits } from "../openai/deadline.js";
import { failureOfReply } from "../openai/model-errors.js";
import { isOrderOf } from "./is-order-of.js";
import { WIRE_FORMATS, type RerankApi } from "./wire-formats.js";

export interface EndpointRerankerOptions {
  readonly api: RerankApi;
  /** The whole address that questions are posted to. */
  readonly url: string;
  /** Null where none is asked for. */
  readonly apiKey: string | null;
  readonly model: string;
  /** US dollars for a thousand requests. */
  readonly costPerThousand: number;
  readonly limits?: TimeLimits;
}

const OPERATION = "reranking";
/** The answer waits for it. One attempt: whoever asks has an order already. */
const LIMITS: TimeLimits = { idleMs: 3800, totalMs: 3800 };
const MAX_QUESTION_CHARACTERS = 1000;
/** About what the smallest models read beside the question; what is longer is cut there anyhow. */
const MAX_PASSAGE_CHARACTERS = 4000;
/** Numbers for a handful of passages; some endpoints send the passages back too. */
const MAX_REPLY_BYTES = 1_000_000;

/** Reranks by an endpoint that speaks as Cohere, Jina or Text Embeddings Inference do. */
export function createEndpointReranker(options: EndpointRerankerOptions): Reranker {
  return {
    id: options.model,
    promptVersion: null,
    async rerank(question, passages, signal) {
      signal.throwIfAborted();
      const deadline = startDeadline(signal, options.limits ?? LIMITS, OPERATION);
      try {
        return await ask(options, question, passages, deadline);
      } catch (error) {
        signal.throwIfAborted();
        // Aborting makes the running request fail with the deadline's own reason.
        const cause: unknown = deadline.signal.aborted ? deadline.signal.reason : error;
        throw cause instanceof ModelError ? cause : new ModelError("unreachable", OPERATION, { cause });
      } finally {
        deadline.stop();
      }
    },
  };
}

async function ask(
  { api, url, apiKey, model, costPerThousand }: EndpointRerankerOptions,
  question: string,
  passages: readonly RerankPassage[],
  deadline: Deadline,
) {
  const format = WIRE_FORMATS[api];
  const query = cleanText(question).slice(0, MAX_QUESTION_CHARACTERS).toWellFormed();
  const response = await deadline.within(
    fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify(format.body({ model, query, documents: passages.map(documentOf) })),
      signal: deadline.signal,
      // The key is for this address and for no other.
      redirect: "error",
    }),
  );
  if (!response.ok) throw new ModelError(failureOfReply(response.status, null), OPERATION);
  const cost = costPerThousand / 1000;
  const paid = { calls: 1, inputTokens: 0, outputTokens: 0, cost };
  const { data, error } = format.reply.safeParse(toJson(await readText(response, deadline)));
  if (error !== undefined) throw new ModelError("incomplete", OPERATION, { usage: paid, cause: error });
  const usage = { ...paid, inputTokens: data.inputTokens };
  if (!isOrderOf(passages.length, data.order)) throw new ModelError("incomplete", OPERATION, { usage });
  return { order: data.order.toSorted((one, other) => other.score - one.score), usage };
}

function documentOf({ title, headingPath, text }: RerankPassage): string {
  const heading = headingPath.filter((part) => part !== title);
  const lines = [[title, ...heading].join(" > "), text];
  return cleanText(lines.join("\n")).slice(0, MAX_PASSAGE_CHARACTERS).toWellFormed();
}

async function readText({ body }: Response, deadline: Deadline): Promise<string> {
  if (body === null) return "";
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = 0; ;) {
    const { done, value } = await deadline.within(reader.read());
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_REPLY_BYTES) throw new ModelError("incomplete", OPERATION);
    text += decoder.decode(value, { stream: true });
  }
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
