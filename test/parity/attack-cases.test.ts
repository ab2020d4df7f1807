import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createLogger } from "../../infra/telemetry/logger.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { FakeOpenAi } from "../fakes/openai/fake-openai.js";
import { quoteFromPassages } from "../fakes/openai/quoting-writer.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { attackCase, hasAttackFile, SECRETS } from "./attack-file.js";
import { until } from "./people.js";
import { RunningProduct } from "./running-product.js";

const GENERAL = "C0GENERAL";

const recordSchema = z.looseObject({
  level: z.string(),
  time: z.iso.datetime(),
  event: z.string().regex(/^[^\p{Cc}]+$/u),
});

describe.skipIf(!hasAttackFile)("cases of attacks.jsonl over the whole product (needs TEST_DATA_DIR)", () => {
  let slack: FakeSlack;
  let openai: FakeOpenAi;
  let product: RunningProduct;
  let log = "";

  beforeAll(async () => {
    slack = await FakeSlack.start({ retryDelaysMs: [100, 300, 600] });
    openai = await FakeOpenAi.start({ writer: quoteFromPassages });
    const stream = new PassThrough();
    stream.on("data", (chunk) => (log += String(chunk)));
    const logger = createLogger({ level: "debug", stream, isHuman: false, onDropped: () => undefined });
    const env = {
      SLACK_BOT_TOKEN: slack.botToken(),
      SLACK_API_URL: slack.apiUrl,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      OPENAI_API_KEY: openai.apiKey,
      OPENAI_BASE_URL: openai.baseUrl,
    };
    product = await RunningProduct.start(env, {}, logger);
    slack.deliverTo(`${product.origin}/slack/events`);
  });
  afterAll(async () => {
    await product[Symbol.asyncDispose]();
    await slack[Symbol.asyncDispose]();
    await openai.close();
  });

  const replies = (thread: string) => slack.messages(GENERAL, thread).filter(({ botId }) => botId !== null);
  const answered = (thread: string) => until(() => Promise.resolve(slack.transcript(GENERAL, thread)), /Deskhand: \S/u);

  it("IDM-01, IDM-03: an event that comes five times, as a mention and as a message, gets one reply", async () => {
    const said = slack.mention("U0ANNA", GENERAL, "help");
    for (const delivery of said.deliveries) for (let time = 0; time < 4; time += 1) slack.redeliver(delivery);
    await answered(said.thread);
    await slack.settled();
    await product.settled();
    expect(said.deliveries.length).toBeGreaterThan(1);
    expect(replies(said.thread)).toHaveLength(1);
  });

  it("IDM-02: an event of which only the retry arrives is answered", async () => {
    slack.deliverTo("http://127.0.0.1:9/slack/events");
    const said = slack.mention("U0ANNA", GENERAL, "help");
    await sleep(50);
    slack.deliverTo(`${product.origin}/slack/events`);
    await answered(said.thread);
    expect((await said.acknowledged()).some(({ retryNumber }) => retryNumber > 0)).toBe(true);
    expect(replies(said.thread)).toHaveLength(1);
  });

  it.each(["PII-01", "PII-02"])("%s: what a customer writes is in no log line and no metric", async (id) => {
    const said = slack.mention("U0ANNA", GENERAL, attackCase(id).input);
    await answered(said.thread);
    const metrics = await (await fetch(`${product.origin}/metrics`)).text();
    expect(log).toMatch(/"level"/u);
    expect(`${log}${metrics}`).not.toMatch(SECRETS);
  });

  it("PII-01: of a card's number the last four digits are left, in every store and every request to a model", async () => {
    const { input, forbidden } = attackCase("PII-01");
    openai.requests.length = 0;
    const said = slack.mention("U0ANNA", GENERAL, `${input} How do I reset the Hub to factory settings?`);
    await answered(said.thread);
    await product.settled();
    slack.mention("U0ANNA", GENERAL, `I need a person, ${input}`);
    await slack.settled();
    await product.settled();

    const rows = await product.app.database.withTenant(DEFAULT_TENANT, async (db) => {
      const tables = ["inbox", "answer", "answer_stage", "handoff", "transcript_entry", "delivery"];
      const found: string[] = [];
      for (const table of tables) {
        const sql = `select to_jsonb(stored)::text as row from "${table}" as stored`;
        found.push(...(await db.query<{ row: string }>(sql)).rows.map(({ row }) => row));
      }
      return found;
    });
    const handoff = rows.filter((row) => row.includes("I need a person"));
    expect(handoff.length).toBeGreaterThan(1);
    expect(handoff.every((row) => row.includes("•••• 1111"))).toBe(true);
    const requests = openai.requests.map(({ body }) => JSON.stringify(body));
    expect(requests.some((body) => body.includes("•••• 1111"))).toBe(true);
    expect(forbidden).not.toBeNull();
    expect([...rows, ...requests, log].filter((text) => forbidden?.test(text) ?? true)).toEqual([]);
  });

  it("PII-03: a key that the provider refuses and echoes stays out of the log and the conversation", async () => {
    openai.willFail({ kind: "status", status: 401 }, { kind: "status", status: 401 }, { kind: "status", status: 401 });
    const said = slack.mention("U0ANNA", GENERAL, "How do I reset the Hub to factory settings?");
    const seen = await answered(said.thread);
    expect(`${log}${seen}`).not.toMatch(SECRETS);
    expect(seen).toContain("can't write an answer just now");
    const line = log.split("\n").find((one) => one.includes("model gave no answer"));
    expect(line).toContain('"code":"auth"');
  });

  it("XSS-06: words that hold a line of a log make one JSON record for each event, and none of their own", async () => {
    const recordsOf = async (words: string) => {
      const from = log.length;
      openai.willFail(
        { kind: "status", status: 401 },
        { kind: "status", status: 401 },
        { kind: "status", status: 401 },
      );
      await answered(slack.mention("U0ANNA", GENERAL, words).thread);
      const atDoor = `${product.origin}/api/passages/${encodeURIComponent(words)}`;
      await fetch(atDoor, {
        headers: { "user-agent": words.replaceAll("\n", " "), "x-request-id": encodeURIComponent(words) },
      });
      await product.settled();
      return log
        .slice(from)
        .split("\n")
        .filter((line) => line !== "");
    };
    const { input } = attackCase("XSS-06");
    const question = "How do I reset the Hub to factory settings?";

    const plain = await recordsOf(question);
    const hostile = await recordsOf(`${question} ${input}`);

    const eventsOf = (lines: readonly string[]) =>
      lines.map((line) => recordSchema.parse(JSON.parse(line)).event).sort();
    expect(eventsOf(plain)).toEqual(["model gave no answer"]);
    expect(eventsOf(hostile)).toEqual(eventsOf(plain));
    expect(hostile.join("\n")).not.toMatch(/admin login|user=root|2026-01-01/u);
  });
});
