import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

/** A message as somebody looking at the platform sees it. */
export interface VisibleMessage {
  readonly id: string;
  readonly conversation: string;
  readonly deliveryId: string;
  readonly speaker: string;
  text: string;
  state: "streaming" | "complete";
}

const put = z.strictObject({
  conversation: z.string().min(1),
  deliveryId: z.uuid(),
  speaker: z.string().min(1),
  text: z.string(),
});
const text = z.strictObject({ text: z.string().min(1) });

/**
 * A small chat platform on a local port, outside of the process that is killed. It keeps what was posted, refuses what
 * is malformed or out of turn, and never removes duplicates by itself: showing a reply twice shows here.
 */
export class MessagePlatform {
  readonly messages: VisibleMessage[] = [];
  /** What people have attached, by name: whoever reads it is counted. */
  readonly files = new Map<string, { readonly text: string; reads: number }>();
  /** Every call that changed something, in order. */
  readonly calls: string[] = [];
  /** How many of the next posts are shown although the caller gets no response. */
  loseReplies = 0;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #nextId = 1;

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  in(conversation: string): VisibleMessage[] {
    return this.messages.filter((message) => message.conversation === conversation);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://platform");
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const result = this.#handle(`${request.method ?? ""} ${url.pathname}`, url.searchParams, body);
    if (request.method === "POST" && url.pathname === "/messages" && this.loseReplies > 0) {
      this.loseReplies -= 1;
      request.socket.destroy();
      return;
    }
    response.writeHead(result.status, { "content-type": "application/json" });
    response.end(JSON.stringify(result.body));
  }

  #handle(route: string, query: URLSearchParams, body: string): { status: number; body: object } {
    const [, name] = /^GET \/files\/(.+)$/u.exec(route) ?? [];
    if (name !== undefined) return this.#read(decodeURIComponent(name));
    const [, id, verb] = /^(?:PUT|POST) \/messages\/(\d+)(?:\/(append|finish))?$/u.exec(route) ?? [];
    if (route === "GET /messages") return this.#find(query);
    if (route === "POST /messages") return this.#add(body, "complete");
    if (route === "POST /streams") return this.#add(body, "streaming");
    if (id === undefined) return { status: 404, body: { error: "unknown_method" } };
    return this.#change(id, verb ?? "edit", body);
  }

  #find(query: URLSearchParams): { status: number; body: object } {
    const found = this.messages.find(
      (message) => message.deliveryId === query.get("deliveryId") && message.conversation === query.get("conversation"),
    );
    return { status: 200, body: { id: found?.id ?? null } };
  }

  #read(name: string): { status: number; body: object } {
    const file = this.files.get(name);
    if (file === undefined) return { status: 404, body: { error: "file_not_found" } };
    file.reads += 1;
    return { status: 200, body: { text: file.text } };
  }

  #add(body: string, state: VisibleMessage["state"]): { status: number; body: object } {
    const parsed = put.safeParse(JSON.parse(body));
    if (!parsed.success) return { status: 400, body: { error: "invalid_arguments" } };
    const id = String(this.#nextId++);
    this.messages.push({ ...parsed.data, id, state });
    this.calls.push(state === "complete" ? "post" : "open");
    return { status: 200, body: { id } };
  }

  #change(id: string, verb: string, body: string): { status: number; body: object } {
    const message = this.messages.find((candidate) => candidate.id === id);
    const parsed = text.safeParse(JSON.parse(body));
    if (message === undefined) return { status: 404, body: { error: "message_not_found" } };
    if (!parsed.success) return { status: 400, body: { error: "invalid_arguments" } };
    if (verb !== "edit" && message.state !== "streaming") {
      return { status: 409, body: { error: "message_not_in_streaming_state" } };
    }
    message.text = verb === "append" ? message.text + parsed.data.text : parsed.data.text;
    if (verb !== "append") message.state = "complete";
    this.calls.push(verb);
    return { status: 200, body: {} };
  }
}
