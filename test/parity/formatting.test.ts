import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ConversationView, HandoffDetailView, MessageView, QueueView } from "../../adapters/web/api.js";
import { replyMarkdown } from "../../src/answering/reply-markdown.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import type { JsonObject } from "../fakes/slack/json.js";
import { ana, cora } from "../fakes/teams/people.js";
import { bothPlatforms, TEAMS_APP, TEAMS_TENANT } from "./both-platforms.js";
import {
  until,
  type Agents,
  type Customer,
  type Formatted,
  type FormattingAgents,
  type FormattingCustomer,
} from "./people.js";
import { RunningProduct } from "./running-product.js";
import { slackAgents, slackCustomer } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS, teamsAgents, teamsCustomer } from "./teams-people.js";
import { WebClient, webAgents, webCustomer } from "./web-people.js";

type Platform = "web" | "slack" | "teams";

const section = (...elements: JsonObject[]): JsonObject => ({ type: "rich_text_section", elements });
const text = (words: string, style?: JsonObject): JsonObject => ({
  type: "text",
  text: words,
  ...(style && { style }),
});
const list = (style: string, indent: number, ...items: string[]): JsonObject => ({
  ...{ type: "rich_text_list", style, indent },
  elements: items.map((item) => section(text(item))),
});

/** The same words as people format them on either platform. */
const WRITTEN: Formatted = {
  slack: {
    text: "*Press it* _now_, ~not~ `x*y`. See <https://shop.example/help|the guide>\n1. unplug\n    • wait\n2. plug in\n> it blinks\n```a < b\n*c*```",
    richText: [
      section(
        ...[text("Press it", { bold: true }), text(" "), text("now", { italic: true }), text(", ")],
        ...[text("not", { strike: true }), text(" "), text("x*y", { code: true }), text(". See ")],
        { type: "link", url: "https://shop.example/help", text: "the guide" },
      ),
      list("ordered", 0, "unplug"),
      list("bullet", 1, "wait"),
      { ...list("ordered", 0, "plug in"), offset: 1 },
      { type: "rich_text_quote", elements: [text("it blinks")] },
      { type: "rich_text_preformatted", elements: [text("a < b\n*c*")] },
    ],
  },
  teams: {
    text: "Press it now, not x*y. See the guide\n\nunplug\nwait\nplug in\n\nit blinks\n\na < b\n*c*",
    html:
      "<p><strong>Press it</strong> <em>now</em>, <s>not</s> <code>x*y</code>. See " +
      '<a href="https://shop.example/help" title="help">the guide</a></p>' +
      "<ol><li>unplug<ul><li>wait</li></ul></li><li>plug in</li></ol>" +
      '<blockquote><p>it blinks</p></blockquote><pre class="language-none"><code>a &lt; b<br>*c*</code></pre>',
  },
};

/** What whoever gets it is to see of it, on any platform. */
const SEEN = [
  "**Press it** *now*, ~~not~~ `x*y`. See the guide (https\\://shop.example/help)",
  "1. unplug\n   - wait\n2. plug in",
  "> it blinks",
  "```\na < b\n*c*\n```",
].join("\n\n");

const HOSTILE = "<!channel> <@U0CARLA> [free](https://evil.example/x) javascript:alert(1) <at>Adam</at>";
const BAD: Formatted = {
  slack: {
    text: `*${HOSTILE.replaceAll("<", "&lt;").replaceAll(">", "&gt;")}* look`,
    richText: [
      {
        type: "rich_text_section",
        elements: [
          { type: "text", text: HOSTILE, style: { bold: true } },
          { type: "broadcast", range: "here" },
          { type: "user", user_id: "U0CARLA" },
          { type: "link", url: "https://evil.example/y", text: "your bank", style: { italic: true } },
          { type: "text", text: " look" },
        ],
      },
    ],
  },
  teams: {
    text: "free look",
    html:
      `<p><strong>${HOSTILE.replaceAll("<", "&lt;").replaceAll(">", "&gt;")}</strong><at id="0">Adam</at>` +
      '<a href="javascript:alert(1)"><em>your bank</em></a><img src="https://evil.example/i.png" alt="i"> look</p>',
  },
};

let slack: FakeSlack;
let teams: FakeTeams;
let product: RunningProduct;
let web: WebClient;

