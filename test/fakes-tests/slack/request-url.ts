import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface AppAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly afterMs?: number;
}

/** An app's request URL that keeps what it got and answers as told; 200 when nothing is left to say. */
export class RequestUrl implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly #answers: AppAnswer[];
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      this.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString("utf8") });
      const answer = this.#answers.shift() ?? { status: 200 };
      setTimeout(() => response.writeHead(answer.status, answer.headers).end(answer.body ?? ""), answer.afterMs ?? 0);
    });
  });

  private constructor(answers: readonly AppAnswer[]) {
    this.#answers = [...answers];
  }

  static async listen(...answers: readonly AppAnswer[]): Promise<RequestUrl> {
    const url = new RequestUrl(answers);
    url.#server.listen(0, "127.0.0.1");
    await once(url.#server, "listening");
    return url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/slack/events`;
  }

  /** The bodies of events, in the order they came. */
  get events(): readonly { readonly event_id: string; readonly event: Readonly<Record<string, unknown>> }[] {
    return this.received.map(({ body }) => JSON.parse(body) as { event_id: string; event: Record<string, unknown> });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}
