import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import { z } from "zod";
import { OpenIdIssuer } from "./openid-issuer.js";

const messageSchema = z.looseObject({
  messageId: z.string(),
  text: z.string().optional(),
  attachments: z.array(z.looseObject({ content: z.unknown() })).default([]),
});
const eventSchema = z.looseObject({ action: z.string(), message: messageSchema });
const configSchema = z.object({
  config: z.looseObject({
    currentUser: z.looseObject({ id: z.string() }),
    personalChat: z.looseObject({ id: z.string() }),
  }),
});

/** A message as Microsoft's own client received it. */
export type PlaygroundMessage = z.infer<typeof messageSchema>;

export interface PlaygroundOptions {
  /** The program's cli.js. */
  readonly program: string;
  readonly port: number;
  readonly appId: string;
  readonly tenantId: string;
}

/**
 * Microsoft 365 Agents Playground, without its page, and between it and the bot what it lacks: a sign-in. Requests to the
 * bot are signed, and say the tenant and the address that the bot allows; nothing else of them is changed.
 */
export class Playground implements AsyncDisposable {
  /** By message id, as updated. */
  readonly messages = new Map<string, PlaygroundMessage>();
  /** What the bot answered to each button. */
  readonly invokeResponses: string[] = [];
  botUrl = "";
  readonly #options: PlaygroundOptions;
  readonly #issuer: OpenIdIssuer;
  readonly #proxy = createServer((request, response) => void this.#pass(request, response));
  /** The program writes its log into the directory that it runs in. */
  #directory: string | null = null;
  #child: ChildProcess | null = null;
  #socket: WebSocket | null = null;
  #user = "";
  #chat = "";

  private constructor(options: PlaygroundOptions, issuer: OpenIdIssuer) {
    this.#options = options;
    this.#issuer = issuer;
  }

  static async start(options: PlaygroundOptions): Promise<Playground> {
    const playground = new Playground(options, await OpenIdIssuer.create());
    playground.#proxy.listen(0, "127.0.0.1");
    await once(playground.#proxy, "listening");
    await playground.#startProgram();
    return playground;
  }

  /** Stands in for Microsoft's sign-in; also where the program delivers to. */
  get url(): string {
    return `http://127.0.0.1:${(this.#proxy.address() as AddressInfo).port}`;
  }

  async say(text: string): Promise<void> {
    await this.#call(`/_conversation/v1/conversations/${this.#chat}/messages`, {
      from: { id: this.#user },
      text,
      textFormat: "plain",
      mentions: [],
    });
  }

  /** Presses a card's button; resolves with what the bot answered. */
  async press(messageId: string, action: object): Promise<string> {
    const before = this.invokeResponses.length;
    await this.#call("/_conversation/v1/invoke", {
      name: "adaptiveCard/action",
      value: { action, trigger: "manual" },
      from: { id: this.#user },
      conversation: { id: this.#chat },
      replyToId: messageId,
    });
    return this.invokeResponses[before] ?? "";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket?.terminate();
    if (this.#child !== null && this.#child.exitCode === null) {
      const ended = once(this.#child, "exit");
      this.#child.kill("SIGKILL");
      await ended;
    }
    if (this.#directory !== null) await rm(this.#directory, { recursive: true, force: true });
    this.#proxy.closeAllConnections();
    this.#proxy.close();
  }

  async #startProgram(): Promise<void> {
    const { program, port } = this.#options;
    const args = ["start", "-e", `${this.url}/api/messages`, "-c", "msteams", "-p", String(port), "--dt"];
    this.#directory = await mkdtemp(join(tmpdir(), "deskhand-playground-"));
    this.#child = spawn(process.execPath, [resolve(program), ...args], {
      cwd: this.#directory,
      env: { ...process.env, TEAMSAPPTESTER_BROWSER: "none" },
      stdio: "ignore",
    });
    const { config } = configSchema.parse(await this.#config());
    this.#user = config.currentUser.id;
    this.#chat = config.personalChat.id;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/_ws_conversation/v1/conversations/stream`);
    this.#socket = socket;
    socket.on("message", (data: Buffer) => {
      const event = eventSchema.safeParse(JSON.parse(data.toString("utf8")));
      if (event.success) this.messages.set(event.data.message.messageId, event.data.message);
    });
    await once(socket, "open");
  }

  async #config(): Promise<unknown> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await (await fetch(`http://127.0.0.1:${this.#options.port}/_internal/v1/config`)).json();
      } catch (error) {
        if (attempt === 100) throw error;
        await sleep(200);
      }
    }
  }

  async #call(path: string, body: object): Promise<void> {
    const headers = { "content-type": "application/json" };
    const url = `http://127.0.0.1:${this.#options.port}${path}`;
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    if (request.url?.startsWith("/openid/") === true) {
      const document = request.url.endsWith("keys") ? this.#issuer.keys() : { jwks_uri: `${this.url}/openid/keys` };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(document));
      return;
    }
    // The program looks now and then whether somebody is there.
    if (request.method !== "POST" || body === "") {
      response.writeHead(405).end();
      return;
    }
    const activity = this.#withTenant(JSON.parse(body) as Record<string, unknown>);
    const authorization = await this.#issuer.authorization(this.#options.appId, String(activity["serviceUrl"]));
    const answer = await fetch(this.botUrl, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: authorization ?? "" },
      body: JSON.stringify(activity),
    });
    const text = await answer.text();
    if (activity["type"] === "invoke") this.invokeResponses.push(text);
    response.writeHead(answer.status, { "content-type": "application/json" }).end(text === "" ? "{}" : text);
  }

  #withTenant(activity: Record<string, unknown>): Record<string, unknown> {
    const { tenantId, port } = this.#options;
    return {
      ...activity,
      serviceUrl: `http://127.0.0.1:${port}/_connector`,
      conversation: { ...(activity["conversation"] as object), tenantId },
      channelData: { ...(activity["channelData"] as object | undefined), tenant: { id: tenantId } },
    };
  }
}