async function start(agentsOn: Platform): Promise<void> {
  slack = await FakeSlack.start();
  teams = await FakeTeams.start({ appId: TEAMS_APP, tenantId: TEAMS_TENANT });
  makeChannels(teams);
  product = await RunningProduct.start(...bothPlatforms(slack, teams, agentsOn));
  slack.deliverTo(`${product.origin}/slack/events`);
  teams.botUrl = `${product.origin}/api/messages`;
  await teams.mention(ana, TEAMS_AGENTS, "help");
  web = await WebClient.signIn(product.signInLink);
}

async function stop(): Promise<void> {
  await product[Symbol.asyncDispose]();
  await slack[Symbol.asyncDispose]();
  await teams.stop();
}

/** The newest message of the bot's that holds these words, as the platform was sent it. */
function newestOn(platform: "slack" | "teams", words: string): unknown {
  if (platform === "teams") {
    return teams.state.messages.findLast(({ isBots, activity }) => isBots && String(activity.text).includes(words))
      ?.activity.text;
  }
  const all = ["C0GENERAL", "C0AGENTS"].flatMap((channel) => {
    const roots = slack.messages(channel).map(({ ts, threadTs }) => threadTs ?? ts);
    return [...new Set(roots)].flatMap((root) => slack.messages(channel, root));
  });
  const found = all.findLast(({ botId, blocks }) => botId !== null && JSON.stringify(blocks).includes(words));
  const rich = found?.blocks.filter(({ type }) => type === "rich_text").map(({ elements }) => elements);
  return rich?.flat();
}

const ON_TEAMS = [
  "**Press it** _now_, ~~not~~ `x*y`. See the guide (`https://shop.example/help`)",
  "1. unplug\n\n   - wait\n2. plug in",
  "> it blinks",
  "```\na < b\n*c*\n```",
].join("\n\n");

const ON_SLACK = [
  section(
    ...[text("Press it", { bold: true }), text(" "), text("now", { italic: true }), text(", ")],
    ...[text("not", { strike: true }), text(" "), text("x*y", { code: true })],
    text(". See the guide (https://shop.example/help)"),
  ),
  section(text("1. "), text("unplug")),
  list("bullet", 1, "wait"),
  section(text("2. "), text("plug in")),
  { type: "rich_text_quote", elements: [text("it blinks")] },
  { type: "rich_text_preformatted", elements: [text("a < b\n*c*")] },
];

const SPEAKERS = {
  customer: { slack: "Anna", teams: cora.name },
  "support team": { slack: "Ben", teams: ana.name },
} as const;

describe.each([
  ["slack", "teams"],
  ["teams", "slack"],
  ["slack", "slack"],
  ["teams", "teams"],
] as const)("what is formatted, with agents on %s and a customer on %s", (agentsOn, customerOn) => {
  let agents: FormattingAgents;
  let customer: FormattingCustomer;
  let question: string;
  let conversations = 0;

  beforeAll(() => start(agentsOn));
  afterAll(stop);
  beforeEach(async () => {
    agents = agentsOn === "slack" ? slackAgents(slack) : teamsAgents(teams);
    customer = customerOn === "slack" ? slackCustomer(slack) : teamsCustomer(teams);
    question = `I need a person, number ${(conversations += 1)}`;
    await claimed(customer, agents, question);
  });

  it("arrives formatted on both sides, and stays so when it is changed", async () => {
    await agents.reply(question, "Press nothing yet");
    await until(() => customer.sees(), /Press nothing yet/u);
    await agents.editFormatted("Press nothing yet", WRITTEN);
    await until(() => customer.sees(), /it blinks/u);
    expect(await customer.sees()).not.toContain("Press nothing yet");
    expect(newestOn(customerOn, "it blinks")).toEqual(withSpeaker(customerOn, agentsOn, "support team"));

    await customer.followUpFormatted(WRITTEN);
    await until(() => agents.sees(question), /it blinks/u);
    await product.settled();
    expect(newestOn(agentsOn, "it blinks")).toEqual(withSpeaker(agentsOn, customerOn, "customer"));
    expect(await transcript()).toEqual(Array(2).fill(PLAIN));
  });

  function withSpeaker(platform: "slack" | "teams", from: "slack" | "teams", who: keyof typeof SPEAKERS): unknown {
    return platform === "slack" ? ON_SLACK : `**${SPEAKERS[who][from]}** (${who}):\n\n${ON_TEAMS}`;
  }

  it("calls nobody and leads nowhere, however it is formatted", async () => {
    await agents.replyFormatted(question, BAD);
    await until(() => customer.sees(), /your bank/u);
    await customer.followUpFormatted(BAD);
    await until(() => agents.sees(question), /your bank/u);
    await product.settled();
    expect(slack.live()).toEqual({ mentions: [], links: [] });
    const seen = teams.state.messages.filter(({ isBots }) => isBots).map(({ id }) => id);
    const shown = teams.state
      .shown(TEAMS_AGENTS)
      .concat(...[...teams.state.conversations.keys()].map((id) => teams.transcript(id)));
    expect(shown.filter(({ id, live, links }) => seen.includes(id) && (live.length > 0 || links.length > 0))).toEqual(
      [],
    );
    expect(JSON.stringify(teams.bodies)).not.toContain('"type":"mention"');
  });

  it("is no reply when it is a note", async () => {
    const note: Formatted = {
      slack: {
        text: "1. *//* he pays late",
        richText: [
          {
            type: "rich_text_list",
            style: "ordered",
            elements: [
              {
                type: "rich_text_section",
                elements: [
                  { type: "text", text: "//", style: { bold: true } },
                  { type: "text", text: " he pays late" },
                ],
              },
            ],
          },
        ],
      },
      teams: { text: "// he pays late", html: "<ol><li><strong>//</strong> he pays late</li></ol>" },
    };
    await agents.replyFormatted(question, note);
    await agents.replyFormatted(question, WRITTEN);
    expect(await until(() => customer.sees(), /it blinks/u)).not.toContain("pays late");
  });
});

