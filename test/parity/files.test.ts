import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Settings } from "../../infra/config/settings.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { ana, cora } from "../fakes/teams/people.js";
import { bothPlatforms, TEAMS_APP, TEAMS_TENANT } from "./both-platforms.js";
import { until, type FilingAgents, type FilingCustomer, type SentFile } from "./people.js";
import { RunningProduct } from "./running-product.js";
import { slackAgents, slackCustomer } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS, teamsAgents, teamsCustomer } from "./teams-people.js";
import { WebClient, webAgents, webCustomer } from "./web-people.js";

const PLATFORMS = ["web", "slack", "teams"] as const;
type Platform = (typeof PLATFORMS)[number];

/** The console asks in words that no document answers; the others do not answer at all. */
const asking = (platform: string, about: string) => `I need a person: ${about} on ${platform}`;

const image = (bytes: number): SentFile => ({ name: "till.png", mediaType: "image/png", bytes: randomBytes(bytes) });

class Desk implements AsyncDisposable {
  readonly slack: FakeSlack;
  readonly teams: FakeTeams;
  readonly product: RunningProduct;
  readonly #web: WebClient;

  private constructor(slack: FakeSlack, teams: FakeTeams, product: RunningProduct, web: WebClient) {
    this.slack = slack;
    this.teams = teams;
    this.product = product;
    this.#web = web;
  }

  static async open(
    agentsOn: Platform,
    files: Partial<Exclude<Settings["handoff"]["files"], false>> = {},
  ): Promise<Desk> {
    const slack = await FakeSlack.start();
    const teams = await FakeTeams.start({ appId: TEAMS_APP, tenantId: TEAMS_TENANT });
    makeChannels(teams);
    const [env, changes] = bothPlatforms(slack, teams, agentsOn);
    const port = await freePort();
    const { handoff } = changes;
    if (handoff === undefined || handoff.files === false) throw new Error("unreachable: files are on");
    const product = await RunningProduct.start(
      { ...env, PORT: String(port), DESKHAND_PUBLIC_URL: `http://127.0.0.1:${port}` },
      { ...changes, handoff: { ...handoff, files: { ...handoff.files, ...files } } },
    );
    slack.deliverTo(`${product.origin}/slack/events`);
    teams.botUrl = `${product.origin}/api/messages`;
    // The bot learns where Teams wants to be reached for the agents' channel.
    await teams.mention(ana, TEAMS_AGENTS, "help");
    return new Desk(slack, teams, product, await WebClient.signIn(product.signInLink));
  }

