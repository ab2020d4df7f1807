import { randomUUID } from "node:crypto";
import { z } from "zod";
import { renderReply } from "../../adapters/terminal/render-reply.js";
import type { ConversationView, HandoffDetailView, MessageView, QueueView } from "../../adapters/web/api.js";
import { until, type Administrator, type FilingAgents, type FilingCustomer, type SentFile } from "./people.js";

/** A browser that is signed in, without the browser. */
export class WebClient {
  readonly #origin: string;
  readonly #cookie: string;
  #conversations = 0;

  private constructor(origin: string, cookie: string) {
    this.#origin = origin;
    this.#cookie = cookie;
  }

  static async signIn(link: string): Promise<WebClient> {
    const response = await fetch(link, { redirect: "manual" });
    const cookie = response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
    return new WebClient(new URL(link).origin, cookie);
  }

  nextConversation(): number {
    this.#conversations += 1;
    return this.#conversations;
  }

  async get<View>(path: string): Promise<View> {
    const response = await fetch(`${this.#origin}${path}`, { headers: { cookie: this.#cookie } });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
    return z.custom<View>().parse(await response.json());
  }

  async post(path: string, body: object): Promise<void> {
    await this.#send(path, JSON.stringify(body));
  }

  /** Puts a file where its message will be, as the page does; resolves with its id. */
  async upload(path: string, { name, mediaType, bytes }: SentFile): Promise<string> {
    const begun = await this.#send(path, JSON.stringify({ name, mediaType, sizeBytes: bytes.length }));
    const { fileId, pieceBytes } = z.object({ fileId: z.uuid(), pieceBytes: z.int() }).parse(await begun.json());
    for (let ordinal = 0; ordinal * pieceBytes < bytes.length; ordinal += 1) {
      const piece = bytes.subarray(ordinal * pieceBytes, (ordinal + 1) * pieceBytes);
      await this.#send(`${path}/${fileId}/pieces/${ordinal}`, piece);
    }
    await this.#send(`${path}/${fileId}/finish`, "{}");
    return fileId;
  }

  /** Opens a link of the page, as somebody who has nothing but the link. */
  async download(url: string): Promise<Buffer> {
    const response = await fetch(new URL(url, this.#origin));
    if (!response.ok) throw new Error(`GET a file: ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }

  async #send(path: string, body: string | Buffer): Promise<Response> {
    const headers = {
      cookie: this.#cookie,
      origin: this.#origin,
      "x-deskhand": "1",
      "content-type": typeof body === "string" ? "application/json" : "application/octet-stream",
    };
    const given = typeof body === "string" ? body : new Uint8Array(body);
    const response = await fetch(`${this.#origin}${path}`, { method: "POST", headers, body: given });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}

export function webCustomer(client: WebClient): FilingCustomer {
  const conversation = `/api/conversations/${client.nextConversation()}`;
  const path = `${conversation}/messages`;
  const write = (text: string) => client.post(path, { messageId: randomUUID(), text });
  return {
    ask: write,
    followUp: write,
    async attach(text, file) {
      const fileId = await client.upload(`${conversation}/files`, file);
      await client.post(path, { messageId: randomUUID(), text, files: [fileId] });
    },
    received: async () => filesIn(client, (await client.get<ConversationView>(path)).messages, "agent"),
    sees: async () => shown((await client.get<ConversationView>(path)).messages),
  };
}

/** Types commands where they would ask, with a session that may run them. */
export function webAdministrator(client: WebClient): Administrator {
  const { ask, sees } = webCustomer(client);
  return { run: ask, sees };
}

export function webAgents(client: WebClient): FilingAgents {
  const agentName = "Grace";
  const opened = new Map<string, string>();
  const handoffOf = async (question: string) => {
    const { handoffs } = await client.get<QueueView>("/api/handoffs");
    const asks = handoffs.find((handoff) => handoff.question === question && handoff.isReady);
    if (asks !== undefined) opened.set(question, asks.handoffId);
    // Whoever has it open keeps it open when its question is deleted.
    return asks ?? handoffs.find(({ handoffId }) => handoffId === opened.get(question)) ?? null;
  };
  const idOf = async (question: string): Promise<string> => {
    const isThere = async () => ((await handoffOf(question)) === null ? "" : "there");
    await until(isThere, /there/u);
    return (await handoffOf(question))?.handoffId ?? "";
  };
  const act = async (question: string, name: "claim" | "resolve") =>
    client.post("/api/actions", { actionId: randomUUID(), name, agentName, handoffId: await idOf(question) });
  const write = async (question: string, kind: "replies" | "notes", text: string) =>
    client.post(`/api/handoffs/${await idOf(question)}/${kind}`, { messageId: randomUUID(), text, agentName });
  return {
    async sees(question) {
      const handoff = await handoffOf(question);
      if (handoff === null) return "";
      const detail = await client.get<HandoffDetailView>(`/api/handoffs/${handoff.handoffId}/messages`);
      const card = detail.card === null ? [] : [detail.card];
      return `${question} ${handoff.state} ${handoff.claimedBy ?? ""}\n${shown([...card, ...detail.thread])}`;
    },
    claim: (question) => act(question, "claim"),
    reply: (question, text) => write(question, "replies", text),
    async attach(question, text, file) {
      const handoff = `/api/handoffs/${await idOf(question)}`;
      const fileId = await client.upload(`${handoff}/files`, file);
      await client.post(`${handoff}/replies`, { messageId: randomUUID(), text, agentName, files: [fileId] });
    },
    async received(question) {
      const detail = await client.get<HandoffDetailView>(`/api/handoffs/${await idOf(question)}/messages`);
      return filesIn(client, detail.thread, "customer");
    },
    note: (question, text) => write(question, "notes", text),
    resolve: (question) => act(question, "resolve"),
  };
}

/** What the other side's files hold, oldest first. */
function filesIn(client: WebClient, messages: readonly MessageView[], role: "agent" | "customer"): Promise<Buffer[]> {
  const files = messages
    .filter(({ author }) => author.role === role)
    .flatMap(({ reply }) => reply?.blocks ?? [])
    .filter((block) => block.kind === "file");
  return Promise.all(files.map(({ url }) => client.download(url)));
}

function shown(messages: readonly MessageView[]): string {
  const words = ({ reply }: MessageView) => (reply === null ? "…" : renderReply(reply, { width: 1_000, color: false }));
  return messages.map((message) => `${message.author.name}: ${words(message)}`).join("\n");
}
