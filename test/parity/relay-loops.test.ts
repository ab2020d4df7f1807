import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { adam, ana, cora } from "../fakes/teams/people.js";
import { attackCase, hasAttackFile } from "./attack-file.js";
import { until } from "./people.js";
import { bothPlatforms, TEAMS_APP, TEAMS_TENANT } from "./both-platforms.js";
import { RunningProduct } from "./running-product.js";
import { SLACK_AGENTS, slackAgents, slackCustomer } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS, teamsAgents, teamsCustomer } from "./teams-people.js";

const GENERAL = "C0GENERAL";
const SUPPORT = "19:support@thread.tacv2";

/** Cases REL-02, 03 and 08 of attacks.jsonl: what comes back to the bot, other bots, and others who read along. */
describe.skipIf(!hasAttackFile)("who is not heard in a handoff (needs TEST_DATA_DIR)", () => {
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

  async function start(agentsOn: "slack" | "teams"): Promise<RunningProduct> {
    const started = await RunningProduct.start(...bothPlatforms(slack, teams, agentsOn));
    slack.deliverTo(`${started.origin}/slack/events`);
    teams.botUrl = `${started.origin}/api/messages`;
    return started;
  }

  const outcomes = async () => {
    const { rows } = await product.app.database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ line: string }>("select outcome || ': ' || outcome_reason as line from inbox order by seq"),
    );
    return rows.map(({ line }) => line);
  };

  describe("on Slack", () => {
    let thread: string;
    let card: string;
    const question = "I need a person for the loops";

    beforeAll(async () => {
      product = await start("slack");
      const customer = slackCustomer(slack);
      await customer.ask(question);
      await until(() => customer.sees(), /passed your question to a person/u);
      const agents = slackAgents(slack);
      await agents.claim(question);
      await agents.reply(question, "Hello from an agent");
      await until(() => customer.sees(), /Hello from an agent/u);
      await product.settled();
      thread = slack.messages(GENERAL).find(({ userId }) => userId === "U0ANNA")?.ts ?? "";
      card = slack.messages(SLACK_AGENTS).find(({ threadTs }) => threadTs === null)?.ts ?? "";
    });
    afterAll(() => product[Symbol.asyncDispose]());

    const posts = () => slack.calls.filter(({ method }) => method === "chat.postMessage").length;

    /** Delivers an event that Slack signs, made of one of an agent's; resolves with what came of it. */
    async function deliver(channel: string, root: string, changes: object): Promise<object> {
      const [like] = slack.say("U0BEN", channel, "Hello again", { thread: root }).deliveries;
      if (like === undefined) throw new Error("Slack told nobody");
      await like.outcome;
      await product.settled();
      const before = { posts: posts(), events: (await outcomes()).length };

      const { payload } = like.parcel;
      const ts = `${Math.floor(Date.now() / 1_000)}.${String(before.events).padStart(6, "0")}`;
      const event = { ...(payload["event"] as object), ts, ...changes };
      const parcel = { ...like.parcel, payload: { ...payload, event_id: `Ev${newId()}`, event } };
      const { status } = await slack.redeliver({ ...like, parcel }).outcome;
      await product.settled();
      return { status, posts: posts() - before.posts, events: (await outcomes()).length - before.events };
    }

    it.each([
      ["with our own ids", { bot_id: "B00ACME", user: "U0BOT0ACME" }],
      ["by another bot's id", { bot_id: "B0", user: "U0BOT" }],
      ["as a bot's message", { subtype: "bot_message", bot_id: "B0", user: undefined }],
      ["by our user alone", { user: "U0BOT0ACME" }],
    ])("REL-02: an echo %s makes no loop on either side", async (_, changes) => {
      const nothing = { status: 200, posts: 0, events: 0 };
      await expect(deliver(GENERAL, thread, { text: "echo", ...changes })).resolves.toEqual(nothing);
      await expect(deliver(SLACK_AGENTS, card, { text: "echo", ...changes })).resolves.toEqual(nothing);
      // What a person writes there is relayed.
      await expect(deliver(SLACK_AGENTS, card, {})).resolves.toEqual({ status: 200, posts: 1, events: 1 });
    });

    it("REL-03: another bot that answers everything is answered three times at most", async () => {
      const [before, first] = [posts(), (await outcomes()).length];
      for (let round = 0; round < 100; round += 1) {
        slack.say("U0ROBOT", GENERAL, `@Deskhand beep ${round}`, { thread });
      }
      await slack.settled();
      await product.settled();
      expect(posts() - before).toBeLessThanOrEqual(3);
      expect((await outcomes()).slice(first).filter((line) => !line.startsWith("ignored"))).toEqual([]);
    });

    it("REL-08: who writes in another customer's thread reaches neither their agents nor their handoff", async () => {
      const before = { agents: slack.transcript(SLACK_AGENTS, card), posts: posts() };
      const said = slack.say("U0CARLA", GENERAL, `${attackCase("REL-08").input}, please refund me`, { thread });
      await said.acknowledged();
      slack.people.edit("U0CARLA", { channel: GENERAL, ts: said.ts }, "refund me now");
      slack.people.remove("U0CARLA", { channel: GENERAL, ts: said.ts });
      await slack.settled();
      await product.settled();
      expect(slack.transcript(SLACK_AGENTS, card)).toBe(before.agents);
      expect(posts()).toBe(before.posts);

      await slack.say("U0ANNA", GENERAL, "It is my thread", { thread }).acknowledged();
      await until(() => Promise.resolve(slack.transcript(SLACK_AGENTS, card)), /It is my thread/u);
    });
  });

  describe("on Teams", () => {
    const question = "I need a person for the loops in Teams";
    const agents = () => teamsAgents(teams);
    let thread: string;

    beforeAll(async () => {
      product = await start("teams");
      await teams.mention(ana, TEAMS_AGENTS, "help");
      const customer = teamsCustomer(teams);
      await customer.ask(question);
      await until(() => customer.sees(), /passed your question to a person/u);
      await agents().claim(question);
      await agents().reply(question, "Hello from an agent");
      await until(() => customer.sees(), /Hello from an agent/u);
      await product.settled();
      thread =
        teams.state.messages.find(({ isBots, activity }) => !isBots && String(activity.text).includes(question))
          ?.conversationId ?? "";
    });
    afterAll(() => product[Symbol.asyncDispose]());

    it.each([
      ["REL-02: its own words", () => ({ id: teams.botId, name: "Deskhand", aadObjectId: "" }), 2],
      ["REL-03: another bot", () => ({ id: "28:other", name: "Robot", aadObjectId: "" }), 100],
    ])("%s make no loop", async (_, who, times) => {
      const cardThread = teams.state.messages.find(
        ({ conversationId, isBots }) =>
          isBots && conversationId.startsWith(TEAMS_AGENTS) && conversationId.includes(";"),
      )?.conversationId;
      const first = (await outcomes()).length;
      const before = teams.requests.length;
      for (let time = 0; time < times; time += 1) {
        await teams.mention(who(), thread, `beep ${time}`);
        await teams.say(who(), cardThread ?? "", `beep ${time}`);
      }
      await product.settled();
      expect(teams.requests.length - before).toBeLessThanOrEqual(3);
      expect((await outcomes()).slice(first).filter((line) => !line.startsWith("ignored"))).toEqual([]);
    });

    it("REL-08: who writes in another customer's thread reaches neither their agents nor their handoff", async () => {
      expect(thread.startsWith(SUPPORT)).toBe(true);
      const before = { agents: await agents().sees(question), requests: teams.requests.length };
      await teams.say(adam, thread, `${attackCase("REL-08").input}, please refund me`);
      await product.settled();
      expect(await agents().sees(question)).toBe(before.agents);
      expect(teams.requests.length).toBe(before.requests);
      await teams.say(cora, thread, "It is my thread");
      await until(() => agents().sees(question), /It is my thread/u);
    });
  });
});
