import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QueueView } from "../../adapters/web/api.js";
import { FakeOpenAi } from "../fakes/openai/fake-openai.js";
import { quoteFromPassages } from "../fakes/openai/quoting-writer.js";
import { writesDraft, type Script } from "../fakes/openai/scripts.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import type { Fault } from "../fakes/slack/faults.js";
import { FakeTeams, type Fault as TeamsFault } from "../fakes/teams/fake-teams.js";
import { cora } from "../fakes/teams/people.js";
import { RunningProduct } from "./running-product.js";
import { WebClient } from "./web-people.js";

const TEAMS_APP = "33333333-3333-4333-8333-333333333333";
const TEAMS_TENANT = "44444444-4444-4444-8444-444444444444";
const GENERAL = "C0GENERAL";
const STREAM_EVERY_MS = 3_100;
const WHOLE_ANSWER = /\[1\][\s\S]*Not helpful/u;
const QUESTION = "How do I reset the Hub to factory settings?";

/** The whole product with a model endpoint, Slack and Teams, each of which can be told to fail. */
describe("when a service fails, the customer sees one message, or somebody is told", () => {
  let slack: FakeSlack;
  let teams: FakeTeams;
  let openai: FakeOpenAi;
  let product: RunningProduct;

  beforeAll(async () => {
    slack = await FakeSlack.start();
    teams = await FakeTeams.start({ appId: TEAMS_APP, tenantId: TEAMS_TENANT });
    openai = await FakeOpenAi.start({ writer: quoteFromPassages });
    const env = {
      SLACK_BOT_TOKEN: slack.botToken(),
      SLACK_API_URL: slack.apiUrl,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      TEAMS_APP_ID: TEAMS_APP,
      TEAMS_APP_PASSWORD: "unused by the stand-in",
      TEAMS_APP_TENANT_ID: TEAMS_TENANT,
      TEAMS_EMULATOR_URL: new URL(teams.serviceUrl).origin,
      OPENAI_API_KEY: openai.apiKey,
      OPENAI_BASE_URL: openai.baseUrl,
    };
    product = await RunningProduct.start(env, {});
    slack.deliverTo(`${product.origin}/slack/events`);
    teams.botUrl = `${product.origin}/api/messages`;
  });
  afterAll(async () => {
    await product[Symbol.asyncDispose]();
    await slack[Symbol.asyncDispose]();
    await teams.stop();
    await openai.close();
  });

  /** Asks in Slack, and waits until the product has no more to say. */
  async function ask(question: string): Promise<{ readonly seen: string; readonly replies: number }> {
    const { thread } = slack.mention("U0ANNA", GENERAL, question);
    await slack.settled();
    await product.settled();
    const replies = slack.messages(GENERAL, thread).filter(({ botId }) => botId !== null);
    return { seen: slack.transcript(GENERAL, thread), replies: replies.length };
  }

  const slackFaults: readonly (readonly [string, string, Fault, number])[] = [
    ["the response to the start of a stream is lost", "chat.startStream", { kind: "lose-reply" }, 1],
    ["the response to a piece of a stream is lost", "chat.appendStream", { kind: "lose-reply" }, 1],
    ["the response to the end of a stream is lost", "chat.stopStream", { kind: "lose-reply" }, 1],
    ["Slack is too busy to start a stream", "chat.startStream", { kind: "rate-limit", retryAfterSeconds: 1 }, 1],
    ["Slack is too busy to end a stream", "chat.stopStream", { kind: "rate-limit", retryAfterSeconds: 1 }, 1],
    ["Slack fails at the start of a stream", "chat.startStream", { kind: "status", status: 503 }, 1],
    ["Slack fails at the end of a stream", "chat.stopStream", { kind: "status", status: 500 }, 1],
  ];
  it.each(slackFaults)("%s", async (_, method, fault, times) => {
    // Slack gives a workspace so many streams a minute; beyond them an answer is posted whole.
    await sleep(STREAM_EVERY_MS);
    slack.faults.next(method, fault, times);
    await expect(ask(QUESTION)).resolves.toEqual({ seen: expect.stringMatching(WHOLE_ANSWER) as string, replies: 1 });
    expect(slack.faults.isEmpty).toBe(true);
  });

  const postFaults: readonly (readonly [string, Fault, number])[] = [
    ["the response to a post is lost", { kind: "lose-reply" }, 1],
    ["a post is cut off before it arrives", { kind: "cut" }, 1],
    ["Slack is too busy for a post", { kind: "rate-limit", retryAfterSeconds: 1 }, 2],
    ["Slack fails twice at a post", { kind: "status", status: 502 }, 2],
  ];
  it.each(postFaults)("%s", async (_, fault, times) => {
    slack.faults.next("chat.postMessage", fault, times);
    await expect(ask("help")).resolves.toEqual({ seen: expect.stringContaining("kb search") as string, replies: 1 });
    expect(slack.faults.isEmpty).toBe(true);
  });

  it("a crowd in one channel waits its turn, and everybody gets theirs", { timeout: 120_000 }, async () => {
    const asked = Array.from({ length: 40 }, () => slack.mention("U0ANNA", GENERAL, "help"));
    await slack.settled();
    const answered = () => asked.filter(({ thread }) => slack.transcript(GENERAL, thread).includes("kb search")).length;
    await expect.poll(answered, { timeout: 90_000, interval: 500 }).toBe(asked.length);
    await product.settled();
    const replies = asked.map(
      ({ thread }) => slack.messages(GENERAL, thread).filter(({ botId }) => botId !== null).length,
    );
    expect(new Set(replies)).toEqual(new Set([1]));
  });

  const modelFaults: readonly (readonly [string, Script])[] = [
    ["the model's stream is closed without an end", writesDraft("Hold the button [1] and", { ending: "cut" })],
    ["the model's connection breaks", writesDraft("Hold the button [1] and", { ending: "broken" })],
    ["the model reports a fault of its own", writesDraft("Hold the button [1] and", { ending: "failed" })],
    ["the model's stream stalls", writesDraft("Hold the button [1] and", { ending: "stalled" })],
  ];
  it.each(modelFaults)("%s", { timeout: 60_000 }, async (_, script) => {
    // What is tried a second time fails, too.
    openai.willWrite(script, script);
    const { seen, replies } = await ask(QUESTION);
    expect(seen).toMatch(/to a person|Not helpful/u);
    expect(replies).toBe(1);
    openai.forgetScripts();
  });

  const teamsFaults: readonly (readonly [string, TeamsFault])[] = [
    ["Teams is too busy", { kind: "status", status: 429, retryAfterSeconds: 1 }],
    ["Teams is not there for a moment", { kind: "status", status: 503 }],
  ];
  it.each(teamsFaults)("%s", async (_, fault) => {
    const chat = teams.chatWith(cora);
    const before = teams.transcript(chat).length;
    teams.failNext(fault);
    await teams.direct(cora, "help");
    await product.settled();
    // The question and one reply.
    expect(teams.transcript(chat)).toHaveLength(before + 2);
    expect(teams.texts(chat).at(-1)).toContain("kb search");
  });

  it("an answer that Teams may not have shown is told to the agents, and not posted again", async () => {
    const web = await WebClient.signIn(product.signInLink);
    const chat = teams.chatWith(cora);
    const before = teams.transcript(chat).length;
    // The status, the start of the stream, and the message in its place.
    const lost = { kind: "status", status: 502 } as const;
    teams.failNext(lost, lost, lost);
    await teams.direct(cora, QUESTION);
    await product.settled();

    expect(teams.transcript(chat)).toHaveLength(before + 1);
    const { notices } = await web.get<QueueView>("/api/handoffs");
    expect(JSON.stringify(notices)).toMatch(/answer to Cora.*may not have reached them.*factory settings/u);
  });

  it("a post whose response Teams loses is not posted again", async () => {
    const chat = teams.chatWith(cora);
    const before = teams.transcript(chat).length;
    teams.failNext({ kind: "lose-reply" });
    await teams.direct(cora, "help");
    await product.settled();
    await teams.direct(cora, "kb status");
    await product.settled();
    // Two messages, one reply each.
    const texts = teams.texts(chat).slice(before);
    expect(texts).toHaveLength(4);
    expect(texts.join("\n")).toMatch(/kb search[\s\S]*Only the support team/u);
  });
});
