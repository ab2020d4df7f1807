import { afterEach, describe, expect, it } from "vitest";
import { replyText } from "../../src/answering/reply-text.js";
import { explainReply } from "../../src/commands/explain-reply.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { defaultSettings } from "../../infra/config/settings.js";
import { FakeOpenAi } from "../fakes/openai/fake-openai.js";
import { asksForAnswer, quoteFromPassages } from "../fakes/openai/quoting-writer.js";
import type { WriteRequest } from "../fakes/openai/request-rules.js";
import { writes } from "../fakes/openai/scripts.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { testFolder } from "../support/knowledge.js";
import { RunningProduct } from "./running-product.js";
import { slackCustomer } from "./slack-people.js";

const PLATFORMS = { Android: "press and hold its name", iPhone: "swipe it to the left", Windows: "right-click it" };
const TOPICS = ["stream", "folder", "calendar", "poll", "file", "draft", "invoice", "badge", "theme", "webhook"];
const LAST = "and how do I mute it there?";

const KNOWLEDGE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(PLATFORMS).map(([platform, how]) => [
      `${platform.toLowerCase()}.md`,
      `# Mute a channel on ${platform}\n\nTo mute a channel on ${platform}, ${how} and choose Mute.`,
    ]),
  ),
  ...Object.fromEntries(
    TOPICS.map((topic) => [
      `${topic}.md`,
      `# Rename a ${topic}\n\nTo rename a ${topic}, open its ${topic} menu and choose Rename.`,
    ]),
  ),
  "channels.md": "# What a channel is\n\nA channel is a place where a team writes about one subject.",
};

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

async function start(openai: FakeOpenAi | null = null) {
  const slack = await FakeSlack.start();
  open.push(slack);
  const folder = testFolder(KNOWLEDGE);
  open.push({
    [Symbol.asyncDispose]: () => {
      folder[Symbol.dispose]();
      return Promise.resolve();
    },
  });
  const settings = defaultSettings();
  const env = {
    SLACK_BOT_TOKEN: slack.botToken(),
    SLACK_API_URL: slack.apiUrl,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    ...(openai === null ? {} : { OPENAI_API_KEY: openai.apiKey, OPENAI_BASE_URL: openai.baseUrl }),
  };
  const unlimited = "unlimited" as const;
  const product = await RunningProduct.start(env, {
    knowledge: { ...settings.knowledge, demo: false },
    answering: {
      ...settings.answering,
      threshold: 0,
      budgets: {
        person: { questionsPerMinute: unlimited, questionsPerDay: unlimited },
        tenant: { questionsPerDay: unlimited, tokensPerDay: unlimited, dollarsPerDay: unlimited },
      },
    },
  });
  open.push(product);
  slack.deliverTo(`${product.origin}/slack/events`);
  const { admin } = product.app.knowledge;
  await admin.addSource(DEFAULT_TENANT, { name: "docs", kind: "folder", location: folder.location, acl: ["public"] });
  await product.sync("docs");
  const customer = slackCustomer(slack);
  const settled = async () => {
    await slack.settled();
    await product.settled();
  };
  return { product, customer, settled };
}

/** Fourteen turns, of which only the first tells the platform. */
async function talkAtLength({ customer, settled }: Awaited<ReturnType<typeof start>>, first: string): Promise<void> {
  await customer.ask(first);
  await settled();
  const questions = [
    ...TOPICS.map((topic) => `How do I rename a ${topic}?`),
    "How do I rename a stream in two words?",
    "How do I rename a folder in two words?",
    "What is a channel?",
  ];
  for (const question of questions) {
    await customer.followUp(question);
    await settled();
  }
}

async function explained({ product }: Awaited<ReturnType<typeof start>>): Promise<string> {
  const sql = "select id::text as id from answer order by id desc limit 1";
  const { rows } = await product.app.database.withTenant(DEFAULT_TENANT, (db) => db.query<{ id: string }>(sql, []));
  return replyText(explainReply(await product.app.operations.explain(rows[0]?.id ?? "")));
}

describe("the fifteenth turn of a conversation", () => {
  it("is answered for the platform that only the first turn names, until that is deleted", async () => {
    const scene = await start();
    await talkAtLength(scene, "Hi! I use the app on Windows. How do I rename a badge?");
    await scene.customer.followUp(LAST);
    await scene.settled();

    const seen = await scene.customer.sees();
    expect(seen.slice(seen.lastIndexOf(LAST))).toContain(PLATFORMS.Windows);
    expect(await explained(scene)).toContain(`searched as: ${LAST} channel Windows (by rule)`);
    expect(await explained(scene)).toMatch(/condense/u);

    await scene.customer.remove();
    await scene.customer.followUp("What is a channel?");
    await scene.settled();
    await scene.customer.followUp(LAST);
    await scene.settled();
    expect(await explained(scene)).toContain(`searched as: ${LAST} channel (by rule)`);
  }, 120_000);

  it("costs one generation and one embedding, and one rewriting as a follow-up; both models are shown what is kept", async () => {
    const writer = (request: WriteRequest) =>
      asksForAnswer(request)
        ? quoteFromPassages(request)
        : writes(JSON.stringify({ question: "How do I mute a channel on iPhone?" }));
    const openai = await FakeOpenAi.start({ writer });
    open.push({ [Symbol.asyncDispose]: () => openai.close() });
    const scene = await start(openai);
    await talkAtLength(scene, "Hi! I use the app on my iPhone, version 7.3. How do I rename a badge?");
    openai.requests.length = 0;
    await scene.customer.followUp("How do I rename a theme with three words?");
    await scene.settled();
    const paths = () => openai.requests.splice(0).map(({ path, body }) => ({ path, body: JSON.stringify(body) }));
    const plain = paths();
    expect(plain.map(({ path }) => path).sort()).toEqual(["/v1/embeddings", "/v1/responses"]);
    await scene.customer.followUp(LAST);
    await scene.settled();

    const calls = paths().filter(({ path }) => path === "/v1/responses");
    expect(calls).toHaveLength(2);
    for (const { body } of calls) {
      expect(body).toContain("kept of what was said before that");
      expect(body).toContain("customer: I use the app on my iPhone, version 7.3.");
      expect(body).toContain('(answered from \\\\\\"Rename a folder\\\\\\")'.replaceAll("\\\\\\", "\\"));
    }
    expect(await explained(scene)).toContain("Model calls: 1 rewriting, 1 embedding, 1 generation");
    const seen = await scene.customer.sees();
    expect(seen.slice(seen.lastIndexOf(LAST))).toContain(PLATFORMS.iPhone);
  }, 120_000);
});