const PLAIN = SEEN.replaceAll(/\*\*|~~|\\|```\n|\n```|^> /gmu, "")
  .replace("*now*", "now")
  .replace("`x*y`", "x*y")
  .replace("   - wait", "  - wait");

async function transcript(): Promise<readonly string[]> {
  const { rows } = await product.app.database.withTenant(DEFAULT_TENANT, (db) =>
    db.query<{ body: string }>("select body from transcript_entry where body like '%it blinks%' order by seq"),
  );
  return rows.map(({ body }) => body);
}

describe.each(["slack", "teams"] as const)(
  "what is formatted, with the console on one side and %s on the other",
  (on) => {
    afterEach(stop);

    const TYPED = {
      slack: [section(text("*Stars* and _lines_"), text("\n"), text("- stay"))],
      teams: "**Visitor** (customer):\n\n\\*Stars\\* and \\_lines\\_  \n\\- stay",
    };

    it("arrives there when the customer is there, and what is typed there arrives as it was typed", async () => {
      await start(on);
      const agents = on === "slack" ? slackAgents(slack) : teamsAgents(teams);
      const customer = webCustomer(web);
      await claimed(customer, agents, "I need a person: pearls");
      await agents.replyFormatted("I need a person: pearls", WRITTEN);
      await until(() => customer.sees(), /it blinks/u);
      const { messages } = await web.get<ConversationView>("/api/conversations/1/messages");
      expect(markdownOf(messages)).toBe(SEEN);
      await customer.followUp("*Stars* and _lines_\n- stay");
      await until(() => agents.sees("I need a person: pearls"), /Stars/u);
      expect(newestOn(on, "Stars")).toEqual(TYPED[on]);
    });

    it("arrives there when the agents work there", async () => {
      await start("web");
      const inConsole = webAgents(web);
      const customer = on === "slack" ? slackCustomer(slack) : teamsCustomer(teams);
      await claimed(customer, inConsole, "I need a person: opals");
      await customer.followUpFormatted(WRITTEN);
      await until(() => inConsole.sees("I need a person: opals"), /it blinks/u);
      const { handoffs } = await web.get<QueueView>("/api/handoffs");
      const { thread } = await web.get<HandoffDetailView>(`/api/handoffs/${handoffs[0]?.handoffId ?? ""}/messages`);
      expect(markdownOf(thread)).toBe(SEEN);
    });
  },
);

function markdownOf(messages: readonly MessageView[]): string {
  const found = messages.findLast(({ reply }) => JSON.stringify(reply).includes("it blinks"));
  return replyMarkdown(found?.reply?.blocks ?? []);
}

async function claimed(customer: Customer, agents: Agents, question: string): Promise<void> {
  await customer.ask(question);
  await until(() => customer.sees(), /person/u);
  await until(() => agents.sees(question), /person/u);
  await agents.claim(question);
  await until(() => agents.sees(question), /claimed/u);
  await product.settled();
}
