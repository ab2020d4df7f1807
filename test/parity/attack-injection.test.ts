import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createScratchDatabase, type ScratchDatabase } from "../../infra/postgres/scratch-database.js";
import { defaultSettings } from "../../infra/config/settings.js";
import type { Queryable } from "../../src/ports/database.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { FakeOpenAi } from "../fakes/openai/fake-openai.js";
import { quoteFromPassages } from "../fakes/openai/quoting-writer.js";
import type { Delivery } from "../fakes/slack/courier.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { isObject, objectAt, parseJson, type JsonObject } from "../fakes/slack/json.js";
import { testServerUrl } from "../support/database.js";
import { describeSchema } from "../support/describe-schema.js";
import { hasRedisServer, RedisProbe, RedisServer } from "../support/redis.js";
import { attackCase, hasAttackFile } from "./attack-file.js";
import { overhear, tellRedis, type RedisTraffic } from "./attack-redis.js";
import { until, type Agents, type Customer } from "./people.js";
import { RunningProduct } from "./running-product.js";
import { SLACK_ADMIN, slackCustomer } from "./slack-people.js";
import { WebClient, webAdministrator, webAgents, webCustomer } from "./web-people.js";

const GENERAL = "C0GENERAL";
const CANARY = `canary-${randomUUID()}`;
/** Tables that would be empty if the words had done what they say. */
const FILLED = [
  "answer",
  "chunk",
  "conversation",
  "delivery",
  "document",
  "handoff",
  "inbox",
  "search_posting",
  "source",
];

/** Word for word; only its line ends are all alike. */
const asStored = (words: string): string => words.replaceAll("\r\n", "\n").trim();

/** Where the words are found again after two handoffs, a question and two commands. */
const VERBATIM = {
  answer: 3,
  handoff: 3,
  "slack inbox message": 3,
  "transcript of agent": 2,
  "transcript of customer": 5,
  "transcript of note": 2,
  "web inbox message": 4,
  "web inbox note": 2,
};

const onOneLine = (words: string) => words.replaceAll(/\s+/gu, " ").trim();

const isReady = hasAttackFile && hasRedisServer && testServerUrl !== undefined;

