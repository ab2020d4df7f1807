import { statusKey, type FakeState, type Paging } from "./call.js";
import { FakeClock } from "./clock.js";
import { Courier, type Attempt, type Delivery } from "./courier.js";
import { EventFeed } from "./event-feed.js";
import { FileShelf } from "./file-shelf.js";
import { FaultPlan } from "./faults.js";
import { FakeHttpServer } from "./http-server.js";
import { Interactions } from "./interactions.js";
import { objectAt, objectsAt, textAt, type JsonObject } from "./json.js";
import type { Message } from "./model.js";
import { People, type Said, type SayOptions } from "./people.js";
import { ResponseUrls } from "./response-urls.js";
import { messageLive } from "./shown-blocks.js";
import { SocketModeServer } from "./socket-mode.js";
import { transcript } from "./transcript.js";
import { TriggerBook } from "./trigger-book.js";
import { WebApi, type RecordedCall } from "./web-api.js";
import { Workspace } from "./workspace.js";
import { DEFAULT_WORKSPACE, type WorkspaceOptions } from "./workspace-options.js";

export interface FakeSlackOptions {
  /** One workspace, Acme, when absent: see DEFAULT_WORKSPACE. */
  readonly workspaces?: readonly WorkspaceOptions[];
  /** Where the app listens for events; can be set later. Null: Socket Mode. */
  readonly requestUrl?: string | null;
  readonly signingSecret?: string;
  readonly appId?: string;
  readonly appToken?: string;
  readonly appScopes?: readonly string[];
  /** Refuses with 429 what is above Slack's rates. Off when absent. */
  readonly rateLimits?: boolean;
  /** False: the streaming methods are unknown, as in some editions of Slack. */
  readonly streaming?: boolean;
  /** How long Slack waits for an acknowledgement: 3,000 ms. */
  readonly acknowledgeWithinMs?: number;
  /** When a failed delivery is tried again. Slack's own schedule, 600 times faster, when absent. */
  readonly retryDelaysMs?: readonly number[];
}

/** Names a message: where it is, and its id. */
export interface MessagePlace {
  readonly channel: string;
  readonly ts: string;
}

/** A strict Slack on a port of this machine, and the people who use it. */
export class FakeSlack implements AsyncDisposable {
  readonly signingSecret: string;
  readonly appToken: string;
  readonly appId: string;
  readonly clock = new FakeClock();
  readonly faults = new FaultPlan();
  /** How histories and threads are cut into pages; 999 messages at most, as Slack does. */
  readonly paging: Paging = { mostInOnePage: 999, repeatsCursor: false };
  /** Ids of the people who are away. */
  readonly away = new Set<string>();
  readonly workspace: Workspace;
  readonly sockets: SocketModeServer;
  readonly files = new FileShelf();
  readonly #api: WebApi;
  readonly #courier: Courier;
  readonly #server: FakeHttpServer;
  readonly #state: FakeState;
  readonly #responseUrls: ResponseUrls;
  readonly #people: People;
  #address = "";
  #interactions: Interactions | null = null;

