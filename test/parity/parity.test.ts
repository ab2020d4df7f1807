import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Settings } from "../../infra/config/settings.js";
import { defaultSettings } from "../../infra/config/settings.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { adam, ana } from "../fakes/teams/people.js";
import { until, type Administrator, type Agents, type Customer } from "./people.js";
import { RunningProduct } from "./running-product.js";
import { SLACK_ADMIN, SLACK_AGENTS, slackAdministrator, slackAgents, slackCustomer } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS, teamsAdministrator, teamsAgents, teamsCustomer } from "./teams-people.js";
import { WebClient, webAdministrator, webAgents, webCustomer } from "./web-people.js";

const TEAMS_APP = "33333333-3333-4333-8333-333333333333";
const TEAMS_TENANT = "44444444-4444-4444-8444-444444444444";
const SLACK_DELIVERIES = ["HTTP", "Socket Mode"] as const;
const AGENTS_ON = ["web", "slack", "teams"] as const;
type Platform = (typeof AGENTS_ON)[number];

function settingsFor(platform: Platform): Partial<Settings> {
  const { handoff, slack, teams } = defaultSettings();
  return {
    handoff: { ...handoff, platform },
    slack: { ...slack, agentsChannel: SLACK_AGENTS, admins: [SLACK_ADMIN] },
    teams: { ...teams, agentsChannel: TEAMS_AGENTS, admins: [adam.aadObjectId] },
  };
}

/** The product with the three platforms, and the people of each. */
class Desk implements AsyncDisposable {
  readonly product: RunningProduct;
  readonly slack: FakeSlack;
  readonly teams: FakeTeams;
  readonly web: WebClient;

  private constructor(product: RunningProduct, slack: FakeSlack, teams: FakeTeams, web: WebClient) {
    this.product = product;
    this.slack = slack;
    this.teams = teams;
    this.web = web;
  }

  static async open(agentsOn: Platform, slackBy: (typeof SLACK_DELIVERIES)[number]): Promise<Desk> {
    const slack = await FakeSlack.start();
    const teams = await FakeTeams.start({ appId: TEAMS_APP, tenantId: TEAMS_TENANT });
    makeChannels(teams);
    const slackAccess =
      slackBy === "HTTP" ? { SLACK_SIGNING_SECRET: slack.signingSecret } : { SLACK_APP_TOKEN: slack.appToken };
    const product = await RunningProduct.start(
      {
        SLACK_BOT_TOKEN: slack.botToken(),
        SLACK_API_URL: slack.apiUrl,
        ...slackAccess,
        TEAMS_APP_ID: TEAMS_APP,
        TEAMS_APP_PASSWORD: "unused by the stand-in",
        TEAMS_APP_TENANT_ID: TEAMS_TENANT,
        TEAMS_EMULATOR_URL: new URL(teams.serviceUrl).origin,
      },
      settingsFor(agentsOn),
    );
    slack.deliverTo(slackBy === "HTTP" ? `${product.origin}/slack/events` : null);
    teams.botUrl = `${product.origin}/api/messages`;
    // The bot learns where Teams wants to be reached for the agents' channel.
    await teams.mention(ana, TEAMS_AGENTS, "help");
    return new Desk(product, slack, teams, await WebClient.signIn(product.signInLink));
  }

  customer(platform: Platform): Customer {
    if (platform === "slack") return slackCustomer(this.slack);
    return platform === "teams" ? teamsCustomer(this.teams) : webCustomer(this.web);
  }

  agents(platform: Platform): Agents {
    if (platform === "slack") return slackAgents(this.slack);
    return platform === "teams" ? teamsAgents(this.teams) : webAgents(this.web);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.product[Symbol.asyncDispose]();
    await this.slack[Symbol.asyncDispose]();
    await this.teams.stop();
  }
}

const TABLE = AGENTS_ON.flatMap((agentsOn) => SLACK_DELIVERIES.map((slackBy) => [agentsOn, slackBy] as const)).filter(
  ([agentsOn, slackBy]) => agentsOn !== "web" || slackBy === "HTTP",
);