/** Cases INJ of attacks.jsonl. */
describe.skipIf(!isReady)(
  "words that are commands to a store, over the whole product (needs TEST_DATA_DIR, TEST_DATABASE_URL, redis-server)",
  () => {
    let slack: FakeSlack;
    let openai: FakeOpenAi;
    let scratch: ScratchDatabase;
    let redis: RedisServer;
    let traffic: RedisTraffic;
    let product: RunningProduct;
    let web: WebClient;
    let agents: Agents;

    beforeAll(async () => {
      slack = await FakeSlack.start({ retryDelaysMs: [50] });
      openai = await FakeOpenAi.start({ writer: quoteFromPassages });
      scratch = await createScratchDatabase(testServerUrl ?? "", "injection");
      redis = await RedisServer.prepare();
      await redis.start();
      await tellRedis(redis.url, `SET canary ${CANARY}`);
      traffic = await overhear(redis.url);
      const env = {
        DATABASE_URL: scratch.url,
        REDIS_URL: redis.url,
        SLACK_BOT_TOKEN: slack.botToken(),
        SLACK_API_URL: slack.apiUrl,
        SLACK_SIGNING_SECRET: slack.signingSecret,
        OPENAI_API_KEY: openai.apiKey,
        OPENAI_BASE_URL: openai.baseUrl,
      };
      product = await RunningProduct.start(env, { slack: { ...defaultSettings().slack, admins: [SLACK_ADMIN] } });
      slack.deliverTo(`${product.origin}/slack/events`);
      web = await WebClient.signIn(product.signInLink);
      agents = webAgents(web);
    });
    afterAll(async () => {
      await product[Symbol.asyncDispose]();
      traffic[Symbol.dispose]();
      await redis[Symbol.asyncDispose]();
      await scratch.drop();
      await openai.close();
      await slack[Symbol.asyncDispose]();
    });

    const inDatabase = <T>(look: (db: Queryable) => Promise<T>) =>
      product.app.database.withTenant(DEFAULT_TENANT, look);

    /** How many rows of the tenant each of its tables has. */
    const rowCounts = () =>
      inDatabase(async (db) => {
        const { rows: tables } = await db.query<{ name: string }>(
          "select relname as name from pg_class where relrowsecurity and relnamespace = 'public'::regnamespace",
        );
        const counts = new Map<string, number>();
        for (const { name } of tables) {
          const { rows } = await db.query<{ count: number }>(`select count(*)::int as count from "${name}"`);
          counts.set(name, rows[0]?.count ?? 0);
        }
        return counts;
      });

    /** Where exactly these words are stored, and how often. */
    const storedPlaces = (words: string) =>
      inDatabase(async (db) => {
        const { rows } = await db.query<{ place: string; count: number }>(
          `select place, count(*)::int as count
             from (select platform || ' inbox ' || kind as place, payload ->> 'text' as words from inbox
                   union all select platform || ' inbox ' || kind, payload ->> 'line' from inbox
                   union all select 'answer', question from answer
                   union all select 'handoff', question from handoff
                   union all select 'transcript of ' || speaker, body from transcript_entry) as stored
            where words = $1
            group by place`,
          [words],
        );
        return Object.fromEntries(rows.map(({ place, count }) => [place, count]));
      });

    /** From the question to a person and back, with the same words from both sides. */
    async function throughAHandoff(customer: Customer, words: string): Promise<void> {
      const question = asStored(words);
      await customer.ask(words);
      await until(() => customer.sees(), /passed your question to a person/u);
      await agents.claim(question);
      await until(() => agents.sees(question), /claimed/u);
      await agents.note(question, words);
      await agents.reply(question, words);
      await until(() => customer.sees(), /Grace \(support team\)|Grace: /u);
      await customer.followUp(words);
      await product.settled();
      await agents.resolve(question);
      await product.settled();
    }

    async function besideAHandoff(words: string): Promise<void> {
      await webAdministrator(web).run(`kb search ${onOneLine(words)}`);
      await slack.slash(SLACK_ADMIN, GENERAL, `/deskhand kb search ${onOneLine(words)}`);
      await slack.slash("U0ANNA", GENERAL, `/deskhand ${words}`);
      await product.settled();
    }

    async function useEverywhere(input: string): Promise<void> {
      await throughAHandoff(slackCustomer(slack), input);
      await throughAHandoff(webCustomer(web), input);
      await besideAHandoff(input);
    }

    it.each(["INJ-01", "INJ-02", "INJ-03"])(
      "%s: asked, searched for, replied and noted on Slack and the console, the words are stored and change no schema",
      async (id) => {
        const { input } = attackCase(id);
        const schema = await inDatabase(describeSchema);
        const before = await rowCounts();

        await useEverywhere(input);

        expect(schema).toContain("alter table inbox force row level security;");
        expect(await inDatabase(describeSchema)).toBe(schema);
        const after = await rowCounts();
        const shrunk = [...before].filter(([table, count]) => (after.get(table) ?? 0) < count);
        expect(shrunk).toEqual([]);
        expect(FILLED.filter((table) => (after.get(table) ?? 0) === 0)).toEqual([]);
        expect(await storedPlaces(asStored(input))).toEqual(VERBATIM);
        expect(await storedPlaces(`kb search ${onOneLine(input)}`)).toEqual({
          "slack inbox command": 1,
          "web inbox command": 1,
        });
      },
    );

    it.each(["INJ-01", "INJ-02", "INJ-03"])("%s: Redis keeps its keys and is told none of the words", async (id) => {
      const { input } = attackCase(id);
      await slackCustomer(slack).ask(input);
      await webCustomer(web).ask(input);
      await product.settled();

      expect(await tellRedis(redis.url, "GET canary")).toContain(CANARY);
      await using probe = new RedisProbe(redis.url);
      const keys = await probe.keys("*");
      expect(keys.filter((key) => key !== "canary" && !key.startsWith("{deskhand}:rings:"))).toEqual([]);
      const heard = traffic.heard();
      const commands = new Set([...heard.matchAll(/\] "(\w+)"/gu)].map(([, name = ""]) => name.toLowerCase()));
      expect(commands).toContain("evalsha");
      expect(["flushall", "flushdb", "config", "shutdown"].filter((name) => commands.has(name))).toEqual([]);
      expect(heard.includes("conversation.work:")).toBe(true);
      const told = (input.match(/\w{5,}/gu) ?? []).filter((word) => heard.includes(word));
      expect(told).toEqual([]);
    });

    it("INJ-01: where an id is expected, the words are refused or found to name nothing", async () => {
      const { input } = attackCase("INJ-01");
      const schema = await inDatabase(describeSchema);
      const name = encodeURIComponent(input);
      const words = { text: "Hello.", agentName: "Grace", messageId: randomUUID() };
      const attempts = [
        web.get(`/api/conversations/${name}/messages`),
        web.get(`/api/handoffs/${name}/messages`),
        web.get(`/api/passages/${name}`),
        web.post(`/api/handoffs/${name}/replies`, words),
        web.post("/api/conversations/1/messages", { text: "Hello.", messageId: input }),
        web.post("/api/actions", { name: "claim", actionId: randomUUID(), agentName: "Grace", handoffId: input }),
        web.post("/api/actions", { name: "claim", actionId: randomUUID(), agentName: input, handoffId: randomUUID() }),
      ];
      const answers = await Promise.all(attempts.map((attempt) => attempt.then(() => "taken", String)));
      expect(answers.filter((answer) => !/: 40[04]\b/u.test(answer))).toEqual([]);
      expect(await inDatabase(describeSchema)).toBe(schema);
    });

    describe("INJ-02", () => {
      const polluted = () => ({
        isAdmin: Reflect.get({}, "isAdmin") as unknown,
        onPrototype: Object.getOwnPropertyNames(Object.prototype).sort(),
      });

      function injectedObject(): JsonObject {
        const read = parseJson(attackCase("INJ-02").input);
        if (!isObject(read)) throw new Error("INJ-02 is no object");
        return read;
      }

      it("in the metadata and blocks of a Slack event, makes nobody an admin and pollutes no prototype", async () => {
        const before = polluted();
        const delivery = await undelivered("U0ANNA", "kb sync");
        const evil = injectedObject();
        const event = {
          ...objectAt(delivery.parcel.payload, "event"),
          metadata: { event_type: "injected", event_payload: evil },
          blocks: [evil],
        };
        const payload = { ...delivery.parcel.payload, event };
        expect(JSON.stringify(payload).match(/"__proto__":\{"isAdmin":true\}/gu)).toHaveLength(2);

        const taken = await slack.redeliver({ ...delivery, parcel: { ...delivery.parcel, payload } }).outcome;
        await product.settled();

        expect(taken.isAcknowledged).toBe(true);
        expect(slack.transcript(GENERAL)).toContain("This command needs an admin.");
        expect(polluted()).toEqual(before);
        expect(before.isAdmin).toBeUndefined();
      });

      it("as fields of what the console is sent, pollutes no prototype", async () => {
        const before = polluted();
        const evil = injectedObject();
        const body = { ...evil, messageId: randomUUID(), text: "help" };
        expect(JSON.stringify(body)).toContain('"__proto__":{"isAdmin":true}');

        await web.post(`/api/conversations/${web.nextConversation()}/messages`, body);
        await product.settled();

        expect(polluted()).toEqual(before);
      });

      /** An event that Slack could not deliver. */
      async function undelivered(who: string, text: string): Promise<Delivery> {
        slack.deliverTo("http://127.0.0.1:9/slack/events");
        const said = slack.mention(who, GENERAL, text);
        await said.acknowledged();
        slack.deliverTo(`${product.origin}/slack/events`);
        const [delivery] = said.deliveries;
        if (delivery === undefined) throw new Error("Slack sends a mention to nobody");
        return delivery;
      }
    });
  },
);
