import { randomUUID } from "node:crypto";
import { z } from "zod";
import { renderReply } from "../../adapters/terminal/render-reply.js";
import type { ConversationView, HandoffDetailView, MessageView, QueueView } from "../../adapters/web/api.js";
import { until, type Administrator, type Agents, type Customer } from "./people.js";

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
    const headers = {
      cookie: this.#cookie,
      origin: this.#origin,
      "x-deskhand": "1",
      "content-type": "application/json",
    };
    const response = await fetch(`${this.#origin}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  }
}

export function webCustomer(client: WebClient): Customer {
  const path = `/api/conversations/${client.nextConversation()}/messages`;
  const write = (text: string) => client.post(path, { messageId: randomUUID(), text });
  return {
    ask: write,
    followUp: write,
    sees: async () => shown((await client.get<ConversationView>(path)).messages),
  };
}

/** Types commands where they would ask, with a session that may run them. */
export function webAdministrator(client: WebClient): Administrator {
  const { ask, sees } = webCustomer(client);
  return { run: ask, sees };
}

export function webAgents(client: WebClient): Agents {
  const agentName = "Grace";
  const handoffOf = async (question: string) => {
    const { handoffs } = await client.get<QueueView>("/api/handoffs");
    return handoffs.find((handoff) => handoff.question === question && handoff.isReady) ?? null;
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
    note: (question, text) => write(question, "notes", text),
    resolve: (question) => act(question, "resolve"),
  };
}

function shown(messages: readonly MessageView[]): string {
  const words = ({ reply }: MessageView) => (reply === null ? "…" : renderReply(reply, { width: 1_000, color: false }));
  return messages.map((message) => `${message.author.name}: ${words(message)}`).join("\n");
}
