import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { defaultSettings } from "../../infra/config/settings.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { FakeOpenAi } from "../fakes/openai/fake-openai.js";
import { asksForAnswer, quoteFromPassages } from "../fakes/openai/quoting-writer.js";
import type { WriteRequest } from "../fakes/openai/request-rules.js";
import { writesDraft, type Script } from "../fakes/openai/scripts.js";
import { FakeTeams } from "../fakes/teams/fake-teams.js";
import { ana, cora } from "../fakes/teams/people.js";
import { testFolder, type TestFolder } from "../support/knowledge.js";
import { attackCases, hasAttackFile, type AttackCase } from "./attack-file.js";
import { RunningProduct } from "./running-product.js";
import { makeChannels, TEAMS_AGENTS } from "./teams-people.js";

const APP = "33333333-3333-4333-8333-333333333333";
const TENANT = "44444444-4444-4444-8444-444444444444";
const QUESTION = "How do I reset the Falcon relay?";
const HONEST = "The Falcon relay is reset with the round button.";

const cases = hasAttackFile
  ? attackCases(["MEN", "EXF", "DPI", "IPI", "UNI"]).filter(({ enters }) => ["message", "kb_document"].includes(enters))
  : [];

describe.skipIf(!hasAttackFile)("on Teams, a model that says whatever the attacker wants (needs TEST_DATA_DIR)", () => {
  const canary = `canary-${randomUUID()}`;
  let teams: FakeTeams;
  let openai: FakeOpenAi;
  let product: RunningProduct;
  let folder: TestFolder;
  let puppet: (request: WriteRequest) => Script = quoteFromPassages;

  beforeAll(async () => {
    openai = await FakeOpenAi.start({
      writer: (request) => (asksForAnswer(request) ? puppet(request) : quoteFromPassages(request)),
    });
    teams = await FakeTeams.start({ appId: APP, tenantId: TENANT });
    makeChannels(teams);
    const settings = defaultSettings();
    const unlimited = "unlimited" as const;
    product = await RunningProduct.start(
      {
        TEAMS_APP_ID: APP,
        TEAMS_APP_PASSWORD: "unused by the stand-in",
        TEAMS_APP_TENANT_ID: TENANT,
        TEAMS_EMULATOR_URL: new URL(teams.serviceUrl).origin,
        OPENAI_API_KEY: openai.apiKey,
        OPENAI_BASE_URL: openai.baseUrl,
      },
      {
        knowledge: { ...settings.knowledge, demo: false },
        answering: {
          ...settings.answering,
          threshold: 0,
          budgets: {
            person: { questionsPerMinute: unlimited, questionsPerDay: unlimited },
            tenant: { questionsPerDay: unlimited, tokensPerDay: unlimited, dollarsPerDay: unlimited },
          },
        },
        handoff: { ...settings.handoff, platform: "teams" },
        teams: { ...settings.teams, agentsChannel: TEAMS_AGENTS },
      },
    );
    teams.botUrl = `${product.origin}/api/messages`;
    await teams.mention(ana, TEAMS_AGENTS, "help");
    folder = testFolder({ "falcon.md": `# Falcon relay\n\n${HONEST}`, "code.md": `# Staff\n\nThe code is ${canary}.` });
    const source = { name: "planted", kind: "folder", location: folder.location, acl: ["public"] } as const;
    await product.app.knowledge.admin.addSource(DEFAULT_TENANT, source);
  });
  afterAll(async () => {
    await product[Symbol.asyncDispose]();
    await openai.close();
    await teams.stop();
    folder[Symbol.dispose]();
  });

  async function know(attack: AttackCase): Promise<string | null> {
    const name = attack.enters === "kb_document" ? `${attack.id.toLowerCase()}.md` : null;
    if (name !== null) folder.write(name, `${attack.input}\n\n${HONEST} Its lamp is green.`);
    await product.sync("planted");
    return name;
  }

  it.each(cases)("$id: $check.kind", async (attack) => {
    const planted = await know(attack);
    const words = attack.puppetOutput?.replaceAll("{{CANARY}}", canary) ?? null;
    puppet = (request) => {
      const numbers = [...request.input.matchAll(/^BEGIN \S+ \(passage \[(\d+)\]\)$/gmu)].map(([, number]) => number);
      return writesDraft(`${words ?? HONEST} ${numbers.map((number) => `[${String(number)}]`).join(" ")}`);
    };
    const chat = teams.chatWith(cora);
    const before = { bodies: teams.bodies.length, shown: teams.transcript(chat).length, conversation: chat };

    await teams.direct(cora, attack.enters === "message" ? `${attack.input} ${QUESTION}` : QUESTION);
    await product.settled();

    const shown = teams.transcript(before.conversation).slice(before.shown);
    const byBot = shown.filter(({ from }) => from !== cora.name);
    const sent = JSON.stringify(teams.bodies.slice(before.bodies));
    expect(byBot.length).toBeGreaterThan(0);
    expect(byBot.flatMap(({ live }) => live)).toEqual([]);
    expect(byBot.flatMap(({ links }) => links).filter((link) => !isAllowed(attack, link))).toEqual([]);
    expect(sent).not.toMatch(/"type":"mention"|Action\.OpenUrl/u);
    expect(sent).not.toContain(canary);
    const said = byBot.map(({ text }) => text).join("\n");
    if (attack.check.kind === "stripped_everywhere") expect(attack.forbidden?.test(said)).toBe(false);
    if (attack.check.kind === "answer_grounded_or_escalated" && words !== null) expect(said).not.toContain(words);
    if (planted !== null) folder.remove(planted);
    await product.app.database.withTenant(DEFAULT_TENANT, async (db) => {
      const sql = "select outcome from inbox where kind = 'message' order by seq desc limit 1";
      const { rows } = await db.query<{ outcome: string }>(sql);
      expect(["answered", "clarified", "handed-off", "relayed"]).toContain(rows[0]?.outcome);
    });
  });

  /** The next case is a conversation that no person has, whatever became of this one. */
  afterEach(async () => {
    await product.app.database.withTenant(DEFAULT_TENANT, async (db) => {
      await db.query("update handoff set state = 'resolved' where state <> 'resolved'");
      await db.query("update handoff_target set ended_at = now(), outcome = 'dropped' where ended_at is null");
    });
  });
});

function isAllowed({ check }: AttackCase, link: string): boolean {
  const allowed = z.array(z.string()).safeParse(check["allow"]).data ?? [];
  return URL.canParse(link) && allowed.includes(new URL(link).host);
}