describe.each(TABLE)("agents on %s, Slack by %s", (agentsOn, slackBy) => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await Desk.open(agentsOn, slackBy);
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  it.each(AGENTS_ON)("a customer on %s is answered, with the source, and so is a follow-up", async (platform) => {
    const customer = desk.customer(platform);
    await customer.ask("How do I reset the Hub to factory settings?");
    await until(() => customer.sees(), /\[1\]/u);
    await customer.followUp("How long is the warranty of the Hub?");
    const seen = await until(() => customer.sees(), /3 years/u);
    expect(seen).not.toMatch(/something went wrong/iu);
  });

  it.each(AGENTS_ON)("what a customer on %s writes at once is answered once", async (platform) => {
    const customer = desk.customer(platform);
    await customer.ask("Hi, two things:");
    await customer.followUp("my hub is in the cellar");
    await customer.followUp("How do I reset the Hub to factory settings?");
    await until(() => customer.sees(), /\[1\]/u);
    await desk.product.settled();
    expect((await customer.sees()).split("\n").filter((line) => line.startsWith("Deskhand"))).toHaveLength(1);
  });

  it.each(["slack", "teams"] as const)("a customer on %s changes a question, and then deletes it", async (platform) => {
    const customer = platform === "slack" ? slackCustomer(desk.slack) : teamsCustomer(desk.teams);
    await customer.ask("How do I reset the Hub to factory settings?");
    await until(() => customer.sees(), /\[1\]/u);
    await customer.edit("How long is the warranty of the Hub?");
    const seen = await until(() => customer.sees(), /3 years/u);
    expect(seen).not.toMatch(/factory settings/u);
    await customer.remove();
    await desk.product.settled();
    expect(await customer.sees()).not.toMatch(/3 years/u);
  });

  it.each(["slack", "teams"] as const)(
    "the agents hear of it when a customer on %s changes a question, and its card says what they ask now",
    async (platform) => {
      const customer = platform === "slack" ? slackCustomer(desk.slack) : teamsCustomer(desk.teams);
      const agents = desk.agents(agentsOn);
      const question = `Do you take payment in amber from ${platform}?`;
      await customer.ask(question);
      await until(() => agents.sees(question), /amber/u);
      const changed = `Do you take payment in jade from ${platform}?`;
      await customer.edit(changed);
      await until(() => agents.sees(changed), /^(?![^]*amber)[^]*Changed an earlier message[^]*in jade/u);
      await customer.remove();
      await until(() => agents.sees(changed), /has deleted one of their messages/u);
    },
  );

  it.each(AGENTS_ON)("a customer on %s gets a person, and both are relayed until it is resolved", async (platform) => {
    const customer = desk.customer(platform);
    const agents = desk.agents(agentsOn);
    const question = `Do you take payment in pearls from ${platform}?`;
    await customer.ask(question);
    await until(() => agents.sees(question), /pearls/u);
    await until(() => customer.sees(), /passed your question to a person/u);

    await agents.claim(question);
    await until(() => agents.sees(question), /claimed|taken|has it/iu);
    await agents.note(question, "I will ask the harbour master.");
    await until(() => agents.sees(question), /harbour master/u);
    await agents.reply(question, "// The tide is out until Thursday.");
    await until(() => agents.sees(question), /The tide is out/u);
    await agents.reply(question, "We do, on Thursdays.");
    await until(() => customer.sees(), /We do, on Thursdays/u);

    await customer.followUp("Also black ones?");
    await until(() => agents.sees(question), /Also black ones\?/u);
    await agents.reply(question, "Also black ones.");
    await until(() => customer.sees(), /Also black ones\.$/mu);

    await agents.resolve(question);
    await until(() => agents.sees(question), /resolved/iu);
    expect(await customer.sees()).not.toMatch(/harbour master|The tide/u);

    await customer.followUp("How do I reset the Hub to factory settings?");
    await until(() => customer.sees(), /\[1\]/u);
  });
});

describe.each(SLACK_DELIVERIES)("commands, Slack by %s", (slackBy) => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await Desk.open("web", slackBy);
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  it.each<[string, (desk: Desk) => Administrator]>([
    ["the console", ({ web }) => webAdministrator(web)],
    ["Slack", ({ slack }) => slackAdministrator(slack)],
    ["Teams", ({ teams }) => teamsAdministrator(teams)],
  ])("kb sync and kb status work in %s for an admin", async (_, administratorOf) => {
    const administrator = administratorOf(desk);
    // The server looks at its sources once after its start; until it has, the command says that a sync is running.
    const syncing = async () => {
      await administrator.run("kb sync");
      await sleep(500);
      return administrator.sees();
    };
    await until(syncing, /unchanged|\+0|nothing changed/iu);
    await administrator.run("kb status");
    await until(() => administrator.sees(), /demo/u);
  });
});
