import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { chatEvents, chatObject } from "./chat-replies.js";
import { FORMAT_TYPES, type FormatType } from "./format-rules.js";
import { checkCalls, inAskedFormat } from "./asked-format.js";
import { embeddingsObject } from "./embedding-replies.js";
import { FAKE_MODELS, type FakeModel } from "./fake-models.js";
import { Problem } from "./problem.js";
import { readChatRequest, readEmbeddingsRequest, readResponsesRequest, type WriteRequest } from "./request-rules.js";
import { responseEvents, responseObject, tokensOf, type ServerEvent, type Tokens } from "./responses-replies.js";
import { sentPiecesOf, type Fault, type Script } from "./scripts.js";

export interface FakeOpenAiOptions {
  readonly apiKey?: string;
  readonly models?: readonly FakeModel[];
  /** An endpoint that knows Chat Completions only. */
  readonly hasResponses?: boolean;
  /** An endpoint whose Chat Completions know nothing of the last two years. */
  readonly hasOldChat?: boolean;
  /** An endpoint that answers embeddings in decimals whatever it is asked for. */
  readonly hasBase64?: boolean;
  /** An endpoint that knows no tools refuses them. */
  readonly hasTools?: boolean;
  /** An endpoint that knows fewer formats than a text, a JSON object and a schema refuses the others. */
  readonly formats?: readonly FormatType[];
  /** Writes where no script is left; without it, an unscripted request is refused. */
  readonly writer?: (request: WriteRequest) => Script;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  /** What it was answered with; null while it is not. */
  status: number | null;
}

/**
 * OpenAI on a port of this machine: the Responses API, Chat Completions, embeddings and the list of models, over HTTP.
 * Refuses every argument that is unknown, missing or of the wrong type or size, with OpenAI's error bodies; writes what
 * it was told to; fails as it was told to.
 */
export class FakeOpenAi {
  readonly requests: RecordedRequest[] = [];
  /** Before everything that is written, in milliseconds. */
  delayMs = 0;
  /** Before all embeddings, in milliseconds. */
  embeddingDelayMs = 0;
  /** US dollars of everything that was answered. */
  spent = 0;
  readonly #options: Required<Omit<FakeOpenAiOptions, "writer">> & Pick<FakeOpenAiOptions, "writer">;
  readonly #server: Server;
  readonly #scripts: Script[] = [];
  readonly #faults: Fault[] = [];
  #written = 0;
  #openStreams = 0;

  static async start(options: FakeOpenAiOptions = {}): Promise<FakeOpenAi> {
    const fake = new FakeOpenAi(options);
    fake.#server.listen(0, "127.0.0.1");
    await once(fake.#server, "listening");
    return fake;
  }

  private constructor(options: FakeOpenAiOptions) {
    this.#options = {
      apiKey: "sk-fake",
      models: FAKE_MODELS,
      hasResponses: true,
      hasOldChat: false,
      hasBase64: true,
      formats: FORMAT_TYPES,
      hasTools: true,
      ...options,
    };
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  get baseUrl(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/v1`;
  }

  /** Streams, and replies that are being written, that neither side has closed. */
  get openStreams(): number {
    return this.#openStreams;
  }

  get apiKey(): string {
    return this.#options.apiKey;
  }

  /** One for each of the next requests to write, in order. */
  willWrite(...scripts: readonly Script[]): void {
    this.#scripts.push(...scripts);
  }

  /** Writes by itself again. */
  forgetScripts(): void {
    this.#scripts.length = 0;
  }

  /** One for each of the next requests of any kind, before anything else is looked at. */
  willFail(...faults: readonly Fault[]): void {
    this.#faults.push(...faults);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const recorded: RecordedRequest = {
      method: request.method ?? "",
      path: request.url ?? "",
      body: await readBody(request),
      status: null,
    };
    this.requests.push(recorded);
    response.on("finish", () => {
      recorded.status = response.statusCode;
    });
    try {
      const fault = this.#faults.shift() ?? null;
      if (fault !== null && fault.kind !== "bad-vectors") {
        if (fault.kind === "event-stream") this.#countStream(response);
        fail(response, fault);
        return;
      }
      this.#checkHeaders(request);
      await this.#answer(recorded, response, fault);
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(500, null, String(error));
      sendJson(response, problem.status, problem.body());
    }
  }

  #checkHeaders(request: IncomingMessage): void {
    if (request.headers.authorization !== `Bearer ${this.#options.apiKey}`) {
      throw new Problem(401, "invalid_api_key", "Incorrect API key provided.");
    }
    if (request.method === "POST" && request.headers["content-type"] !== "application/json") {
      throw new Problem(
        400,
        null,
        "Unsupported content type. This API method only accepts 'application/json' requests.",
      );
    }
  }

  async #answer(recorded: RecordedRequest, response: ServerResponse, bad: BadVectors | null): Promise<void> {
    const { models, formats, hasResponses, hasOldChat, hasTools } = this.#options;
    const { body } = recorded;
    const place = `${recorded.method} ${recorded.path}`;
    if (recorded.method === "POST" && body === NOT_JSON) {
      throw new Problem(400, null, "We could not parse the JSON body of your request.");
    }
    switch (place) {
      case "POST /v1/responses":
        if (!hasResponses) throw unknownUrl(place);
        return this.#write(
          readResponsesRequest(body, models, formats, hasTools),
          response,
          responseEvents,
          responseObject,
        );
      case "POST /v1/chat/completions":
        return this.#write(
          readChatRequest(body, models, formats, hasOldChat, hasTools),
          response,
          chatEvents,
          chatObject,
        );
      case "POST /v1/embeddings":
        await this.#embed(body, response, bad);
        return;
      case "GET /v1/models":
        sendJson(response, 200, { object: "list", data: models.map(modelObject) });
        return;
      default:
        throw unknownUrl(place);
    }
  }

  async #write(request: WriteRequest, response: ServerResponse, events: ToEvents, whole: ToObject): Promise<void> {
    const told = this.#scripts.shift() ?? this.#options.writer?.(request);
    if (told === undefined) throw new Problem(400, "unscripted", "The fake was not told what to write.");
    const script = inAskedFormat(told, request);
    checkCalls(script, request);
    if (this.delayMs > 0) await sleep(this.delayMs);
    this.#written += 1;
    const id = String(this.#written).padStart(8, "0");
    this.#charge(request.model, tokensOf(request, script));
    if (script.firstByteMs !== undefined) await sleep(script.firstByteMs);
    this.#countStream(response);
    if (!request.isStreamed) {
      sendWhole(response, script, whole(request, script, id));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" });
    await stream(response, script, events(request, script, id));
  }

  #countStream(response: ServerResponse): void {
    this.#openStreams += 1;
    response.on("close", () => {
      this.#openStreams -= 1;
    });
  }

  async #embed(body: unknown, response: ServerResponse, bad: BadVectors | null): Promise<void> {
    const { models } = this.#options;
    const request = readEmbeddingsRequest(body, models);
    if (this.embeddingDelayMs > 0) await sleep(this.embeddingDelayMs);
    const model = models.find(({ id }) => id === request.model);
    if (model !== undefined) this.#charge(model, { input: request.tokens, output: 0 });
    if (bad?.how === "not-json") {
      response.writeHead(200, { "content-type": "application/json" }).end('{"object":"list","data":[{"emb');
      return;
    }
    const isBase64 = request.isBase64 && this.#options.hasBase64;
    sendJson(response, 200, embeddingsObject({ ...request, isBase64 }, bad?.how ?? null));
  }

  #charge({ price }: FakeModel, { input, output }: Tokens): void {
    this.spent += (input * price.input + output * price.output) / 1_000_000;
  }
}

