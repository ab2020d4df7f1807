import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { ana } from "../fakes/teams/people.js";
import { attackCase, hasAttackFile } from "./attack-file.js";
import { until } from "./people.js";
import { bothPlatforms, TEAMS_APP, TEAMS_TENANT } from "./both-platforms.js";
import { RunningProduct } from "./running-product.js";
import { slackAgents, slackCustomer } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS, teamsAgents, teamsCustomer } from "./teams-people.js";

/** What an agent writes goes to the customer, from each platform to each. */
describe.skipIf(!hasAttackFile).each(["slack", "teams"] as const)("an agent's hostile reply on %s", (agentsOn) => {
  let slack: FakeSlack;
  let teams: FakeTeams;
  let product: RunningProduct;

  beforeAll(async () => {
    slack = await FakeSlack.start();
    teams = await FakeTeams.start({ appId: TEAMS_APP, tenantId: TEAMS_TENANT });
    makeChannels(teams);
    product = await RunningProduct.start(...bothPlatforms(slack, teams, agentsOn));
    slack.deliverTo(`${product.origin}/slack/events`);
    teams.botUrl = `${product.origin}/api/messages`;
    await teams.mention(ana, TEAMS_AGENTS, "help");
  });
  afterAll(async () => {
    await product[Symbol.asyncDispose]();
    await slack[Symbol.asyncDispose]();
    await teams.stop();
  });

  async function relay(customerOn: "slack" | "teams", id: string) {
    const customer = customerOn === "slack" ? slackCustomer(slack) : teamsCustomer(teams);
    const agents = agentsOn === "slack" ? slackAgents(slack) : teamsAgents(teams);
    const question = `I need a person for ${id} from ${customerOn}`;
    await customer.ask(question);
    await until(customer.sees, /passed your question to a person/u);
    await agents.claim(question);
    await until(() => agents.sees(question), /[Cc]laimed/u);
    const from = { calls: slack.calls.length, bodies: teams.bodies.length, live: slack.live().mentions.length };
    await agents.reply(question, attackCase(id).input);
    const seen = await until(customer.sees, /please read|invoice/u);
    await product.settled();
    const written = slack.calls.slice(from.calls).filter(({ method }) => method.startsWith("chat."));
    return {
      seen,
      mentions: slack.live().mentions.slice(from.live),
      expands: written.filter(({ args }) => args["link_names"] === true || args["parse"] === "full"),
      sent: JSON.stringify([written, teams.bodies.slice(from.bodies)]),
    };
  }

  it.each(["slack", "teams"] as const)("MEN-05: calls nobody when it is relayed to %s", async (customerOn) => {
    const { seen, mentions, expands, sent } = await relay(customerOn, "MEN-05");
    expect(mentions).toEqual([]);
    expect(expands).toEqual([]);
    expect(sent).not.toContain('"type":"mention"');
    // Slack sends "&lt;" for what a person types as "<".
    expect(seen).toMatch(/fyi (?:<|&lt;)!here(?:>|&gt;) please read/u);
  });

  it.each(["slack", "teams"] as const)("UNI-04: loses what turns its words round, to %s", async (customerOn) => {
    const { seen, sent } = await relay(customerOn, "UNI-04");
    const { forbidden } = attackCase("UNI-04");
    expect(seen).toContain("invoicegpj.exe");
    expect(forbidden?.test(seen.replaceAll("\n", " "))).toBe(false);
    expect(sent).not.toMatch(/\\u202e|\u202e/u);
    const rows = await product.app.database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ body: string }>("select body from transcript_entry where body like '%gpj%'"),
    );
    expect(rows.rows.length).toBeGreaterThan(0);
    expect(rows.rows.filter(({ body }) => forbidden?.test(body) ?? true)).toEqual([]);
  });
});
