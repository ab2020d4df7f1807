import { PassThrough } from "node:stream";
import { defaultSettings, type Settings } from "../../infra/config/settings.js";
import { createLogger } from "../../infra/telemetry/logger.js";
import type { Queryable } from "../../src/ports/database.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { FakeOpenAi } from "../fakes/openai/fake-openai.js";
import { asksForAnswer, quoteFromPassages } from "../fakes/openai/quoting-writer.js";
import type { WriteRequest } from "../fakes/openai/request-rules.js";
import type { Script } from "../fakes/openai/scripts.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import type { RecordedCall } from "../fakes/slack/web-api.js";
import { testFolder, type TestFolder } from "../support/knowledge.js";
import { RunningProduct } from "./running-product.js";
import { SLACK_AGENTS } from "./slack-people.js";

const GENERAL = "C0GENERAL";
const PLANTED = "planted";

const UNLIMITED: Settings["answering"]["budgets"] = {
  person: { questionsPerMinute: "unlimited", questionsPerDay: "unlimited" },
  tenant: { questionsPerDay: "unlimited", tokensPerDay: "unlimited", dollarsPerDay: "unlimited" },
};

/** What a model that does as it is told writes for a prompt. */
export type Puppet = (request: WriteRequest) => Script;

/** As a request of the Responses API was sent. */
export interface Prompt {
  readonly instructions: string;
  readonly input: string;
  readonly max_output_tokens: number;
}

/** One message to the bot, and all that came of it. */
export interface Exchange {
  readonly channel: string;
  readonly thread: string;
  /** Everything that was written to Slack. */
  readonly written: readonly RecordedCall[];
  /** Whom that calls, and where it leads. */
  readonly live: { readonly mentions: readonly string[]; readonly links: readonly string[] };
  /** What was asked of the model, embeddings aside. */
  readonly prompts: readonly Prompt[];
  /** What was embedded. */
  readonly embedded: string;
  /** The outcome of each message of the conversation, oldest first. */
  readonly outcomes: readonly string[];
  /** What the customer sees. */
  readonly seen: string;
  readonly log: string;
}

export interface AskOptions {
  readonly who?: string;
  readonly isDirect?: boolean;
  /** Said in the same conversation after the first message was taken care of. */
  readonly then?: string;
}

interface PuppetState {
  puppet: Puppet;
  log: string;
}

/**
 * The whole product with a fake Slack and a model that says whatever the attacker wants. Confidence stops nothing: every
 * question is answered if the model's words stand.
 */
export class PuppetProduct implements AsyncDisposable {
  readonly slack: FakeSlack;
  readonly openai: FakeOpenAi;
  readonly product: RunningProduct;
  readonly #folder: TestFolder;
  readonly #files = new Set<string>();
  readonly #sources = new Set<string>();
  readonly #state: PuppetState;

  private constructor(started: Pick<PuppetProduct, "slack" | "openai" | "product">, state: PuppetState) {
    this.slack = started.slack;
    this.openai = started.openai;
    this.product = started.product;
    this.#state = state;
    this.#folder = testFolder();
  }

  /** @param budgets what may be spent; without them, as much as is asked for. */
  static async start(budgets: Settings["answering"]["budgets"] = UNLIMITED): Promise<PuppetProduct> {
    const state: PuppetState = { puppet: quoteFromPassages, log: "" };
    const slack = await FakeSlack.start();
    const openai = await FakeOpenAi.start({
      writer: (request) => (asksForAnswer(request) ? state.puppet(request) : quoteFromPassages(request)),
    });
    const stream = new PassThrough();
    stream.on("data", (chunk) => (state.log += String(chunk)));
    const logger = createLogger({ level: "debug", stream, isHuman: false, onDropped: () => undefined });
    const settings = defaultSettings();
    const env = {
      SLACK_BOT_TOKEN: slack.botToken(),
      SLACK_API_URL: slack.apiUrl,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      OPENAI_API_KEY: openai.apiKey,
      OPENAI_BASE_URL: openai.baseUrl,
    };
    const changes = {
      knowledge: { ...settings.knowledge, demo: false },
      answering: { ...settings.answering, threshold: 0, budgets },
      handoff: { ...settings.handoff, platform: "slack" },
      slack: { ...settings.slack, agentsChannel: SLACK_AGENTS },
    } as const;
    const product = await RunningProduct.start(env, changes, logger);
    slack.deliverTo(`${product.origin}/slack/events`);
    return new PuppetProduct({ slack, openai, product }, state);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.product[Symbol.asyncDispose]();
    await this.slack[Symbol.asyncDispose]();
    await this.openai.close();
    this.#folder[Symbol.dispose]();
  }

