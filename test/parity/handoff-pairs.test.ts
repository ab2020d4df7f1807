import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { ana } from "../fakes/teams/people.js";
import { canDeploy, deploy, type Deployment } from "../support/deployment.js";
import { openServerUrl } from "../support/server-database.js";
import { until, type Agents, type Customer } from "./people.js";
import { SLACK_AGENTS, slackAgents, slackCustomer } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS, teamsAgents, teamsCustomer } from "./teams-people.js";
import { WebClient, webAgents, webCustomer } from "./web-people.js";

const TEAMS_APP = "33333333-3333-4333-8333-333333333333";
const TEAMS_TENANT = "44444444-4444-4444-8444-444444444444";
const PLATFORMS = ["web", "slack", "teams"] as const;
type Platform = (typeof PLATFORMS)[number];

const NOTE = "The harbour master said so.";
/** What is said to the other side, in this order. */
const SAID = {
  first: "We do, on Thursdays.",
  second: "Also the black ones?",
  third: "Now I ask about the grey ones too.",
  fourth: "Grey and black, both.",
  notSolved: "No, it still does not work, the till refused them.",
  fifth: "The till is mended now.",
} as const;

const TRANSCRIPT = `
  select transcript_entry.body as line
    from transcript_entry
    join conversation on conversation.id = transcript_entry.conversation_id
    join handoff on handoff.conversation_id = conversation.id
   where handoff.question = $1 and conversation.tenant_id = current_tenant()
   order by transcript_entry.seq`;

const EVENTS = `
  select case handoff_event.event when 'reply' then 'first reply' else handoff_event.to_state end as line
    from handoff_event join handoff on handoff.id = handoff_event.handoff_id
   where handoff.question = $1 and handoff.tenant_id = current_tenant()
   order by handoff_event.at, handoff_event.id`;

/** A web and a worker process, the three platforms, and the people of each. */
class Pair implements AsyncDisposable {
  readonly #deployment: Deployment;
  readonly #slack: FakeSlack;
  readonly #teams: FakeTeams;
  readonly #web: WebClient;
  readonly #folder: string;

  private constructor(deployment: Deployment, slack: FakeSlack, teams: FakeTeams, web: WebClient, folder: string) {
    this.#deployment = deployment;
    this.#slack = slack;
    this.#teams = teams;
    this.#web = web;
    this.#folder = folder;
  }

  static async open(agentsOn: Platform): Promise<Pair> {
    const folder = await mkdtemp(join(tmpdir(), "deskhand-pairs-"));
    const settings = join(folder, "deskhand.yaml");
    await writeFile(
      settings,
      `handoff: { platform: ${agentsOn} }\nslack: { agentsChannel: ${SLACK_AGENTS} }\nteams: { agentsChannel: "${TEAMS_AGENTS}" }\n`,
    );
    const slack = await FakeSlack.start();
    const teams = await FakeTeams.start({ appId: TEAMS_APP, tenantId: TEAMS_TENANT });
    makeChannels(teams);
    const deployment = await deploy(slack, {
      purpose: "pairs",
      processes: 1,
      env: {
        DESKHAND_SETTINGS: settings,
        TEAMS_APP_ID: TEAMS_APP,
        TEAMS_APP_PASSWORD: "unused by the stand-in",
        TEAMS_APP_TENANT_ID: TEAMS_TENANT,
        TEAMS_EMULATOR_URL: new URL(teams.serviceUrl).origin,
      },
    });
    const [web] = deployment.webs;
    if (web === undefined) throw new Error("unreachable: one of each role is deployed");
    slack.deliverTo(`${web.origin}/slack/events`);
    teams.botUrl = `${web.origin}/api/messages`;
    // The bot learns where Teams wants to be reached for the agents' channel.
    await teams.mention(ana, TEAMS_AGENTS, "help");
    const link = await until(() => Promise.resolve(web.said), /https?:\/\/\S+\/signin\?token=\S+/u);
    const client = await WebClient.signIn(/https?:\/\/\S+\/signin\?token=\S+/u.exec(link)?.[0] ?? "");
    return new Pair(deployment, slack, teams, client, folder);
  }

