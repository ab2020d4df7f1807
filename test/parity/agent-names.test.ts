import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConversationView } from "../../adapters/web/api.js";
import type { Settings } from "../../infra/config/settings.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { ana } from "../fakes/teams/people.js";
import { bothPlatforms, TEAMS_APP, TEAMS_TENANT } from "./both-platforms.js";
import { until, type AmendingAgents, type Customer } from "./people.js";
import { RunningProduct } from "./running-product.js";
import { slackAgents, slackCustomer } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS, teamsAgents, teamsCustomer } from "./teams-people.js";
import { WebClient, webCustomer } from "./web-people.js";

const PAIRS = [
  ["teams", "slack"],
  ["slack", "teams"],
  ["slack", "web"],
] as const;

/** Any part of the name that agents have there. */
const NAME = { teams: /\bAna\b|\bAgent\b/u, slack: /\bBen\b/u } as const;

describe.each(PAIRS)("names of agents on %s are hidden from a customer on %s", (agentsOn, customerOn) => {
  let slack: FakeSlack;
  let teams: FakeTeams;
  let product: RunningProduct;
  let agents: AmendingAgents;
  let customer: Customer;
  /** All that their platform was ever told of the customer's conversation. */
  let everythingSent: () => Promise<string>;
  const question = "I need a person: opals";

  beforeAll(async () => {
    slack = await FakeSlack.start();
    teams = await FakeTeams.start({ appId: TEAMS_APP, tenantId: TEAMS_TENANT });
    makeChannels(teams);
    const [env, changes] = bothPlatforms(slack, teams, agentsOn);
    const handoff = { ...(changes.handoff as Settings["handoff"]), agentNames: "hidden", askRating: true } as const;
    product = await RunningProduct.start(env, { ...changes, handoff });
    slack.deliverTo(`${product.origin}/slack/events`);
    teams.botUrl = `${product.origin}/api/messages`;
    await teams.mention(ana, TEAMS_AGENTS, "help");
    agents = agentsOn === "slack" ? slackAgents(slack) : teamsAgents(teams);
    await customerHere();
  });
  afterAll(async () => {
    await product[Symbol.asyncDispose]();
    await slack[Symbol.asyncDispose]();
    await teams.stop();
  });

  async function customerHere(): Promise<void> {
    if (customerOn === "slack") {
      customer = slackCustomer(slack);
      const toCustomer = () => slack.calls.filter(({ args }) => JSON.stringify(args).includes("C0GENERAL"));
      everythingSent = () => Promise.resolve(JSON.stringify(toCustomer()));
    } else if (customerOn === "teams") {
      customer = teamsCustomer(teams);
      const isToCustomer = ({ conversationId, isBots }: (typeof teams.state.messages)[number]) =>
        isBots && !conversationId.startsWith(TEAMS_AGENTS);
      everythingSent = () => Promise.resolve(JSON.stringify(teams.state.messages.filter(isToCustomer)));
    } else {
      const client = await WebClient.signIn(product.signInLink);
      customer = webCustomer(client);
      everythingSent = async () => JSON.stringify(await client.get<ConversationView>("/api/conversations/1/messages"));
    }
  }

  /** The agents react to the newest words of the customer. */
  async function react(words: string): Promise<void> {
    if (agentsOn === "teams") {
      const isTheirs = ({ isBots, activity }: (typeof teams.state.messages)[number]) =>
        isBots && String(activity.text).includes(words);
      await teams.react(ana, teams.state.messages.findLast(isTheirs)?.id ?? "", "like");
    } else {
      const threads = new Set(slack.messages("C0AGENTS").map(({ ts, threadTs }) => threadTs ?? ts));
      const relayed = [...threads]
        .flatMap((thread) => slack.messages("C0AGENTS", thread))
        .findLast(({ botId, blocks }) => botId !== null && JSON.stringify(blocks).includes(words));
      slack.people.react("U0BEN", { channel: "C0AGENTS", ts: relayed?.ts ?? "" }, "+1");
      await slack.settled();
    }
    await product.settled();
  }

  const sees = async (pattern: RegExp) => {
    const seen = await until(() => customer.sees(), pattern);
    expect(await everythingSent()).not.toMatch(NAME[agentsOn]);
    return seen;
  };

  it("whoever takes it, answers, changes the answer, reacts and resolves it, and the team sees who", async () => {
    await customer.ask(question);
    await until(() => agents.sees(question), /person/u);
    await agents.claim(question);
    await sees(/The team has joined/u);

    await agents.reply(question, "Press it for five seconds");
    await sees(/Support[^]*five seconds/u);
    await agents.edit("five seconds", "Press it for nine seconds");
    expect(await sees(/Support[^]*nine seconds/u)).not.toContain("five seconds");

    await customer.followUp("I did, thank you");
    await until(() => agents.sees(question), /I did/u);
    await react("I did, thank you");
    await sees(/The team reacted with 👍 to: “I did, thank you”/u);

    await agents.resolve(question);
    await sees(/The team has marked this as solved/u);
    await product.settled();
    await sees(/marked this as solved/u);
    const seenByTeam = await agents.sees(question);
    expect(seenByTeam).toMatch(NAME[agentsOn]);
    expect(seenByTeam).toMatch(/(?:Ana Agent|Ben) has claimed this/u);
    expect(seenByTeam).toMatch(/(?:Ana Agent|Ben) has resolved this/u);
  });
});