  set puppet(puppet: Puppet) {
    this.#state.puppet = puppet;
  }

  /** Makes these files all that the bot knows, by a sync. */
  async know(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    for (const name of this.#files) this.#folder.remove(name);
    this.#files.clear();
    for (const [name, text] of Object.entries(files)) {
      this.#folder.write(name, text);
      this.#files.add(name);
    }
    await this.addSource(PLANTED, this.#folder.location, ["public"]);
  }

  /** Adds a folder where there is none of that name, and syncs it. */
  async addSource(name: string, location: string, acl: readonly string[]): Promise<void> {
    const { admin } = this.product.app.knowledge;
    if (!this.#sources.has(name)) await admin.addSource(DEFAULT_TENANT, { name, kind: "folder", location, acl });
    this.#sources.add(name);
    await this.product.sync(name);
  }

  async ask(text: string, { who = "U0ANNA", isDirect = false, then }: AskOptions = {}): Promise<Exchange> {
    const { slack, openai } = this;
    const from = { calls: slack.calls.length, requests: openai.requests.length, log: this.#state.log.length };
    const before = slack.live();
    const said = isDirect ? slack.direct(who, text) : slack.mention(who, GENERAL, text);
    await this.settled();
    const channel = isDirect ? slack.directChannel(who) : GENERAL;
    const { thread } = said;
    if (then !== undefined) {
      slack.say(who, channel, then, { thread });
      await this.settled();
    }
    const after = slack.live();
    const requests = openai.requests.slice(from.requests);
    return {
      channel,
      thread,
      written: slack.calls.slice(from.calls).filter(({ method }) => method.startsWith("chat.")),
      live: {
        mentions: after.mentions.filter((mention) => !before.mentions.includes(mention)),
        links: after.links.filter((link) => !before.links.includes(link)),
      },
      prompts: requests.filter(({ path }) => path === "/v1/responses").map(({ body }) => body as Prompt),
      embedded: JSON.stringify(requests.filter(({ path }) => path === "/v1/embeddings").map(({ body }) => body)),
      outcomes: await this.#outcomesOf(thread),
      seen: slack.transcript(channel, thread),
      log: this.#state.log.slice(from.log),
    };
  }

  inDatabase<T>(look: (db: Queryable) => Promise<T>): Promise<T> {
    return this.product.app.database.withTenant(DEFAULT_TENANT, look);
  }

  /** The rows of a table, each as one text. */
  async rowsOf(table: string): Promise<readonly string[]> {
    const sql = `select to_jsonb(stored)::text as row from "${table}" as stored order by 1`;
    const { rows } = await this.inDatabase((db) => db.query<{ row: string }>(sql));
    return rows.map(({ row }) => row);
  }

  /** Resolves when everything that was written is taken care of. */
  async settled(): Promise<void> {
    await this.slack.settled();
    await this.product.settled();
  }

  async #outcomesOf(thread: string): Promise<readonly string[]> {
    const sql = `
      select outcome from inbox
       where conversation_id = (select conversation_id from inbox where message_id = $1 limit 1) and kind = 'message'
       order by seq`;
    const { rows } = await this.inDatabase((db) => db.query<{ outcome: string }>(sql, [thread]));
    return rows.map(({ outcome }) => outcome);
  }
}