  customer(platform: Platform): FilingCustomer {
    if (platform === "slack") return slackCustomer(this.slack);
    return platform === "teams" ? teamsCustomer(this.teams) : webCustomer(this.#web);
  }

  agents(platform: Platform): FilingAgents {
    if (platform === "slack") return slackAgents(this.slack);
    return platform === "teams" ? teamsAgents(this.teams) : webAgents(this.#web);
  }

  async lines(statement: string): Promise<readonly string[]> {
    const { rows } = await this.product.app.database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ line: string }>(statement),
    );
    return rows.map(({ line }) => line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.product[Symbol.asyncDispose]();
    await this.slack[Symbol.asyncDispose]();
    await this.teams.stop();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Has a handoff claimed, so that both sides can write. */
async function claimed(customer: FilingCustomer, agents: FilingAgents, question: string): Promise<void> {
  await customer.ask(question);
  await until(() => customer.sees(), /person/u);
  await until(() => agents.sees(question), /person/u);
  await agents.claim(question);
  await until(() => agents.sees(question), /claimed/u);
}

const arrived = async (received: () => Promise<readonly Buffer[]>): Promise<readonly Buffer[]> => {
  await until(async () => String((await received()).length), /[1-9]/u);
  return received();
};

it("files that are put into the console beside a note stay with the team, and are kept", async () => {
  await using desk = await Desk.open("web");
  const [customer, agents] = [desk.customer("slack"), desk.agents("web")];
  const question = asking("Slack", "a note");
  await claimed(customer, agents, question);
  await agents.attach(question, "// How it looked before", image(9_000));
  await agents.attach(question, "!search till", image(9_000));
  await agents.reply(question, "One moment");
  await until(() => customer.sees(), /One moment/u);
  await desk.product.settled();
  await desk.product.app.database.withStores(DEFAULT_TENANT, ({ files }) =>
    files.dropUnsent(new Date(Date.now() + 60_000)),
  );
  expect(await customer.received()).toEqual([]);
  expect(await desk.lines("select name as line from relayed_file")).toEqual(["till.png", "till.png"]);
});

describe.each(PLATFORMS)("files with agents on %s", (agentsOn) => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await Desk.open(agentsOn);
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  it.each(PLATFORMS)("and a customer on %s: go each way with their words, and hold the same", async (platform) => {
    const customer = desk.customer(platform);
    const agents = desk.agents(agentsOn);
    const question = asking(platform, "the till is broken");
    await claimed(customer, agents, question);

    const large = image(500_000);
    await customer.attach("This is what it shows.", large);
    await until(() => agents.sees(question), /This is what it shows\./u);
    const got = await arrived(() => agents.received(question));
    const small = image(9_000);
    await agents.attach(question, "Press this one.", small);
    await until(() => customer.sees(), /Press this one\./u);
    const back = await arrived(() => customer.received());

    await desk.product.settled();
    expect([got.length, back.length]).toEqual([1, 1]);
    expect(got[0]?.equals(large.bytes)).toBe(true);
    expect(back[0]?.equals(small.bytes)).toBe(true);
  });
});

describe("files that are not passed on", () => {
  let desk: Desk;
  beforeAll(async () => {
    const scanner = `let n = 0; process.stdin.on("data", (d) => { if (d.includes("EICAR")) n = 1; }).on("end", () => process.exit(n));`;
    desk = await Desk.open("slack", { maxMegabytes: 0.1, scan: [process.execPath, "-e", scanner] });
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  const cases = [
    ["too large", image(200_000), /till\.png: it is larger than/u],
    [
      "a program",
      { name: "run.PDF.exe", mediaType: "application/pdf", bytes: randomBytes(9) },
      /run\.PDF\.exe: files of this type/u,
    ],
    [
      "held back by the scan",
      { name: "a.txt", mediaType: "text/plain", bytes: Buffer.from("EICAR") },
      /a\.txt: it was held back/u,
    ],
  ] as const;

  it.each(cases)("%s: the words arrive, and the sender is told which and why", async (name, file, told) => {
    const customer = desk.customer("slack");
    const agents = desk.agents("slack");
    const question = asking("Slack", name);
    await claimed(customer, agents, question);
    await customer.attach("My words stay.", file);
    await until(() => agents.sees(question), /My words stay\./u);
    await until(() => customer.sees(), told);
    await agents.attach(question, "And mine.", file);
    await until(() => customer.sees(), /And mine\./u);
    await until(() => agents.sees(question), told);
    await desk.product.settled();
    expect(await customer.received()).toEqual([]);
    expect(await agents.received(question)).toEqual([]);
    expect(await desk.lines("select name as line from relayed_file")).toEqual([]);
  });

  it("is refused on the console before its message is sent", async () => {
    const [, file] = cases[2];
    const customer = desk.customer("web");
    await customer.ask(asking("the console", "a refusal"));
    await expect(customer.attach("Look", file)).rejects.toThrow(/400.*it was held back/u);
  });
});

describe("files in Teams", () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await Desk.open("slack");
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  it("come out of a chat with the bot, also without a word", async () => {
    const { slack, teams } = desk;
    const agents = slackAgents(slack);
    const question = asking("Teams", "my report");
    await teams.direct(cora, question);
    await until(() => agents.sees(question), /person/u);
    const report = { name: "report.docx", mediaType: "application/octet-stream", bytes: randomBytes(300_000) };
    await teams.attach(cora, teams.chatWith(cora), "", report);
    const [got] = await arrived(() => agents.received(question));
    expect(got?.equals(report.bytes)).toBe(true);
    expect(await agents.sees(question)).toContain("report.docx");
  });

  it("that lie in a team's library are named, without its keys", async () => {
    const { slack } = desk;
    const customer = desk.customer("teams");
    const agents = slackAgents(slack);
    const question = asking("Teams", "the plan");
    await claimed(customer, agents, question);
    await customer.attach("Here is the plan.", {
      name: "plan.xlsx",
      mediaType: "application/x",
      bytes: randomBytes(9),
    });
    const seen = await until(() => agents.sees(question), /plan\.xlsx/u);
    expect(seen).toContain("Here is the plan.");
    expect(seen).toContain("https://acme.sharepoint.com/sites/support/plan.xlsx");
    expect(seen).not.toContain("tempauth");
  });
});

describe("files of one message", () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await Desk.open("slack");
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  it("come with the question that a person gets, and go with the message that is deleted", async () => {
    const { slack } = desk;
    const agents = slackAgents(slack);
    const question = asking("Slack", "with a file");
    const file = image(5_000);
    const said = slack.mention("U0ANNA", "C0GENERAL", question, { files: [file] });
    const [got] = await arrived(() => agents.received(question));
    expect(got?.equals(file.bytes)).toBe(true);

    await agents.claim(question);
    await agents.attach(question, "Take this back", file);
    const inThread = () => slack.transcript("C0GENERAL", said.thread);
    await until(() => Promise.resolve(inThread()), /file till\.png/u);
    await agents.remove("Take this back");
    await desk.product.settled();
    expect(inThread()).not.toMatch(/Take this back|\[file till\.png[^]*\[file till\.png/u);
    expect(await desk.lines("select name as line from relayed_file")).toEqual(["till.png"]);

    slack.people.removeRoot("U0ANNA", { channel: "C0GENERAL", ts: said.ts });
    await until(() => agents.sees(question), /has deleted one of their messages/u);
    await desk.product.settled();
    expect(await agents.received(question)).toEqual([]);
    expect(await desk.lines("select name as line from relayed_file")).toEqual([]);
  });

  it("are read again when a download is cut, and appear once when a reply of Slack's is lost", async () => {
    const { slack } = desk;
    const customer = desk.customer("slack");
    const agents = slackAgents(slack);
    const question = asking("Slack", "a bad line");
    await claimed(customer, agents, question);
    slack.files.cutDownloads = 1;
    slack.faults.next("files.completeUploadExternal", { kind: "lose-reply" });
    await customer.attach("On a bad line.", image(50_000));
    await arrived(() => agents.received(question));
    await desk.product.settled();
    expect(await agents.received(question)).toHaveLength(1);
  });
});