  customer(platform: Platform): Customer {
    if (platform === "slack") return slackCustomer(this.#slack);
    return platform === "teams" ? teamsCustomer(this.#teams) : webCustomer(this.#web);
  }

  agents(platform: Platform): Agents {
    if (platform === "slack") return slackAgents(this.#slack);
    return platform === "teams" ? teamsAgents(this.#teams) : webAgents(this.#web);
  }

  /** What the database holds of the handoff of a question. */
  async lines(statement: string, question: string): Promise<readonly string[]> {
    await using database = await openServerUrl(this.#deployment.databaseUrl);
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ line: string }>(statement, [question]),
    );
    return rows.map(({ line }) => line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#deployment[Symbol.asyncDispose]();
    await this.#slack[Symbol.asyncDispose]();
    await this.#teams.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

describe.skipIf(!canDeploy)(
  `the whole life of a handoff with a web and a worker process${canDeploy ? "" : ": skipped, TEST_DATABASE_URL and TEST_REDIS_URL are not set"}`,
  () => {
    describe.each(PLATFORMS)("agents on %s", (agentsOn) => {
      let pair: Pair;
      beforeAll(async () => {
        pair = await Pair.open(agentsOn);
      }, 120_000);
      afterAll(() => pair[Symbol.asyncDispose]());

      it.each(PLATFORMS)(
        "a customer on %s: claimed, snoozed, woken, resolved, reopened, confirmed; both sides read the same",
        async (platform) => {
          const customer = pair.customer(platform);
          const agents = pair.agents(agentsOn);
          const question = `Do you take payment in pearls from ${platform}?`;
          await customer.ask(question);
          await until(() => agents.sees(question), /pearls/u);
          await until(() => customer.sees(), /passed your question to a person/u);

          await agents.claim(question);
          await until(() => agents.sees(question), /has claimed this\. Replies here/u);
          await agents.note(question, NOTE);
          await until(() => agents.sees(question), new RegExp(NOTE, "u"));
          await say(agents, question, customer, SAID.first);
          await answer(agents, question, customer, SAID.second);

          await agents.reply(question, "!snooze 1h");
          await until(() => agents.sees(question), /has snoozed this until/u);
          await answer(agents, question, customer, SAID.third);
          await until(() => agents.sees(question), /the snooze is over/u);
          await say(agents, question, customer, SAID.fourth);

          await agents.reply(question, "!resolve");
          await until(() => customer.sees(), /has marked this as solved/u);
          await answer(agents, question, customer, SAID.notSolved);
          await agents.reply(question, "!claim");
          await until(() => agents.sees(question), /(?:has claimed this[^]*){2}/u);
          await say(agents, question, customer, SAID.fifth);
          await agents.reply(question, "!resolve");
          await until(() => agents.sees(question), /(?:has resolved this[^]*){2}/u);
          await customer.followUp("Thanks, that works!");
          await until(() => agents.sees(question), /says that it is solved/u);

          await customer.followUp("How do I reset the Hub to factory settings?");
          const seen = await until(() => customer.sees(), /\[1\]/u);

          const said = Object.values(SAID);
          expect(inOrder(seen)).toEqual(said);
          expect(inOrder(await agents.sees(question))).toEqual(said);
          const transcript = await pair.lines(TRANSCRIPT, question);
          expect(transcript.filter((line) => said.includes(line as (typeof said)[number]))).toEqual(said);
          expect(seen).not.toContain(NOTE);
          expect(await pair.lines(EVENTS, question)).toEqual([
            "waiting",
            "claimed",
            "first reply",
            "snoozed",
            "claimed",
            "resolved",
            "reopened",
            "claimed",
            "resolved",
            "resolved",
          ]);
        },
        90_000,
      );
    });
  },
);

/** An agent writes, and the customer reads it. */
async function say(agents: Agents, question: string, customer: Customer, text: string): Promise<void> {
  await agents.reply(question, text);
  await until(() => customer.sees(), new RegExp(escaped(text), "u"));
}

/** The customer writes, and the agents read it. */
async function answer(agents: Agents, question: string, customer: Customer, text: string): Promise<void> {
  await customer.followUp(text);
  await until(() => agents.sees(question), new RegExp(escaped(text), "u"));
}

function escaped(text: string): string {
  return text.replaceAll(/[.?]/gu, "\\$&");
}

/** Which of the sentences stand in what somebody sees, in the order in which they stand there, as often as they do. */
function inOrder(seen: string): readonly string[] {
  const pattern = new RegExp(Object.values(SAID).map(escaped).join("|"), "gu");
  return [...seen.matchAll(pattern)].map(([text]) => text);
}
