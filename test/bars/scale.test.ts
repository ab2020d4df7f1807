import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { FakeOpenAi } from "../fakes/openai/fake-openai.js";
import { quoteFromPassages } from "../fakes/openai/quoting-writer.js";
import type { FakeSlack } from "../fakes/slack/fake-slack.js";
import { canDeploy, deploy, type Deployment } from "../support/deployment.js";
import { ask, crowdedSlack, replies } from "../support/slack-crowd.js";

const MODEL_MS = 3_000;
/** Fifteen waves of the larger set-up: its start and its last, half-empty wave weigh little. */
const QUESTIONS = 480;
const GIVE_UP_MS = 180_000;

/** Answers per second of so many web and worker processes, with a model that takes three seconds. */
async function answersPerSecond(processes: number): Promise<number> {
  await using slack = await crowdedSlack();
  const openai = await FakeOpenAi.start({
    writer: (request) => ({ ...quoteFromPassages(request), firstByteMs: MODEL_MS }),
  });
  try {
    const env = { OPENAI_API_KEY: openai.apiKey, OPENAI_BASE_URL: openai.baseUrl };
    await using deployment = await deploy(slack, { purpose: "scale", processes, env });
    return await answeredPerSecond(slack, deployment);
  } finally {
    await openai.close();
  }
}

async function answeredPerSecond(slack: FakeSlack, { webs }: Deployment): Promise<number> {
  const startedAt = performance.now();
  const said = Array.from({ length: QUESTIONS }, (_, number) => {
    slack.deliverTo(`${webs[number % webs.length]?.origin ?? ""}/slack/events`);
    return ask(slack, number, ["How do I reset the Hub to factory settings?"]);
  });
  while (said.some((one) => replies(slack, one) === 0)) {
    if (performance.now() - startedAt > GIVE_UP_MS) throw new Error("not all questions were answered");
    await sleep(50);
  }
  return QUESTIONS / ((performance.now() - startedAt) / 1_000);
}

describe.skipIf(!canDeploy)("more processes (needs TEST_DATABASE_URL and TEST_REDIS_URL)", () => {
  test("two web and two worker processes answer at least 1.8 times as much as one of each", async () => {
    const one = await answersPerSecond(1);
    const two = await answersPerSecond(2);
    console.log(
      JSON.stringify({ bench: "scale", model_ms: MODEL_MS, one_per_s: one, two_per_s: two, ratio: two / one }),
    );
    expect(two / one).toBeGreaterThanOrEqual(1.8);
  });
});