type BadVectors = Extract<Fault, { kind: "bad-vectors" }>;
type ToObject = (request: WriteRequest, script: Script, id: string) => object;
type ToEvents = (request: WriteRequest, script: Script, id: string) => Events;

interface Events {
  readonly before: readonly ServerEvent[];
  readonly delta: (piece: string) => ServerEvent;
  readonly after: () => readonly ServerEvent[];
}

async function stream(response: ServerResponse, script: Script, { before, delta, after }: Events): Promise<void> {
  for (const event of before) send(response, event);
  if (script.firstTextMs !== undefined) await sleep(script.firstTextMs);
  for (const piece of sentPiecesOf(script)) {
    send(response, delta(piece));
    // Pieces arrive one by one, as from a model, and not as one packet.
    await sleep(0);
  }
  switch (script.ending) {
    case "cut":
      response.end();
      return;
    case "broken":
      response.destroy();
      return;
    case "stalled":
      return;
    case "stalled-at-end":
      for (const event of after().slice(0, 1)) send(response, event);
      return;
    case "malformed":
      response.end('data: {"type": "resp\n\n');
      return;
    case "endless":
      while (!response.destroyed) {
        send(response, delta(" and so on"));
        await sleep(0);
      }
      return;
    default:
      for (const event of after()) send(response, event);
      response.end();
  }
}

/** Half of the reply, where it is not to arrive. */
function sendWhole(response: ServerResponse, { ending }: Script, reply: object): void {
  const words = JSON.stringify(reply);
  const half = words.slice(0, Math.floor(words.length / 2));
  response.writeHead(200, { "content-type": "application/json" });
  switch (ending) {
    case "cut":
    case "malformed":
      response.end(half);
      return;
    case "broken":
      response.write(half, () => response.destroy());
      return;
    case "stalled":
      response.write(half);
      return;
    default:
      response.end(words);
  }
}

function send(response: ServerResponse, { event, data }: ServerEvent): void {
  const name = event === null ? "" : `event: ${event}\n`;
  response.write(`${name}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`);
}

function fail(response: ServerResponse, fault: Exclude<Fault, BadVectors>): void {
  switch (fault.kind) {
    case "rate-limited": {
      if (fault.retryAfter !== null) response.setHeader("retry-after", fault.retryAfter);
      const problem = new Problem(429, "rate_limit_exceeded", "Rate limit reached.", { type: "requests" });
      sendJson(response, 429, problem.body());
      return;
    }
    case "quota": {
      const options = { type: "insufficient_quota" };
      const problem = new Problem(429, "insufficient_quota", "You exceeded your current quota.", options);
      sendJson(response, 429, problem.body());
      return;
    }
    case "status":
      if (fault.retryAfter !== undefined) response.setHeader("retry-after", fault.retryAfter);
      sendJson(response, fault.status, new Problem(fault.status, null, "The server had an error.").body());
      return;
    case "prompt-filtered":
      sendJson(
        response,
        400,
        new Problem(400, "content_filter", "The prompt was filtered.", { param: "prompt" }).body(),
      );
      return;
    case "disconnected":
      response.destroy();
      return;
    case "event-stream":
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(fault.words, () => {
        if (fault.ending === "cut") response.end();
        if (fault.ending === "broken") response.destroy();
      });
      return;
    case "json":
      sendJson(response, 200, fault.body);
      return;
    case "web-page":
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Welcome</title>");
  }
}

const NOT_JSON = Symbol("not JSON");

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
  } catch {
    return NOT_JSON;
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function unknownUrl(place: string): Problem {
  return new Problem(404, null, `Invalid URL (${place})`);
}

function modelObject({ id, shutdownDate }: FakeModel): object {
  return { id, object: "model", created: 1_780_000_000, owned_by: "openai", shutdown_date: shutdownDate };
}
