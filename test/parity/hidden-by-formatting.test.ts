import { afterEach, describe, expect, it } from "vitest";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import type { JsonObject } from "../fakes/slack/json.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { ana } from "../fakes/teams/people.js";
import { bothPlatforms, TEAMS_APP, TEAMS_TENANT } from "./both-platforms.js";
import { until, type Agents, type Customer, type Formatted } from "./people.js";
import { RunningProduct } from "./running-product.js";
import { slackAgents, slackCustomer } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS, teamsAgents, teamsCustomer } from "./teams-people.js";
import { WebClient, webCustomer } from "./web-people.js";

const CARD = "4539 1488 0343 6467";
const section = (...elements: JsonObject[]): JsonObject => ({ type: "rich_text_section", elements });
const numbered = (text: string): JsonObject => ({
  ...{ type: "rich_text_list", style: "ordered" },
  elements: [section({ type: "text", text })],
});

const PAID: Formatted = {
  slack: {
    text: `*Karte*${CARD}\n1. ${CARD}`,
    richText: [
      section({ type: "text", text: "Karte", style: { bold: true } }, { type: "text", text: CARD }),
      numbered(CARD),
    ],
  },
  teams: { text: `Karte${CARD}\n${CARD}`, html: `<p><b>Karte</b>${CARD}</p><ol><li>${CARD}</li></ol>` },
};

const NOTE: Formatted = {
  slack: {
    text: "<@U0ADAM>\n1. // he pays late",
    richText: [section({ type: "user", user_id: "U0ADAM" }, { type: "text", text: "\n" }), numbered("// he pays late")],
  },
  teams: {
    text: "<at>Adam</at>\n\n1. // he pays late",
    html: '<p><at id="0">Adam</at></p><ol><li>// he pays late</li></ol>',
  },
};

const QUESTION = "I need a person for my invoice";

let slack: FakeSlack;
let teams: FakeTeams;
let product: RunningProduct;
let web: WebClient;

async function start(agentsOn: "slack" | "teams"): Promise<void> {
  slack = await FakeSlack.start();
  teams = await FakeTeams.start({ appId: TEAMS_APP, tenantId: TEAMS_TENANT });
  makeChannels(teams);
  product = await RunningProduct.start(...bothPlatforms(slack, teams, agentsOn));
  slack.deliverTo(`${product.origin}/slack/events`);
  teams.botUrl = `${product.origin}/api/messages`;
  await teams.mention(ana, TEAMS_AGENTS, "help");
  web = await WebClient.signIn(product.signInLink);
}

async function claimed(customer: Customer, agents: Agents): Promise<void> {
  await customer.ask(QUESTION);
  await until(() => agents.sees(QUESTION), /person/u);
  await agents.claim(QUESTION);
  await until(() => agents.sees(QUESTION), /claimed/u);
}

async function everythingKept(): Promise<string> {
  const tables = ["inbox", "delivery", "transcript_entry", "handoff", "web_message"];
  return product.app.database.withTenant(DEFAULT_TENANT, async (db) => {
    let kept = "";
    for (const table of tables) {
      const { rows } = await db.query(`select to_jsonb(stored)::text as stored from ${table} as stored`);
      kept += JSON.stringify(rows);
    }
    return kept;
  });
}

afterEach(async () => {
  await product[Symbol.asyncDispose]();
  await slack[Symbol.asyncDispose]();
  await teams.stop();
});

describe.each([
  ["slack", "teams"],
  ["teams", "slack"],
] as const)("with agents on %s and a customer on %s, formatting hides", (agentsOn, customerOn) => {
  it("no card's number, and no note to a colleague", async () => {
    await start(agentsOn);
    const agents = agentsOn === "slack" ? slackAgents(slack) : teamsAgents(teams);
    const customer = customerOn === "slack" ? slackCustomer(slack) : teamsCustomer(teams);
    await claimed(customer, agents);

    await customer.followUpFormatted(PAID);
    expect(await until(() => agents.sees(QUESTION), /Karte/u)).toMatch(/•••• 6467[^]*•••• 6467/u);
    await agents.replyFormatted(QUESTION, NOTE);
    await agents.reply(QUESTION, "1. // he never paid");
    await agents.replyFormatted(QUESTION, PAID);
    expect(await until(() => customer.sees(), /•••• 6467/u)).not.toMatch(/pays late|never paid/u);
    await product.settled();
    expect(await everythingKept()).not.toMatch(/0343/u);
  });
});

it("the console shows of a card's number that was typed there its last four digits, and so does the other side", async () => {
  await start("slack");
  const [agents, customer] = [slackAgents(slack), webCustomer(web)];
  await claimed(customer, agents);
  await customer.followUp(`Is it _${CARD}_, or\n2. ${CARD}?`);
  await until(() => agents.sees(QUESTION), /•••• 6467_, or[^]*2\. •••• 6467\?/u);
  expect(await customer.sees()).toContain("2. •••• 6467?");
  await product.settled();
  expect(await everythingKept()).not.toMatch(/0343/u);
});
