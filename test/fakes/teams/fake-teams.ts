import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { TeamsEndpoints } from "../../../adapters/teams/bot-connector.js";
import { ConnectorApi, type ConnectorResponse } from "./connector-api.js";
import { OpenIdIssuer, TOKEN_ISSUER, type Forgery } from "./openid-issuer.js";
import {
  executeActions,
  TEAM_ID,
  TeamsState,
  type ConversationType,
  type Person,
  type ShownMessage,
  type StoredMessage,
} from "./teams-state.js";

export interface FakeTeamsOptions {
  readonly appId: string;
  readonly tenantId: string;
  readonly botName?: string;
  readonly now?: () => number;
  /** Refuses more than one request a second for a stream. */
  readonly enforceStreamRate?: boolean;
}

/** What goes wrong with one of the next requests to Bot Connector. */
export type Fault =
  /** Does the work and cuts the connection. */
  | { readonly kind: "lose-reply" }
  /** Cuts the connection before any work. */
  | { readonly kind: "cut" }
  | { readonly kind: "delay"; readonly ms: number }
  /** Never answers. */
  | { readonly kind: "hang" }
  /** Answers without doing the work. */
  | { readonly kind: "status"; readonly status: number; readonly retryAfterSeconds?: number }
  /** Does the work and answers otherwise. */
  | { readonly kind: "status-after-work"; readonly status: number };

export interface Delivered {
  readonly status: number;
  readonly body: string;
}

export type Activity = Record<string, unknown>;

/** The only token that Bot Connector takes. */
export const OUTGOING_TOKEN = "token-for-bot-connector";

/** Microsoft Teams on a local port: Bot Connector, its token issuer, and the people who write. */
export class FakeTeams {
  readonly state = new TeamsState();
  readonly botId: string;
  /** Every request that reached Bot Connector, as `METHOD /path`, but those for a member. */
  readonly requests: string[] = [];
  /** The requests for a member, as paths. */
  readonly lookUps: string[] = [];
  readonly #bodies: string[] = [];
  readonly #options: FakeTeamsOptions;
  readonly #issuer: OpenIdIssuer;
  readonly #api: ConnectorApi;
  readonly #faults: Fault[] = [];
  readonly #lookUpFaults: Fault[] = [];
  readonly #files = new Map<string, Buffer>();
  readonly #deleted = new Map<string, StoredMessage>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #url = "";
  /** Where the bot takes activities. */
  botUrl: string | null = null;

