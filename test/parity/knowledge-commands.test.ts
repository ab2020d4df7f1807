import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultSettings } from "../../infra/config/settings.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { adam, ana, cora } from "../fakes/teams/people.js";
import { testFolder, type TestFolder } from "../support/knowledge.js";
import { attackCase, hasAttackFile } from "./attack-file.js";
import { until } from "./people.js";
import { RunningProduct } from "./running-product.js";
import { SLACK_ADMIN, SLACK_AGENTS } from "./slack-people.js";
import { makeChannels, TEAMS_AGENTS } from "./teams-people.js";

const TEAMS_APP = "33333333-3333-4333-8333-333333333333";
const TEAMS_TENANT = "44444444-4444-4444-8444-444444444444";
const GENERAL = "C0GENERAL";

/** Somebody who types commands, and what they see after. */
interface Typist {
  type(line: string): Promise<void>;
  sees(): Promise<string>;
  /** Presses the newest button of that label. */
  press(label: string): Promise<void>;
}

interface People {
  readonly admin: Typist;
  /** Not an admin, and not who asked. */
  readonly other: Typist;
}

function onSlack(slack: FakeSlack): People {
  const typist = (user: string): Typist => ({
    async type(line) {
      await slack.slash(user, GENERAL, line.startsWith("kb ") ? `/${line}` : `/deskhand ${line}`);
    },
    sees: () => Promise.resolve(slack.transcript(slack.directChannel(user))),
    async press(label) {
      const channel = slack.directChannel(user);
      const message = slack.messages(channel).findLast(({ blocks }) => JSON.stringify(blocks).includes(`"${label}"`));
      await slack.press(user, { channel, ts: message?.ts ?? "" }, label);
    },
  });
  return { admin: typist(SLACK_ADMIN), other: typist("U0ANNA") };
}

function onTeams(teams: FakeTeams): People {
  const typist = (person: typeof adam): Typist => ({
    async type(line) {
      await teams.direct(person, line);
    },
    sees: () =>
      Promise.resolve(
        teams
          .transcript(teams.chatWith(person))
          .map(({ text }) => text)
          .join("\n"),
      ),
    async press(label) {
      const message = teams.transcript(teams.chatWith(person)).findLast(({ buttons }) => buttons.includes(label));
      if (message !== undefined) await teams.press(person, message, label);
    },
  });
  return { admin: typist(adam), other: typist(cora) };
}