  private constructor(options: FakeSlackOptions) {
    this.signingSecret = options.signingSecret ?? "signing-secret-of-the-fake";
    this.appToken = options.appToken ?? "xapp-1-fake";
    this.appId = options.appId ?? "A0DESKHAND";
    this.workspace = new Workspace(options.workspaces ?? [DEFAULT_WORKSPACE]);
    this.sockets = new SocketModeServer(this.appId);
    const delivery = {
      signingSecret: this.signingSecret,
      acknowledgeWithinMs: options.acknowledgeWithinMs ?? 3_000,
      retryDelaysMs: options.retryDelaysMs ?? [0, 100, 500],
    };
    this.#courier = new Courier(delivery, this.sockets, options.requestUrl ?? null);
    const { appId, clock, workspace } = this;
    const events = new EventFeed({ appId, clock, workspace, courier: this.#courier });
    this.#state = {
      appId,
      clock,
      workspace,
      events,
      triggers: new TriggerBook(clock),
      statuses: new Map(),
      away: this.away,
      paging: this.paging,
      views: new Map(),
      files: this.files,
    };
    this.#responseUrls = new ResponseUrls(this.#state);
    this.#people = new People(this.#state);
    this.#api = new WebApi(this.#state, {
      appToken: this.appToken,
      appScopes: new Set(options.appScopes ?? ["connections:write"]),
      enforcesRateLimits: options.rateLimits ?? false,
      hasStreaming: options.streaming ?? true,
      issueSocketAddress: () => `ws://${this.#address}${this.sockets.issuePath()}`,
    });
    const { faults, sockets } = this;
    this.#server = new FakeHttpServer({
      api: this.#api,
      faults,
      responseUrls: this.#responseUrls,
      sockets,
      state: this.#state,
    });
  }

  static async start(options: FakeSlackOptions = {}): Promise<FakeSlack> {
    const fake = new FakeSlack(options);
    fake.#address = await fake.#server.listen();
    fake.files.origin = `http://${fake.#address}`;
    fake.#interactions = new Interactions({
      state: fake.#state,
      courier: fake.#courier,
      responseUrls: fake.#responseUrls,
      origin: `http://${fake.#address}`,
    });
    return fake;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#courier.stop();
    this.sockets.stop();
    await this.#server.close();
  }

  /** For a client's `slackApiUrl`. */
  get apiUrl(): string {
    return `http://${this.#address}/api/`;
  }

  /** The bot's token in a workspace; the first one's when not named. */
  botToken(teamId?: string): string {
    return (teamId === undefined ? [...this.workspace.teams.values()][0]! : this.workspace.team(teamId)).botToken;
  }

  /** Every call of the Web API in order, with what became of it. */
  get calls(): readonly RecordedCall[] {
    return this.#api.calls;
  }

  /** Every event and interaction sent to the app. */
  get deliveries(): readonly Delivery[] {
    return this.#courier.deliveries;
  }

  /** Where events go from now on. Null: Socket Mode. */
  deliverTo(requestUrl: string | null): void {
    this.#courier.requestUrl = requestUrl;
  }

  /** Sends the same event again, although it was acknowledged. */
  redeliver(delivery: Delivery): Delivery {
    return this.#courier.deliver(delivery.parcel);
  }

  /** Resolves when every event was acknowledged or given up. */
  settled(): Promise<void> {
    return this.#courier.settled();
  }

  say(who: string, channel: string, text: string, options?: SayOptions): Said {
    return this.#people.say(who, channel, text, options);
  }

  mention(who: string, channel: string, text: string, options?: SayOptions): Said {
    return this.#people.mention(who, channel, text, options);
  }

  direct(who: string, text: string, options?: SayOptions & { readonly team?: string }): Said {
    return this.#people.direct(who, text, options);
  }

  /** What people do besides writing: edit, remove, react, open the app, stop a stream, remove the app. */
  get people(): People {
    return this.#people;
  }

  slash(who: string, channel: string, line: string): Promise<Attempt> {
    return this.#started().slash(who, channel, line);
  }

  press(who: string, message: MessagePlace, label: string): Promise<Attempt> {
    return this.#started().press(who, message, label);
  }

  submitView(who: string, values: Readonly<Record<string, string>>): Promise<Attempt> {
    return this.#started().submitView(who, values);
  }

  closeView(who: string): Promise<Attempt | null> {
    return this.#started().closeView(who);
  }

  /** A right to open a form in front of a person, as something they did would give it. */
  trigger(who: string): string {
    return this.#state.triggers.create(this.workspace.person(who).id);
  }

  /** The form a person looks at, as they read it; null when there is none. */
  form(who: string): string | null {
    const view = this.view(who);
    if (view === null) {
      return null;
    }
    const labels = objectsAt(view, "blocks").map((block) =>
      textAt(objectAt(block, "label") ?? objectAt(block, "text") ?? {}, "text"),
    );
    const errors = Object.values(objectAt(view, "errors") ?? {}).map((error) => `! ${JSON.stringify(error)}`);
    return [textAt(objectAt(view, "title") ?? {}, "text"), ...labels, ...errors].join("\n");
  }

  view(who: string): JsonObject | null {
    return this.#state.views.get(this.workspace.person(who).id) ?? null;
  }

  transcript(channel: string, thread?: string): string {
    return transcript(this.workspace, this.workspace.channel(channel), thread ?? null);
  }

  /** The direct conversation between the app and a person. */
  directChannel(who: string, teamId?: string): string {
    const person = this.workspace.person(who);
    const team = teamId === undefined ? this.workspace.homeOf(person) : this.workspace.team(teamId);
    return this.workspace.directChannel(team, person).id;
  }

  /** The messages of a channel or thread in order, as they are now. */
  messages(channel: string, thread?: string): readonly Message[] {
    const all = [...this.workspace.channel(channel).messages.values()];
    return thread === undefined ? all : all.filter((message) => message.ts === thread || message.threadTs === thread);
  }

  /** The app's newest message in a channel or thread. */
  lastAnswer(channel: string, thread?: string): (Message & MessagePlace) | null {
    const botIds = new Set([...this.workspace.teams.values()].map((team) => team.botId));
    const own = this.messages(channel, thread).filter((message) => message.botId !== null && botIds.has(message.botId));
    const last = own.at(-1);
    return last === undefined ? null : { ...last, channel: last.channelId };
  }

  /** Whom the app's messages call, and where they lead, anywhere. */
  live(): { readonly mentions: readonly string[]; readonly links: readonly string[] } {
    const teams = [...this.workspace.teams.values()];
    const all = [...this.workspace.channels.values()]
      .flatMap((channel) => [...channel.messages.values()])
      .concat(this.workspace.ephemerals)
      .filter((message) => teams.some((team) => team.botId === message.botId))
      .map(messageLive);
    return {
      mentions: [...new Set(all.flatMap((live) => live.mentions))],
      links: [...new Set(all.flatMap((live) => live.links))],
    };
  }

  /** The status shown below a thread; it goes away with the next message, and after two minutes. */
  status(channel: string, thread: string): string | null {
    const shown = this.#state.statuses.get(statusKey(this.workspace.channel(channel).id, thread));
    return shown === undefined || this.clock.now() - shown.shownAt >= 120_000 ? null : shown.text;
  }

  #started(): Interactions {
    if (this.#interactions === null) {
      throw new Error("Start the fake with FakeSlack.start()");
    }
    return this.#interactions;
  }
}