  private constructor(options: FakeTeamsOptions, issuer: OpenIdIssuer) {
    this.#options = options;
    this.#issuer = issuer;
    this.botId = `28:${options.appId}`;
    this.#api = new ConnectorApi({
      state: this.state,
      token: OUTGOING_TOKEN,
      botId: this.botId,
      botName: options.botName ?? "Deskhand",
      tenantId: options.tenantId,
      now: options.now ?? Date.now,
      enforceStreamRate: options.enforceStreamRate ?? false,
    });
  }

  static async start(options: FakeTeamsOptions): Promise<FakeTeams> {
    const fake = new FakeTeams(options, await OpenIdIssuer.create());
    await new Promise<void>((resolve) => fake.#server.listen(0, "127.0.0.1", resolve));
    fake.#url = `http://127.0.0.1:${(fake.#server.address() as AddressInfo).port}`;
    return fake;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get serviceUrl(): string {
    return `${this.#url}/teams/`;
  }

  /** What the requests to Bot Connector carried. */
  get bodies(): readonly unknown[] {
    return this.#bodies.map((body) => (body === "" ? null : (JSON.parse(body) as unknown)));
  }

  get keyRequests(): number {
    return this.#issuer.keyRequests;
  }

  /** What the bot's adapter is given to speak to this instead of Microsoft. */
  endpoints(): TeamsEndpoints {
    const openIdMetadataUrl = `${this.#url}/openid/configuration`;
    return {
      loginUrl: "https://login.example/tenant",
      oAuthScope: "https://api.botframework.example",
      tokenIssuer: TOKEN_ISSUER,
      oAuthUrl: `${this.#url}/oauth`,
      openIdMetadataUrl,
      emulatorOpenIdMetadataUrl: openIdMetadataUrl,
      callerId: "",
      credentials: {
        isValidAppId: (appId) => Promise.resolve(appId === this.#options.appId),
        createCredentials: () =>
          Promise.resolve({
            signRequest: (request) => {
              request.headers.set("authorization", `Bearer ${OUTGOING_TOKEN}`);
              return Promise.resolve(request);
            },
          }),
      },
    };
  }

  addConversation(id: string, type: ConversationType, members: readonly Person[] = []): string {
    this.state.conversations.set(id, { id, type, members: [...members] });
    return id;
  }

  /** The next requests to Bot Connector fail so, one each, but those for a member. */
  failNext(...faults: readonly Fault[]): void {
    this.#faults.push(...faults);
  }

  /** The next requests for a member fail so, one each. */
  failLookUps(...faults: readonly Fault[]): void {
    this.#lookUpFaults.push(...faults);
  }

  /** What somebody sees who opens the conversation, oldest first. */
  transcript(conversationId: string): readonly ShownMessage[] {
    return this.state.shown(conversationId);
  }

  texts(conversationId: string): readonly string[] {
    return this.transcript(conversationId).map(({ text }) => text);
  }

  /** A direct message. */
  direct(person: Person, text: string, changes: Activity = {}, forgery: Forgery = {}): Promise<Delivered> {
    return this.deliver({ ...this.#written(person, this.chatWith(person), text), ...changes }, forgery);
  }

  /** A message that mentions the bot: a new post of a channel, or one of a thread or a group chat. */
  mention(person: Person, conversationId: string, text: string): Promise<Delivered> {
    const activity = this.#written(person, conversationId, `<at>Deskhand</at>&nbsp;${text}\n`);
    const mention = { type: "mention", text: "<at>Deskhand</at>", mentioned: { id: this.botId, name: "Deskhand" } };
    return this.deliver({ ...activity, entities: [mention] });
  }

  /** A message without a mention, which the bot receives where the team has allowed it. */
  say(person: Person, conversationId: string, text: string, changes: Activity = {}): Promise<Delivered> {
    return this.deliver({ ...this.#written(person, conversationId, text), ...changes });
  }

  /**
   * What somebody drags into a message: in their chat with the bot it comes with an address that opens by itself, an image in
   * a channel with one that the bot's token opens, and any other file of a channel only with where it lies.
   */
  async attach(person: Person, conversationId: string, text: string, file: DraggedFile): Promise<Delivered> {
    const id = this.state.nextId();
    this.#files.set(id, file.bytes);
    const written = this.#written(person, conversationId, `<at>Deskhand</at>&nbsp;${text}\n`);
    const mention = { type: "mention", text: "<at>Deskhand</at>", mentioned: { id: this.botId, name: "Deskhand" } };
    const copy = { contentType: "text/html", content: `<p>${text}</p>` };
    const isPersonal = this.state.conversation(conversationId)?.type === "personal";
    const attachments = [this.#dragged(id, file, isPersonal), copy];
    return this.deliver({ ...written, entities: [mention], attachments });
  }

  #dragged(id: string, { name, mediaType }: DraggedFile, isPersonal: boolean): Activity {
    const library = `https://acme.sharepoint.com/sites/support/${encodeURIComponent(name)}`;
    if (mediaType.startsWith("image/")) {
      return { contentType: "image/*", contentUrl: `${this.serviceUrl}v3/attachments/${id}/views/original` };
    }
    if (!isPersonal) return { contentType: "reference", contentUrl: `${library}?tempauth=secret-of-the-library`, name };
    const content = { downloadUrl: `${this.#url}/sharepoint/${id}?tempauth=v1`, uniqueId: id, fileType: "bin" };
    return { contentType: "application/vnd.microsoft.teams.file.download.info", contentUrl: library, name, content };
  }

  /** Somebody changes a message of theirs. */
  edit(person: Person, id: string, text: string, changes: Activity = {}): Promise<Delivered> {
    const message = this.#ownMessage(person, id);
    message.activity = { ...message.activity, text };
    message.isEdited = true;
    return this.deliver({ ...this.#amending(person, message, "editMessage"), text, textFormat: "plain", ...changes });
  }

  /** Somebody deletes a message of theirs: the bot is told which, and not what it said. */
  remove(person: Person, id: string): Promise<Delivered> {
    const message = this.#ownMessage(person, id);
    this.state.messages.splice(this.state.messages.indexOf(message), 1);
    this.#deleted.set(id, message);
    return this.deliver(this.#amending(person, message, "softDeleteMessage"));
  }

  /** Teams delivers a deletion once more, as of another moment. */
  removeAgain(person: Person, id: string): Promise<Delivered> {
    const message = this.#deleted.get(id);
    if (message === undefined) throw new Error(`there is no deleted message ${id}`);
    return this.deliver(this.#amending(person, message, "softDeleteMessage"));
  }

  /** Somebody takes the deletion of a message back. */
  restore(person: Person, id: string): Promise<Delivered> {
    const message = this.#deleted.get(id);
    if (message === undefined) throw new Error(`there is no deleted message ${id}`);
    this.state.messages.push(message);
    const { text } = message.activity;
    return this.deliver({ ...this.#amending(person, message, "undeleteMessage"), text, textFormat: "plain" });
  }

  /** Somebody reacts to a message of the bot's, or takes that back: of others' messages the bot is told nothing. */
  async react(person: Person, id: string, type: string, isRemoved = false): Promise<Delivered | null> {
    const message = this.state.messages.find((one) => one.id === id);
    if (message === undefined) throw new Error(`there is no message ${id}`);
    if (!message.isBots) return null;
    const envelope = this.#envelope(person, message.conversationId);
    const what = { [isRemoved ? "reactionsRemoved" : "reactionsAdded"]: [{ type }] };
    return this.deliver({
      ...envelope,
      ...what,
      type: "messageReaction",
      id: `f:${this.state.nextId()}`,
      replyToId: id,
    });
  }

  /** Presses a button of a message. */
  /** @param typed what stands in the card's fields, by their ids: Teams sends it with the button's data */
  press(
    person: Person,
    message: ShownMessage,
    title: string,
    typed: Readonly<Record<string, string>> = {},
  ): Promise<Delivered> {
    const stored = this.state.messages.find(({ id }) => id === message.id);
    const button = stored && executeActions(stored.activity).find((action) => action.title === title);
    if (stored === undefined || button === undefined) throw new Error(`there is no button "${title}" to press`);
    const { type, verb, data } = button;
    return this.invoke(person, stored.conversationId, {
      action: { type, title, verb, data: { ...data, ...typed } },
      trigger: "manual",
    });
  }

  invoke(person: Person, conversationId: string, value: unknown, name = "adaptiveCard/action"): Promise<Delivered> {
    const activity = { ...this.#envelope(person, conversationId), type: "invoke", name, value };
    return this.deliver({ ...activity, id: `f:${this.state.nextId()}` });
  }

  /** Sends an activity to the bot, once, as Bot Connector does. */
  async deliver(activity: Activity, forgery: Forgery = {}): Promise<Delivered> {
    return this.deliverRaw(JSON.stringify(activity), forgery);
  }

  async deliverRaw(body: string, forgery: Forgery = {}): Promise<Delivered> {
    if (this.botUrl === null) throw new Error("nobody has said where the bot is");
    const authorization = await this.#issuer.authorization(this.#options.appId, this.serviceUrl, forgery);
    const headers = { "content-type": "application/json", ...(authorization === null ? {} : { authorization }) };
    const response = await fetch(this.botUrl, { method: "POST", headers, body });
    return { status: response.status, body: await response.text() };
  }

  chatWith(person: Person): string {
    const id = `a:${person.id}`;
    return this.state.conversations.has(id) ? id : this.addConversation(id, "personal", [person]);
  }

  /** The user's Stop button. */
  cancelStreams(conversationId: string): void {
    for (const stream of this.state.streams.values()) {
      if (stream.conversationId === conversationId && !stream.isOver) stream.isCancelled = true;
    }
  }

  #serveFile(id: string, opensByItself: boolean, request: IncomingMessage, response: ServerResponse): void {
    const bytes = this.#files.get(id);
    const { authorization } = request.headers;
    // The bot's token is for Bot Connector, and nobody else may be shown it.
    const mayRead = opensByItself ? authorization === undefined : authorization === `Bearer ${OUTGOING_TOKEN}`;
    if (bytes === undefined || !mayRead) {
      respond(response, { status: mayRead ? 404 : 401, body: { error: { code: "Refused", message: "refused" } } });
      return;
    }
    response.writeHead(200, { "content-type": "application/octet-stream" }).end(bytes);
  }

  #ownMessage(person: Person, id: string): StoredMessage {
    const found = this.state.messages.find((message) => message.id === id);
    if (found === undefined || found.isBots || found.from !== person.name) {
      throw new Error(`${person.name} has written no message ${id}`);
    }
    return found;
  }

  #amending(person: Person, { id, conversationId }: StoredMessage, eventType: string): Activity {
    const envelope = this.#envelope(person, conversationId);
    const type = eventType === "softDeleteMessage" ? "messageDelete" : "messageUpdate";
    const channelData = { ...(envelope["channelData"] as object), eventType };
    return { ...envelope, id, type, channelData };
  }

  #written(person: Person, conversationId: string, text: string): Activity {
    const envelope = this.#envelope(person, conversationId);
    const id = this.state.nextId();
    const at = this.state.threadFor(conversationId, id);
    const shown = text
      .replaceAll(/<\/?at>/gu, "")
      .replaceAll("&nbsp;", " ")
      .trim();
    this.state.messages.push({
      id,
      conversationId: at,
      from: person.name,
      isBots: false,
      activity: { type: "message", text: shown },
      isStreaming: false,
      isEdited: false,
    });
    const conversation = { ...(envelope["conversation"] as object), id: at };
    return { ...envelope, conversation, id, type: "message", text, textFormat: "plain" };
  }

  #envelope({ id, name, aadObjectId }: Person, conversationId: string): Activity {
    const conversation = this.state.conversation(conversationId);
    if (conversation === undefined) throw new Error(`there is no conversation ${conversationId}`);
    const { tenantId } = this.#options;
    const isPersonal = conversation.type === "personal";
    return {
      timestamp: new Date().toISOString(),
      channelId: "msteams",
      serviceUrl: this.serviceUrl,
      from: { id, name, aadObjectId },
      recipient: { id: this.botId, name: "Deskhand" },
      conversation: {
        id: conversationId,
        conversationType: conversation.type,
        tenantId,
        ...(isPersonal ? {} : { isGroup: true }),
      },
      channelData: {
        tenant: { id: tenantId },
        ...(conversation.type === "channel" ? { team: { id: TEAM_ID }, channel: { id: conversation.id } } : {}),
      },
      locale: "en-GB",
    };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const path = new URL(request.url ?? "/", this.#url).pathname;
    if (path.startsWith("/openid/")) {
      const document = path.endsWith("keys") ? this.#issuer.keys() : { jwks_uri: `${this.#url}/openid/keys` };
      respond(response, { status: 200, body: document });
      return;
    }
    const method = request.method ?? "";
    const [, fileId] = /^\/(?:sharepoint|teams\/v3\/attachments)\/([^/]+)(?:\/views\/original)?$/u.exec(path) ?? [];
    if (method === "GET" && fileId !== undefined) {
      this.#serveFile(fileId, path.startsWith("/sharepoint/"), request, response);
      return;
    }
    const isLookUp = method === "GET" && /\/members\/[^/]+$/u.test(path);
    if (isLookUp) {
      this.lookUps.push(path);
    } else {
      this.requests.push(`${method} ${path}`);
      this.#bodies.push(body);
    }
    const work = () =>
      this.#api.handle({
        method,
        path: path.replace(/^\/teams/u, ""),
        authorization: request.headers.authorization,
        body,
      });
    const faults = isLookUp ? this.#lookUpFaults : this.#faults;
    await answerWithFault(faults.shift() ?? null, work, request, response);
  }
}

/** A file as somebody drags it into a message. */
export interface DraggedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

async function answerWithFault(
  fault: Fault | null,
  work: () => ConnectorResponse,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (fault?.kind) {
    case "cut":
      request.socket.destroy();
      return;
    case "lose-reply":
      work();
      request.socket.destroy();
      return;
    case "status":
      if (fault.retryAfterSeconds !== undefined) response.setHeader("retry-after", String(fault.retryAfterSeconds));
      respond(response, { status: fault.status, body: { error: { code: "Fault", message: "as told" } } });
      return;
    case "status-after-work":
      work();
      respond(response, { status: fault.status, body: { error: { code: "Fault", message: "as told" } } });
      return;
    case "hang":
      return;
    case "delay":
      await sleep(fault.ms);
      break;
    case undefined:
      break;
  }
  respond(response, work());
}

function respond(response: ServerResponse, { status, body }: ConnectorResponse): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === null ? "" : JSON.stringify(body));
}
