import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { adam, ana, cora } from "../fakes/teams/people.js";
import type { Person } from "../fakes/teams/teams-state.js";
import { bothPlatforms, TEAMS_APP, TEAMS_TENANT } from "./both-platforms.js";
import { until, type Agents, type Customer } from "./people.js";
import { RunningProduct } from "./running-product.js";
import { slackAgents, slackCustomer } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS, teamsAgents, teamsCustomer } from "./teams-people.js";
import { WebClient, webCustomer } from "./web-people.js";

const PAIRS = [
  ["slack", "teams"],
  ["teams", "slack"],
  ["slack", "web"],
  ["slack", "slack"],
] as const;

describe.each(PAIRS)("reactions, with agents on %s and a customer on %s", (agentsOn, customerOn) => {
  let slack: FakeSlack;
  let teams: FakeTeams;
  let product: RunningProduct;
  let agents: Agents;
  let customer: Customer;
  const question = "I need a person: opals";

  beforeAll(async () => {
    slack = await FakeSlack.start();
    teams = await FakeTeams.start({ appId: TEAMS_APP, tenantId: TEAMS_TENANT });
    makeChannels(teams);
    product = await RunningProduct.start(...bothPlatforms(slack, teams, agentsOn));
    slack.deliverTo(`${product.origin}/slack/events`);
    teams.botUrl = `${product.origin}/api/messages`;
    await teams.mention(ana, TEAMS_AGENTS, "help");
    agents = agentsOn === "slack" ? slackAgents(slack) : teamsAgents(teams);
    customer = await customerHere();
    await customer.ask(question);
    await until(() => customer.sees(), /person/u);
    await until(() => agents.sees(question), /person/u);
    await agents.claim(question);
    await until(() => agents.sees(question), /claimed/u);
    await agents.reply(question, "Press it for five seconds");
    await until(() => customer.sees(), /five seconds/u);
    await customer.followUp("I did, thank you");
    await until(() => agents.sees(question), /I did/u);
    await product.settled();
  });
  afterAll(async () => {
    await product[Symbol.asyncDispose]();
    await slack[Symbol.asyncDispose]();
    await teams.stop();
  });

  async function customerHere(): Promise<Customer> {
    if (customerOn === "slack") return slackCustomer(slack);
    return customerOn === "teams" ? teamsCustomer(teams) : webCustomer(await WebClient.signIn(product.signInLink));
  }

  /** Reacts to the newest message of the bot's there that holds the words, or takes it back. */
  async function react(
    platform: "slack" | "teams",
    who: { readonly slack: string; readonly teams: Person },
    words: string,
    { isRemoved = false, emoji = "👍" }: { readonly isRemoved?: boolean; readonly emoji?: "👍" | "❤️" } = {},
  ): Promise<void> {
    if (platform === "teams") {
      const found = teams.state.messages.findLast(
        ({ isBots, activity }) =>
          isBots && String(activity.text).includes(words) && !String(activity.text).includes("reacted"),
      );
      await teams.react(who.teams, found?.id ?? "", emoji === "👍" ? "like" : "heart", isRemoved);
    } else {
      const at = slackPost(words);
      const name = emoji === "👍" ? "+1" : "heart";
      if (isRemoved) slack.people.unreact(who.slack, at, name);
      else slack.people.react(who.slack, at, name);
      await slack.settled();
    }
    await product.settled();
  }

  function slackPost(words: string): { channel: string; ts: string } {
    for (const channel of ["C0GENERAL", "C0AGENTS"]) {
      const roots = new Set(slack.messages(channel).map(({ ts, threadTs }) => threadTs ?? ts));
      const found = [...roots]
        .flatMap((root) => slack.messages(channel, root))
        .findLast(({ botId, blocks }) => {
          const shown = JSON.stringify(blocks);
          return botId !== null && shown.includes(words) && !shown.includes("reacted");
        });
      if (found !== undefined) return { channel, ts: found.ts };
    }
    throw new Error(`Slack shows nothing of ${words}`);
  }

  const agent = { slack: "U0BEN", teams: ana };
  const asker = { slack: "U0ANNA", teams: cora };

  it("an agent's is shown to the customer, once, until the last is taken back", async () => {
    await react(agentsOn, agent, "I did, thank you");
    const seen = await until(() => customer.sees(), /reacted with 👍 to: “I did, thank you”/u);
    expect(seen.match(/reacted/gu)).toHaveLength(1);
    await react(agentsOn, agent, "I did, thank you", { emoji: "❤️" });
    await react(agentsOn, agent, "I did, thank you", { isRemoved: true });
    const left = await until(() => customer.sees(), /reacted with ❤/u);
    expect(left.match(/reacted/gu)).toHaveLength(1);
    await react(agentsOn, agent, "I did, thank you", { emoji: "❤️", isRemoved: true });
    expect(await customer.sees()).not.toContain("reacted");
    expect(await agents.sees(question)).not.toContain("reacted");
  });

  it.skipIf(customerOn === "web")("the customer's is shown to the agents, and nobody else's is", async () => {
    if (customerOn === "web") return;
    await react(customerOn, { slack: "U0CARLA", teams: adam }, "five seconds");
    expect(await agents.sees(question)).not.toContain("reacted");
    await react(customerOn, asker, "five seconds");
    await until(() => agents.sees(question), /reacted with 👍 to: “Press it for five seconds”/u);
    expect(await customer.sees()).not.toContain("reacted");
  });
});
