import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AGENT_FRESH_MS } from "../../adapters/slack/people.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { ana } from "../fakes/teams/people.js";
import { until, type AmendingAgents } from "./people.js";
import { bothPlatforms, TEAMS_APP, TEAMS_TENANT } from "./both-platforms.js";
import { RunningProduct } from "./running-product.js";
import { slackAgents, slackCustomer } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS, teamsAgents, teamsCustomer } from "./teams-people.js";

const PLATFORMS = ["slack", "teams"] as const;

/** What is still on its way from somebody who was an agent, or what their client still lets them do. */
describe.each(PLATFORMS)("who is no agent any more, on %s", (platform) => {
  let slack: FakeSlack;
  let teams: FakeTeams;
  let product: RunningProduct;
  let agents: AmendingAgents;
  const [held, waiting] = ["I need a person for one", "I need a person for another"];

  beforeAll(async () => {
    slack = await FakeSlack.start();
    teams = await FakeTeams.start({ appId: TEAMS_APP, tenantId: TEAMS_TENANT });
    makeChannels(teams);
    product = await RunningProduct.start(...bothPlatforms(slack, teams, platform));
    slack.deliverTo(`${product.origin}/slack/events`);
    teams.botUrl = `${product.origin}/api/messages`;
    agents = platform === "slack" ? slackAgents(slack) : teamsAgents(teams);
    await teams.mention(ana, TEAMS_AGENTS, "help");
    for (const question of [held, waiting]) await ask(question);
    await agents.claim(held);
    await agents.reply(held, "Press it for five seconds");
    await until(() => sees(), /five seconds/u);
    await product.settled();
    remove();
    await sleep(AGENT_FRESH_MS);
  }, 90_000);
  afterAll(async () => {
    await product[Symbol.asyncDispose]();
    await slack[Symbol.asyncDispose]();
    await teams.stop();
  });

  const sees = () => Promise.resolve(JSON.stringify([slack.transcript("C0GENERAL"), ...toCustomers()]));
  const toCustomers = () =>
    platform === "slack"
      ? slack.messages("C0GENERAL").map(({ text }) => text)
      : teams.state.messages
          .filter(({ conversationId }) => conversationId.startsWith("19:support"))
          .map(({ activity }) => String(activity.text));

  async function ask(question: string): Promise<void> {
    const customer = platform === "slack" ? slackCustomer(slack) : teamsCustomer(teams);
    await customer.ask(question);
    await until(() => customer.sees(), /passed your question to a person/u);
    await until(() => agents.sees(question), /Claim/u);
  }

  /** The account is a guest's now; the person has left the team. */
  function remove(): void {
    const person = slack.workspace.people.get("U0BEN");
    if (person !== undefined) slack.workspace.people.set("U0BEN", { ...person, isGuest: true });
    for (const { members } of teams.state.conversations.values()) {
      const at = members.findIndex(({ id }) => id === ana.id);
      if (at !== -1) members.splice(at, 1);
    }
  }

  const states = async () => {
    const { rows } = await product.app.database.withTenant(DEFAULT_TENANT, (db) =>
      db.query("select question, state, claimed_by_name, updated_at from handoff order by question"),
    );
    return rows;
  };

  it.each<[string, () => Promise<void>]>([
    ["a claim", () => agents.claim(waiting)],
    ["a reply to what nobody holds", () => agents.reply(waiting, "Pay me instead")],
    ["a reply to what they hold", () => agents.reply(held, "Pay me instead")],
    ["a control", () => agents.reply(held, "!resolve")],
    ["a button", () => agents.resolve(held)],
    ["a changed reply", () => agents.edit("Press it for five seconds", "Pay me instead")],
    ["a note", () => agents.note(held, "Pay me instead")],
  ])("%s does nothing", async (_, act) => {
    const before = { states: await states(), customers: toCustomers() };
    await act();
    await slack.settled();
    await product.settled();
    expect(await states()).toEqual(before.states);
    expect(toCustomers()).toEqual(before.customers);
    const { rows } = await product.app.database.withTenant(DEFAULT_TENANT, (db) =>
      db.query("select from transcript_entry where body like '%Pay me%'"),
    );
    expect(rows).toEqual([]);
  });
});
