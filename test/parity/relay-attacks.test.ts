import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { ana } from "../fakes/teams/people.js";
import { attackCase, hasAttackFile } from "./attack-file.js";
import { until, type AmendingAgents, type Customer } from "./people.js";
import { bothPlatforms, TEAMS_APP, TEAMS_TENANT } from "./both-platforms.js";
import { RunningProduct } from "./running-product.js";
import { slackAgents, slackCustomer } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS, teamsAgents, teamsCustomer } from "./teams-people.js";

const PLATFORMS = ["slack", "teams"] as const;

/** Cases REL of attacks.jsonl that agents and customers are part of; REL-02, 03 and 08 are in relay-loops.test.ts. */
describe.skipIf(!hasAttackFile).each(PLATFORMS)("the relay with agents on %s (needs TEST_DATA_DIR)", (agentsOn) => {
  let slack: FakeSlack;
  let teams: FakeTeams;
  let product: RunningProduct;
  let agents: AmendingAgents;

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

  describe.each(PLATFORMS)("and a customer on %s", (customerOn) => {
    let customer: Customer;
    let question: string;
    let conversations = 0;

    beforeEach(async () => {
      agents = agentsOn === "slack" ? slackAgents(slack) : teamsAgents(teams);
      customer = customerOn === "slack" ? slackCustomer(slack) : teamsCustomer(teams);
      conversations += 1;
      question = `I need a person, number ${conversations} from ${customerOn}`;
      await customer.ask(question);
      await until(() => customer.sees(), /passed your question to a person/u);
      await agents.claim(question);
      await until(() => agents.sees(question), /[Cc]laimed/u);
      await product.settled();
    });

    const inThread = () => agents.sees(question);
    /** What was sent to a platform in a request, whatever became of it. */
    const sent = () => JSON.stringify([slack.calls, teams.bodies]);
    const transcript = async () => {
      const { rows } = await product.app.database.withTenant(DEFAULT_TENANT, (db) =>
        db.query<{ line: string }>(
          `select entry.speaker || ': ' || entry.body as line
             from transcript_entry as entry join handoff on handoff.conversation_id = entry.conversation_id
            where handoff.question like $1 and entry.speaker in ('agent', 'note') order by entry.at, entry.seq`,
          [`%${question}%`],
        ),
      );
      return rows.map(({ line }) => line);
    };
    const messagesSeen = async () => (await customer.sees()).split("\n").length;

    it("REL-01: a customer's words stand below a line that says they are the customer's", async () => {
      await customer.followUp(attackCase("REL-01").input);
      const seen = await until(inThread, /attacker\.example/u);
      const lines = seen.split("\n");
      const at = lines.findIndex((line) => line.includes("attacker.example"));
      const above = lines.slice(0, at + 1).join("\n");
      expect(above.slice(above.lastIndexOf("(customer)"))).toContain("attacker.example");
      expect(above.slice(above.lastIndexOf("(customer)"))).not.toContain("(support team)");
      expect(await customer.sees()).not.toMatch(/\(support team\)/u);
    });

    it("REL-04: an internal note reaches no customer, whatever it says", async () => {
      const { input, forbidden } = attackCase("REL-04");
      expect(forbidden?.test(input)).toBe(true);
      await agents.reply(question, input);
      await agents.note(question, input.replace(/^internal note: /u, ""));
      await agents.reply(question, "Hello there");
      const seen = await until(() => customer.sees(), /Hello there/u);
      expect(seen).not.toMatch(/legal hold/u);
      expect(await transcript()).toContain("agent: Hello there");
      expect((await transcript()).filter((line) => line.includes("legal hold"))).toHaveLength(2);
    });

    it("REL-05: a reply with credentials is sent to nobody, and the agent is told", async () => {
      const { input, forbidden } = attackCase("REL-05");
      const before = await customer.sees();
      await agents.reply(question, input);
      const told = await until(inThread, /Not sent to the customer/u);
      await product.settled();
      expect(told).toMatch(/holds a Slack token and an AWS access key/u);
      expect(await customer.sees()).toBe(before);
      expect(forbidden?.test(sent())).toBe(false);
      expect(await transcript()).toEqual([]);
    });

    it("REL-06: an edit changes the customer's copy once, also when it comes twice", async () => {
      await agents.reply(question, "Press it for five seconds");
      await until(() => customer.sees(), /five seconds/u);
      await product.settled();
      const before = await messagesSeen();
      await agents.edit("Press it for five seconds", "Press it for ten seconds");
      await until(() => customer.sees(), /ten seconds/u);
      await agents.editAgain();
      await product.settled();
      const seen = await customer.sees();
      expect(seen.match(/ten seconds/gu)).toHaveLength(1);
      expect(seen).not.toContain("five seconds");
      expect(await messagesSeen()).toBe(before);
      expect(seen).toMatch(/\(support team\)/u);
      expect(await transcript()).toEqual(["agent: Press it for ten seconds"]);
    });

    it("REL-06: an edit that makes a note of a reply, or brings in a credential, takes the copy back", async () => {
      for (const words of ["// he is angry", attackCase("REL-05").input]) {
        await agents.reply(question, `Words for ${words.length}`);
        await until(() => customer.sees(), new RegExp(`Words for ${words.length}`, "u"));
        await agents.edit(`Words for ${words.length}`, words);
        await until(inThread, /copy of that message was taken back/u);
        await product.settled();
        expect(await customer.sees()).not.toMatch(/Words for|angry|xoxb|AKIA/u);
      }
      expect(await transcript()).toEqual(["note: he is angry"]);
    });

    it("REL-07: a deletion takes the copy away, and a second one does nothing", async () => {
      await agents.reply(question, "He pays late");
      await until(() => customer.sees(), /pays late/u);
      await product.settled();
      await agents.remove("He pays late");
      await product.settled();
      expect(await customer.sees()).not.toContain("pays late");
      const after = await customer.sees();
      await agents.editAgain();
      await product.settled();
      expect(await customer.sees()).toBe(after);
      expect(await inThread()).not.toContain("may not have reached");
      expect(await transcript()).toEqual([]);
    });
  });
});