describe("commands on knowledge over the whole product", () => {
  let folder: TestFolder;
  let slack: FakeSlack;
  let teams: FakeTeams;
  let product: RunningProduct;

  beforeAll(async () => {
    folder = testFolder({ "manuals/reset.md": "# Reset\n\nHold the button for ten seconds." });
    slack = await FakeSlack.start();
    teams = await FakeTeams.start({ appId: TEAMS_APP, tenantId: TEAMS_TENANT });
    makeChannels(teams);
    const settings = defaultSettings();
    product = await RunningProduct.start(
      {
        SLACK_BOT_TOKEN: slack.botToken(),
        SLACK_API_URL: slack.apiUrl,
        SLACK_SIGNING_SECRET: slack.signingSecret,
        TEAMS_APP_ID: TEAMS_APP,
        TEAMS_APP_PASSWORD: "unused by the stand-in",
        TEAMS_APP_TENANT_ID: TEAMS_TENANT,
        TEAMS_EMULATOR_URL: new URL(teams.serviceUrl).origin,
      },
      {
        knowledge: { ...settings.knowledge, demo: false, roots: [folder.location] },
        slack: { ...settings.slack, agentsChannel: SLACK_AGENTS, admins: [SLACK_ADMIN, "U0EVE"] },
        teams: { ...settings.teams, agentsChannel: TEAMS_AGENTS, admins: [adam.aadObjectId] },
      },
    );
    slack.deliverTo(`${product.origin}/slack/events`);
    teams.botUrl = `${product.origin}/api/messages`;
    await teams.mention(ana, TEAMS_AGENTS, "help");
  });
  afterAll(async () => {
    await product[Symbol.asyncDispose]();
    await slack[Symbol.asyncDispose]();
    await teams.stop();
    folder[Symbol.dispose]();
  });

  const sources = async () =>
    (await product.app.operations.status()).map(({ name, pausedAt }) => [name, pausedAt !== null]);
  const audited = () => product.app.knowledge.audit.newest(DEFAULT_TENANT, 100);

  it.each<[string, () => People]>([
    ["slack", () => onSlack(slack)],
    ["teams", () => onTeams(teams)],
  ])(
    "are done for an admin on %s, and only when their author confirms where something is taken away",
    async (platform, people) => {
      const { admin, other } = people();
      const name = `manuals-${platform}`;
      await other.type(`kb add manuals ${name}`);
      await until(() => other.sees(), /needs an admin/u);
      await expect(sources()).resolves.toEqual([]);

      await admin.type(`kb add manuals ${name}`);
      await until(() => admin.sees(), /Added manuals-/u);
      await admin.type(`kb sync ${name}`);
      await until(() => admin.sees(), /\+1 ~0 -0/u);
      await admin.type(`kb pause ${name}`);
      await until(() => admin.sees(), /is paused/u);
      await expect(sources()).resolves.toEqual([[name, true]]);

      await admin.type(`kb remove ${name}`);
      const asked = await until(() => admin.sees(), /takes 1 documents? /u);
      const code = /confirm (\w{6})/u.exec(asked)?.[1] ?? "";
      await other.type(`confirm ${code}`);
      await until(() => other.sees(), /Only whoever typed this command can confirm it/u);
      await expect(sources()).resolves.toEqual([[name, true]]);

      await admin.press("Confirm");
      await until(() => admin.sees(), /Removed manuals-/u);
      await expect(sources()).resolves.toEqual([]);
      await admin.type(`kb restore ${name}`);
      await until(() => admin.sees(), /is back/u);
      await expect(sources()).resolves.toEqual([[name, false]]);
      await product.app.operations.removeSource(name);

      const done = (await audited()).filter(({ sourceName }) => sourceName === name).map(({ action }) => action);
      expect(done.reverse()).toEqual(["add", "sync", "pause", "remove", "restore", "remove"]);
      const refused = (await audited()).filter(({ wasAllowed, actor }) => !wasAllowed && actor.startsWith(platform));
      expect(refused.map(({ action }) => action).sort()).toEqual(["add", "confirm"]);
    },
  );

  describe.skipIf(!hasAttackFile)("under attack (needs TEST_DATA_DIR)", () => {
    const asTyped = (id: string) => JSON.parse(attackCase(id).input) as { command: string; text: string };
    const runs = async () => {
      const sql = "select count(*)::int as count from sync_run where tenant_id = $1";
      const { rows } = await product.app.database.withTenant(DEFAULT_TENANT, (transaction) =>
        transaction.query<{ count: number }>(sql, [DEFAULT_TENANT]),
      );
      return rows[0]?.count ?? 0;
    };
    const repliesTo = (user: string) => slack.messages(slack.directChannel(user)).length;
    const typed = async (user: string, id: string) => {
      const { command, text } = asTyped(id);
      const before = repliesTo(user);
      await slack.slash(user, GENERAL, `${command} ${text}`);
      await until(() => Promise.resolve(String(repliesTo(user) - before >= 2)), /true/u);
      await product.settled();
      return slack.transcript(slack.directChannel(user));
    };

    it("ADM-01: who is no admin syncs nothing, is told so alone, and is recorded", async () => {
      const [before, auditedBefore] = [await runs(), (await audited()).length];
      await expect(typed("U0ANNA", "ADM-01")).resolves.toMatch(/needs an admin/u);
      await expect(runs()).resolves.toBe(before);
      const [newest] = await audited();
      expect((await audited()).length).toBe(auditedBefore + 1);
      expect(newest).toMatchObject({ action: "sync", wasAllowed: false, actor: "slack:U0ANNA" });
    });

    it("ADM-02: somebody of another workspace is no admin, whatever their id", async () => {
      const before = await runs();
      const { command, text } = asTyped("ADM-02");
      await slack.slash("U0EVE", GENERAL, `${command} ${text}`);
      await slack.settled();
      await product.settled();
      await expect(runs()).resolves.toBe(before);
    });

    it("ADM-03: a message that looks like a command is a question, also an admin's", async () => {
      const before = await runs();
      slack.direct(SLACK_ADMIN, attackCase("ADM-03").input);
      slack.say(SLACK_ADMIN, GENERAL, attackCase("ADM-03").input);
      await slack.settled();
      await product.settled();
      await expect(runs()).resolves.toBe(before);
    });

    it.each(["ADM-04", "ADM-05", "ADM-06"])("%s: an admin adds nothing that is not to be read", async (id) => {
      const before = await sources();
      await typed(SLACK_ADMIN, id);
      await expect(sources()).resolves.toEqual(before);
    });

    it("ADM-07: what stands behind a command is the name of a source and nothing else", async () => {
      const before = await runs();
      await expect(typed(SLACK_ADMIN, "ADM-07")).resolves.toMatch(/Type it like this: kb sync/u);
      await expect(runs()).resolves.toBe(before);
    });

    it("ADM-08: * removes nothing, and a removal waits for a word of its author", async () => {
      const source = { name: "kept", kind: "folder", location: folder.location, acl: ["public"] } as const;
      await product.app.operations.addSource(source);
      await expect(typed(SLACK_ADMIN, "ADM-08")).resolves.toMatch(/There is no source "\*"/u);
      await slack.slash(SLACK_ADMIN, GENERAL, "/kb remove kept");
      await product.settled();
      await expect(sources()).resolves.toEqual([["kept", false]]);
      await product.app.operations.removeSource("kept");
    });
  });
});
