import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Candidate } from "../../src/ports/candidates.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { ana, cora } from "../fakes/teams/people.js";
import { bothPlatforms, TEAMS_APP, TEAMS_TENANT } from "./both-platforms.js";
import { until } from "./people.js";
import { RunningProduct } from "./running-product.js";
import { SLACK_AGENTS, slackAgents, slackCustomer } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS, teamsAgents, teamsCustomer } from "./teams-people.js";

const CARD = "Shall this be answered from?";
const ANSWER = "Open Settings, choose Backup, and press Export archive.";
const GENERAL = "C0GENERAL";

let slack: FakeSlack;
let teams: FakeTeams;
let product: RunningProduct;

beforeAll(async () => {
  slack = await FakeSlack.start();
  teams = await FakeTeams.start({ appId: TEAMS_APP, tenantId: TEAMS_TENANT });
  makeChannels(teams);
});
afterAll(async () => {
  await slack[Symbol.asyncDispose]();
  await teams.stop();
});

/** What of a platform the agents' channel is, and who presses there. */
const AGENTS = {
  slack: {
    agents: () => slackAgents(slack),
    customer: () => slackCustomer(slack),
    card: () =>
      slack
        .messages(SLACK_AGENTS)
        .flatMap(({ ts, threadTs }) => (threadTs === null ? [slack.transcript(SLACK_AGENTS, ts)] : []))
        .find((text) => text.includes(ANSWER) && text.includes("learn show")),
    press: async (label: string) => {
      const found = slack.messages(SLACK_AGENTS).findLast(({ blocks }) => JSON.stringify(blocks).includes(CARD));
      await slack.press("U0BEN", { channel: SLACK_AGENTS, ts: found?.ts ?? "" }, label);
    },
  },
  teams: {
    agents: () => teamsAgents(teams),
    customer: () => teamsCustomer(teams),
    card: () => {
      const text = teams.transcript(cardThread()).map((message) => JSON.stringify(message));
      return text.join("\n");
    },
    press: async (label: string) => {
      const message = teams.transcript(cardThread()).find(({ buttons }) => buttons.includes(label));
      if (message !== undefined) await teams.press(ana, message, label);
    },
  },
} as const;

function cardThread(): string {
  const found = teams.state.messages.find(
    ({ conversationId, activity }) =>
      conversationId.startsWith(TEAMS_AGENTS) && JSON.stringify(activity).includes("learn show"),
  );
  return found?.conversationId ?? "";
}

describe.each(["slack", "teams"] as const)("where agents are on %s", (platform) => {
  beforeAll(async () => {
    const [env, settings] = bothPlatforms(slack, teams, platform);
    const learning = { evaluationSet: null, gapReport: null, cardsFrom: 1 };
    product = await RunningProduct.start(env, { ...settings, learning });
    slack.deliverTo(`${product.origin}/slack/events`);
    teams.botUrl = `${product.origin}/api/messages`;
  }, 60_000);
  afterAll(() => product[Symbol.asyncDispose]());

  it("what an agent answered is approved by a button, and the card says by whom", async () => {
    const { agents: agentsOf, customer: customerOf, card, press } = AGENTS[platform];
    const [agents, customer] = [agentsOf(), customerOf()];
    const question = `How do I export my notebook archive from ${platform}?`;
    await customer.ask(question);
    await agents.claim(question);
    await agents.reply(question, ANSWER);
    await until(customer.sees, /Export archive/u);
    await agents.resolve(question);
    await until(() => agents.sees(question), /resolved/iu);
    await customer.followUp("Yes, that works, thank you!");
    await until(() => Promise.resolve(card() ?? ""), /Approve/u);
    await press("Approve");
    await until(() => Promise.resolve(card() ?? ""), /It is answered from now/u);
    await until(() => Promise.resolve(card() ?? ""), /Its state: approved by/u);
    expect(card()).not.toContain("[Approve]");
    const [candidate] = await product.app.database.withStores(DEFAULT_TENANT, ({ candidates }) =>
      candidates.list("approved"),
    );
    expect(candidate).toMatchObject({ isAnsweredFrom: true } satisfies Partial<Candidate>);
    expect(candidate!.decidedBy).toContain(`${platform}:`);
  }, 60_000);

  it("whoever finds an answer not helpful is asked what was wrong with it", async () => {
    const customer = AGENTS[platform].customer();
    await customer.ask(`How do I export my notebook archive from ${platform}?`);
    await until(customer.sees, /Export archive/u);
    await product.settled();
    await pressUnder(platform, "Not helpful");
    await until(customer.sees, /What was wrong with it/u);
    await pressUnder(platform, "It is out of date");
    await product.settled();
    const cases = await product.app.database.withStores(DEFAULT_TENANT, ({ answerCases }) =>
      answerCases.list("open", null),
    );
    expect(cases).toMatchObject([{ fault: "outdated", cited: [{ source: "learned" }] }]);
  }, 60_000);
});

/** The customer presses the newest button of that name. */
async function pressUnder(platform: "slack" | "teams", label: string): Promise<void> {
  if (platform === "slack") {
    const found = slack.messages(GENERAL).findLast(({ blocks }) => JSON.stringify(blocks).includes(`"${label}"`));
    await slack.press("U0ANNA", { channel: GENERAL, ts: found?.ts ?? "" }, label);
    return;
  }
  const conversation = teams.state.messages.findLast(({ activity }) => JSON.stringify(activity).includes(`"${label}"`));
  const shown = teams.transcript(conversation?.conversationId ?? "").findLast(({ buttons }) => buttons.includes(label));
  if (shown !== undefined) await teams.press(cora, shown, label);
}
