import { afterAll, beforeAll, expect, it } from "vitest";
import { parseSettings } from "../../infra/config/settings-file.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { ana } from "../fakes/teams/people.js";
import { until } from "./people.js";
import { RunningProduct } from "./running-product.js";
import { SLACK_AGENTS, slackAgents, slackCustomer } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS, teamsAgents, teamsCustomer } from "./teams-people.js";
import { WebClient, webAgents } from "./web-people.js";

const TEAMS_APP = "33333333-3333-4333-8333-333333333333";
const TEAMS_TENANT = "44444444-4444-4444-8444-444444444444";

// No platform has an agents' channel: the teams' channels alone tell who is an agent.
const SETTINGS = `
handoff:
  teams:
    - name: billing
      platform: slack
      channel: ${SLACK_AGENTS}
      assign: round-robin
      members: [{ name: Ben, slack: U0BEN }, { name: Carla, slack: U0CARLA }]
      sla: { firstReplyMinutes: 60 }
    - { name: technical, platform: teams, channel: "${TEAMS_AGENTS}" }
    - { name: desk, platform: web }
  routes:
    - { topics: [amber], team: billing }
    - { topics: [jade], team: technical }
    - { topics: [pearl], domains: [partner.example], team: technical }
    - { topics: [pearl], domains: [ACME.test, acme.example], team: billing }
  fallbackTeam: desk
`;

let slack: FakeSlack;
let teams: FakeTeams;
let product: RunningProduct;
let web: WebClient;
beforeAll(async () => {
  slack = await FakeSlack.start();
  // From the beginning: what Slack says is taken for true for a minute.
  slack.away.add("U0BEN");
  teams = await FakeTeams.start({ appId: TEAMS_APP, tenantId: TEAMS_TENANT });
  makeChannels(teams);
  const env = {
    SLACK_BOT_TOKEN: slack.botToken(),
    SLACK_API_URL: slack.apiUrl,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    TEAMS_APP_ID: TEAMS_APP,
    TEAMS_APP_PASSWORD: "unused by the stand-in",
    TEAMS_APP_TENANT_ID: TEAMS_TENANT,
    TEAMS_EMULATOR_URL: new URL(teams.serviceUrl).origin,
  };
  product = await RunningProduct.start(env, parseSettings(SETTINGS, "deskhand.yaml"));
  slack.deliverTo(`${product.origin}/slack/events`);
  teams.botUrl = `${product.origin}/api/messages`;
  web = await WebClient.signIn(product.signInLink);
  // The bot learns where Teams wants to be reached.
  await teams.mention(ana, TEAMS_AGENTS, "help");
});
afterAll(async () => {
  await product[Symbol.asyncDispose]();
  await slack[Symbol.asyncDispose]();
  await teams.stop();
});

it("goes from a team in Slack to one in Teams, and the customer's words with it", async () => {
  const question = "Do you take payment in amber and silver?";
  const customer = slackCustomer(slack);
  await customer.ask(question);
  const billing = slackAgents(slack);
  await billing.claim(question);
  await billing.note(question, "They are on the old contract.");
  await billing.reply(question, "!team technical");
  const technical = teamsAgents(teams);
  await until(() => technical.sees(question), /For technical, passed on by [^,]+, from billing[^]*old contract/u);
  await until(() => billing.sees(question), /Has gone to technical/u);
  await until(() => customer.sees(), /passed your question on to another team/u);

  await customer.followUp("Also in gold?");
  await until(() => technical.sees(question), /Also in gold\?/u);
  await technical.reply(question, "In gold alone.");
  await until(() => customer.sees(), /In gold alone\./u);
  await billing.reply(question, "Not at all.");
  await until(() => billing.sees(question), /This has gone to technical, so nothing was sent/u);
  await product.settled();
  expect(await customer.sees()).not.toMatch(/Not at all|!team|old contract/u);
  expect(await billing.sees(question)).not.toMatch(/gold/u);
});

const TEAMS = [
  ["billing", "Do you take payment in amber from"],
  ["technical", "Do you take payment in jade from"],
  ["desk", "Do you take payment in quartz from"],
] as const;

it.each(TEAMS.flatMap((team) => [["slack", ...team] as const, ["teams", ...team] as const]))(
  "a customer on %s is helped by %s",
  async (platform, team, words) => {
    const question = `${words} ${platform}?`;
    const customer = platform === "slack" ? slackCustomer(slack) : teamsCustomer(teams);
    const places = { billing: slackAgents(slack), technical: teamsAgents(teams), desk: webAgents(web) };

    await customer.ask(question);
    const card = await until(() => places[team].sees(question), /asks/u);
    expect(card).toContain(`For ${team}`);
    for (const other of TEAMS.map(([name]) => name).filter((name) => name !== team)) {
      expect(await places[other].sees(question)).toBe("");
    }

    await places[team].claim(question);
    await until(() => customer.sees(), /joined/u);
    await places[team].reply(question, "Only on Tuesdays.");
    await until(() => customer.sees(), /Only on Tuesdays/u);
    await customer.followUp("Which of them?");
    await until(() => places[team].sees(question), /Which of them\?/u);
    await places[team].note(question, "They ask often.");
    await product.settled();
    expect(await customer.sees()).not.toContain("They ask often");
  },
);

it.each([
  ["slack", () => slackCustomer(slack)],
  ["teams", () => teamsCustomer(teams)],
] as const)("goes by the domain of the e-mail address that %s has of a customer", async (platform, customerOf) => {
  const question = `Do you take payment in pearl from ${platform}?`;
  await customerOf().ask(question);
  expect(await until(() => slackAgents(slack).sees(question), /asks/u)).toContain("For billing");
});

it("is for somebody of the team who is not away in Slack, and mentions them", async () => {
  const question = "Do you take payment in amber and gold?";
  await slackCustomer(slack).ask(question);
  // The card and its thread are changed one after the other.
  const asked = /For @Carla\. Waits for somebody to claim it\. Due: first reply by[^]*@Carla, this is for you\./u;
  await until(() => slackAgents(slack).sees(question), asked);
});
