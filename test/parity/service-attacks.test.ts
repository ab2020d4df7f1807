import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createScratchDatabase, type ScratchDatabase } from "../../infra/postgres/scratch-database.js";
import { createLogger } from "../../infra/telemetry/logger.js";
import { newId } from "../../src/ports/ids.js";
import { FakeOpenAi } from "../fakes/openai/fake-openai.js";
import { quoteFromPassages } from "../fakes/openai/quoting-writer.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { eventually } from "../faults/outcomes.js";
import { testServerUrl } from "../support/database.js";
import { hasRedisServer, RedisServer } from "../support/redis.js";
import { openProxy, type TcpProxy } from "../support/tcp-proxy.js";
import { attackCase, hasAttackFile, SECRETS } from "./attack-file.js";
import { overhear } from "./attack-redis.js";
import { RunningProduct } from "./running-product.js";

const GENERAL = "C0GENERAL";
const QUESTION = "How do I reset the Hub to factory settings?";

/** Slack, a model endpoint and what the product logs: everything around it that a secret could reach. */
class Surroundings implements AsyncDisposable {
  readonly slack: FakeSlack;
  readonly openai: FakeOpenAi;
  log = "";

  private constructor(slack: FakeSlack, openai: FakeOpenAi) {
    this.slack = slack;
    this.openai = openai;
  }

  static async start(): Promise<Surroundings> {
    const slack = await FakeSlack.start({ retryDelaysMs: [100, 500] });
    return new Surroundings(slack, await FakeOpenAi.start({ writer: quoteFromPassages }));
  }

  async startProduct(env: Record<string, string>): Promise<RunningProduct> {
    const { slack, openai } = this;
    const stream = new PassThrough();
    stream.on("data", (chunk) => (this.log += String(chunk)));
    const logger = createLogger({ level: "debug", stream, isHuman: false, onDropped: () => undefined });
    const services = {
      SLACK_BOT_TOKEN: slack.botToken(),
      SLACK_API_URL: slack.apiUrl,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      OPENAI_API_KEY: openai.apiKey,
      OPENAI_BASE_URL: openai.baseUrl,
    };
    const product = await RunningProduct.start({ ...services, ...env }, {}, logger);
    slack.deliverTo(`${product.origin}/slack/events`);
    return product;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.slack[Symbol.asyncDispose]();
    await this.openai.close();
  }
}

describe.skipIf(!hasAttackFile || !hasRedisServer)("PII-01 (needs TEST_DATA_DIR and redis-server)", () => {
  const jobSchema = z.strictObject({
    mark: z.string().regex(/^conversation\.(?:work|send):[0-9a-f-]{36}$/u),
    payload: z.strictObject({ conversationId: z.uuid(), priority: z.int().optional() }),
  });

  it("nothing that a customer writes gets into Redis: jobs hold ids", async () => {
    await using redis = await RedisServer.prepare();
    await redis.start();
    using redisTraffic = await overhear(redis.url);
    await using around = await Surroundings.start();
    await using product = await around.startProduct({ REDIS_URL: redis.url });

    around.slack.mention("U0ANNA", GENERAL, attackCase("PII-01").input);
    await around.slack.settled();
    await product.settled();

    const heard = redisTraffic.heard();
    const jobs = [...heard.matchAll(/"(\{\\"mark\\".*?\})"(?: |\r)/gu)].map(([, text = ""]) =>
      jobSchema.parse(JSON.parse(text.replaceAll('\\"', '"'))),
    );
    expect(jobs.length).toBeGreaterThan(0);
    expect(heard).not.toMatch(SECRETS);
    expect(heard).not.toContain("my card");
    expect(around.log).not.toMatch(SECRETS);
  });
});

describe.skipIf(!hasAttackFile || testServerUrl === undefined)(
  "PII-04 (needs TEST_DATA_DIR and TEST_DATABASE_URL)",
  () => {
    let around: Surroundings;
    let scratch: ScratchDatabase;
    let proxy: TcpProxy;
    let product: RunningProduct;
    beforeEach(async () => {
      around = await Surroundings.start();
      scratch = await createScratchDatabase(testServerUrl ?? "", "attack");
      proxy = await openProxy(scratch.url);
      const url = new URL(scratch.url);
      url.host = `127.0.0.1:${proxy.port}`;
      product = await around.startProduct({ DATABASE_URL: url.href });
    });
    afterEach(async () => {
      await product[Symbol.asyncDispose]();
      proxy.close();
      await scratch.drop();
      await around[Symbol.asyncDispose]();
    });

    /** All that Anna and the visitor of the console are shown or answered. */
    async function askEverywhere(cookie: string): Promise<string> {
      const { slack } = around;
      const said = slack.mention("U0ANNA", GENERAL, QUESTION);
      const attempts = await said.acknowledged();
      const command = await slack.slash("U0ANNA", GENERAL, `/deskhand ${QUESTION}`);
      const headers = { cookie, origin: product.origin, "x-deskhand": "1", "content-type": "application/json" };
      const body = JSON.stringify({ messageId: newId(), text: QUESTION });
      const path = `${product.origin}/api/conversations/1/messages`;
      const written = await fetch(path, { method: "POST", headers, body });
      const read = await fetch(path, { headers });
      expect([written.status, read.status]).toEqual([503, 503]);
      expect(attempts.some(({ isAcknowledged }) => isAcknowledged)).toBe(false);
      return [...attempts.map(({ answer }) => answer), command.answer, await written.text(), await read.text()].join(
        "\n",
      );
    }

    it("while PostgreSQL is down, nobody sees why; when it is back, a question that had come is answered", async () => {
      const { slack, openai } = around;
      const { forbidden } = attackCase("PII-04");
      const signedIn = await fetch(product.signInLink, { redirect: "manual" });
      openai.delayMs = 1_500;
      const { thread } = slack.mention("U0ANNA", GENERAL, QUESTION);
      await eventually(
        () => openai.requests.some(({ path }) => path.endsWith("/responses")),
        (isAsked) => isAsked,
      );

      proxy.close();
      const answered = await askEverywhere(signedIn.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "");
      const shown = () => JSON.stringify(slack.messages(GENERAL)) + slack.transcript(slack.directChannel("U0ANNA"));
      const whileDown = shown();
      proxy = await openProxy(scratch.url, proxy.port);
      await product.settled();

      expect(answered).toContain("That did not work and nothing was lost.");
      for (const words of [answered, whileDown, shown()]) {
        expect(words).not.toMatch(forbidden ?? /^/u);
        expect(words).not.toMatch(SECRETS);
      }
      expect(around.log).not.toMatch(SECRETS);
      expect(slack.messages(GENERAL, thread).filter(({ botId }) => botId !== null)).toHaveLength(1);
      expect(slack.transcript(GENERAL, thread)).toMatch(/\[1\]|\(Reference \S+\)/u);
    });
  },
);
