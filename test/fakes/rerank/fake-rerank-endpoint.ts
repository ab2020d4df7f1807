import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { z } from "zod";
import type { RerankApi } from "../../../infra/models/rerank/wire-formats.js";

export interface RankedDocument {
  readonly index: number;
  readonly score: number;
}

/** What the next request is answered with instead of a ranking. */
export type RerankFault =
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "body"; readonly body: string }
  | { readonly kind: "ranking"; readonly ranking: readonly RankedDocument[] }
  | { readonly kind: "redirect"; readonly to: string }
  | { readonly kind: "stalls" }
  | { readonly kind: "disconnects" };

const documents = z.array(z.string()).min(1, "must not be empty").max(1000);
const requests = {
  cohere: z.strictObject({
    model: z.string().min(1),
    query: z.string().min(1),
    documents,
    top_n: z.number().int().min(1).optional(),
    max_tokens_per_doc: z.number().int().min(1).optional(),
    priority: z.number().int().min(0).max(999).optional(),
  }),
  jina: z.strictObject({
    model: z.string().min(1),
    query: z.string().min(1),
    documents,
    top_n: z.number().int().min(1).optional(),
    return_documents: z.boolean().optional(),
  }),
  // A batch of 32 texts is what it takes unless it was started with another limit.
  tei: z.strictObject({
    query: z.string().min(1),
    texts: z.array(z.string()).min(1, "`texts` cannot be empty").max(32),
    raw_scores: z.boolean().optional(),
    return_text: z.boolean().optional(),
    truncate: z.boolean().optional(),
    truncation_direction: z.enum(["Left", "Right"]).optional(),
  }),
};

const PATHS: Readonly<Record<RerankApi, string>> = { cohere: "/v2/rerank", jina: "/v1/rerank", tei: "/rerank" };
const REFUSED: Readonly<Record<RerankApi, number>> = { cohere: 400, jina: 422, tei: 422 };

/**
 * An endpoint for reranking on a port of this machine. It ranks by the share of the question's words that a document has,
 * and refuses what the real one refuses: another path or method, a missing or wrong key, a body that is no JSON, fields
 * that are missing, unknown or of the wrong type, no documents.
 */
export class FakeRerankEndpoint implements AsyncDisposable {
  readonly apiKey = "rerank-key";
  readonly requests: unknown[] = [];
  readonly statuses: number[] = [];
  readonly #faults: RerankFault[] = [];
  readonly #api: RerankApi;
  readonly #server: Server;

  private constructor(api: RerankApi) {
    this.#api = api;
    this.#server = createServer((request, response) => {
      void this.#handle(request, response);
    });
  }

  static async start(api: RerankApi): Promise<FakeRerankEndpoint> {
    const fake = new FakeRerankEndpoint(api);
    fake.#server.listen(0, "127.0.0.1");
    await once(fake.#server, "listening");
    return fake;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${PATHS[this.#api]}`;
  }

  fails(fault: RerankFault): void {
    this.#faults.push(fault);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const send = (status: number, value: unknown): undefined => {
      this.statuses.push(status);
      const words = typeof value === "string" ? value : JSON.stringify(value);
      response.writeHead(status, { "content-type": "application/json" }).end(words);
      return undefined;
    };
    if (request.url !== PATHS[this.#api]) {
      send(404, this.#error("not found"));
      return;
    }
    if (request.method !== "POST") {
      send(405, this.#error("method not allowed"));
      return;
    }
    if (request.headers.authorization !== `Bearer ${this.apiKey}`) {
      send(401, this.#error("invalid api token"));
      return;
    }
    if (request.headers["content-type"] !== "application/json") {
      send(415, this.#error("not JSON"));
      return;
    }
    const parsed = requests[this.#api].safeParse(toJson(body));
    if (!parsed.success) {
      send(REFUSED[this.#api], this.#error(parsed.error.issues[0]?.message ?? ""));
      return;
    }
    this.requests.push(parsed.data);
    const fault = this.#faults.shift();
    if (fault === undefined) {
      send(200, this.#reply(rank(parsed.data)));
      return;
    }
    switch (fault.kind) {
      case "status": {
        send(fault.status, this.#error("told to fail"));
        return;
      }
      case "body": {
        send(200, fault.body);
        return;
      }
      case "ranking": {
        send(200, this.#reply(fault.ranking));
        return;
      }
      case "redirect":
        response.writeHead(307, { location: fault.to }).end();
        return;
      case "stalls":
        return;
      case "disconnects":
        response.destroy();
    }
  }

  #reply(ranking: readonly RankedDocument[]): unknown {
    if (this.#api === "tei") return ranking;
    const results = ranking.map(({ index, score }) => ({ index, relevance_score: score }));
    return this.#api === "cohere"
      ? { id: "1", results, meta: { api_version: { version: "2" }, billed_units: { search_units: 1 } } }
      : { model: "jina", object: "list", usage: { total_tokens: 42 }, results };
  }

  #error(message: string): unknown {
    switch (this.#api) {
      case "cohere":
        return { id: "1", message };
      case "jina":
        return { detail: message };
      case "tei":
        return { error: message, error_type: "validation" };
    }
  }
}

function toJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

interface Ranked {
  readonly query: string;
  readonly documents?: readonly string[];
  readonly texts?: readonly string[];
  readonly top_n?: number | undefined;
}

function rank({ query, documents: given, texts, top_n: most }: Ranked): readonly RankedDocument[] {
  const words = query.toLowerCase().match(/\p{L}+/gu) ?? [];
  return (given ?? texts ?? [])
    .map((document, index) => {
      const has = words.filter((word) => document.toLowerCase().includes(word)).length;
      return { index, score: words.length === 0 ? 0 : has / words.length };
    })
    .sort((one, other) => other.score - one.score)
    .slice(0, most);
}
