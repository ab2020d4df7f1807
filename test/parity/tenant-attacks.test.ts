import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { defaultSettings } from "../../infra/config/settings.js";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import { FakeOpenAi } from "../fakes/openai/fake-openai.js";
import { quoteFromPassages } from "../fakes/openai/quoting-writer.js";
import { FakeSlack } from "../fakes/slack/fake-slack.js";
import { DEFAULT_WORKSPACE } from "../fakes/slack/workspace-options.js";
import { leaseOf, messageFrom } from "../support/stores.js";
import { fillEveryTable } from "../support/tenant-rows.js";
import { attackCase, hasAttackFile } from "./attack-file.js";
import { RunningProduct } from "./running-product.js";
import { SLACK_ADMIN } from "./slack-people.js";

const GENERAL = "C0GENERAL";
const QUESTION = "How do I reset the Hub to factory settings?";

/** Cases TEN of attacks.jsonl; TEN-03, 04, 06 and later ones are tested where the database and the queue are. */
describe.skipIf(!hasAttackFile)("another tenant's data, over the whole product (needs TEST_DATA_DIR)", () => {
  let slack: FakeSlack;
  let openai: FakeOpenAi;
  let product: RunningProduct;
  let cookie = "";

  beforeAll(async () => {
    slack = await FakeSlack.start();
    openai = await FakeOpenAi.start({ writer: quoteFromPassages });
    const env = {
      SLACK_BOT_TOKEN: slack.botToken(),
      SLACK_API_URL: slack.apiUrl,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      OPENAI_API_KEY: openai.apiKey,
      OPENAI_BASE_URL: openai.baseUrl,
    };
    product = await RunningProduct.start(env, { slack: { ...defaultSettings().slack, admins: [SLACK_ADMIN] } });
    slack.deliverTo(`${product.origin}/slack/events`);
    const signedIn = await fetch(product.signInLink, { redirect: "manual" });
    cookie = signedIn.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
  });
  afterAll(async () => {
    await product[Symbol.asyncDispose]();
    await slack[Symbol.asyncDispose]();
    await openai.close();
  });

  async function ask(text: string, thread?: string) {
    const said = slack.mention("U0ANNA", GENERAL, text, thread === undefined ? {} : { thread });
    await slack.settled();
    await product.settled();
    return { thread: said.thread, seen: slack.transcript(GENERAL, said.thread) };
  }

  /** What was sent to the model endpoint since so many requests. */
  const sentSince = (count: number) => JSON.stringify(openai.requests.slice(count));

  async function count(table: "inbox" | "sync_run"): Promise<number> {
    const { rows } = await product.app.database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ count: number }>(`select count(*)::int as count from ${table} where tenant_id = current_tenant()`),
    );
    return rows[0]?.count ?? 0;
  }

  describe("TEN-01", () => {
    const tenantId = "rival";
    const canary = `canary-${randomUUID()}`;
    let folder = "";
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "deskhand-rival-"));
      await writeFile(join(folder, "falcon.md"), `# Falcon\n\nThe Falcon project launch date is May 12. ${canary}\n`);
      const { admin } = product.app.knowledge;
      await product.app.database.coordination.ensureInstallation(tenantId, "web", "rival");
      await admin.addSource(tenantId, { name: "plans", kind: "folder", location: folder, acl: ["public"] });
      const steps = admin.sync(tenantId, "plans", { confirmRemovals: false }, new AbortController().signal);
      for await (const step of steps) expect(step.kind).not.toBe("failed");
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    async function find(tenant: string): Promise<string> {
      const query = { tenantId: tenant, text: attackCase("TEN-01").input, audience: ["public"], limit: 8 };
      return JSON.stringify(await product.app.knowledge.search.search(query, new AbortController().signal));
    }

    it("what only another tenant's document answers is found by that tenant alone", async () => {
      await expect(find(tenantId)).resolves.toContain(canary);
      await expect(find(DEFAULT_TENANT)).resolves.not.toContain(canary);
    });

    it.each(["", "kb search "])(
      "what only it answers is in no prompt and no reply to %j and the question",
      async (how) => {
        const before = openai.requests.length;
        const { seen } = await ask(`${how}${attackCase("TEN-01").input}`);
        expect(seen).toMatch(/Deskhand: \S/u);
        expect(openai.requests.length).toBeGreaterThan(before);
        expect(`${seen}${sentSince(before)}`).not.toContain(canary);
      },
    );
  });

  describe("TEN-02", () => {
    const tenantId = "stranger";
    const idsSchema = z.object({ conversation: z.uuid(), handoff: z.uuid(), answer: z.uuid(), passage: z.uuid() });
    type Ids = z.infer<typeof idsSchema>;
    let theirs: Ids;
    beforeAll(async () => {
      await fillEveryTable(product.app.database, tenantId);
      const { rows } = await product.app.database.withTenant(tenantId, (db) =>
        db.query(`
          select (select conversation_id::text from handoff) as conversation, (select id::text from handoff) as handoff,
                 (select id::text from answer) as answer, (select id::text from chunk) as passage`),
      );
      theirs = idsSchema.parse(rows[0]);
    });

    async function request(path: string, body: object | null) {
      const headers = { cookie, origin: product.origin, "x-deskhand": "1", "content-type": "application/json" };
      const sent = body === null ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
      const response = await fetch(`${product.origin}${path}`, sent);
      return { status: response.status, body: await response.text() };
    }

    const words = { text: "Hello.", agentName: "Grace" };
    const requests: readonly (readonly [string, (ids: Ids) => readonly [string, object | null]])[] = [
      ["a conversation", ({ conversation }) => [`/api/conversations/${conversation}/messages`, null]],
      ["a handoff", ({ handoff }) => [`/api/handoffs/${handoff}/messages`, null]],
      ["a passage", ({ passage }) => [`/api/passages/${passage}`, null]],
      ["a reply", ({ handoff }) => [`/api/handoffs/${handoff}/replies`, { ...words, messageId: newId() }]],
      ["a note", ({ handoff }) => [`/api/handoffs/${handoff}/notes`, { ...words, messageId: newId() }]],
      ["a claim", ({ handoff }) => ["/api/actions", act("claim", { agentName: "Grace", handoffId: handoff })]],
      ["a resolve", ({ handoff }) => ["/api/actions", act("resolve", { agentName: "Grace", handoffId: handoff })]],
      ["feedback", ({ answer }) => ["/api/actions", act("helpful", { conversation: 1, answerId: answer })]],
    ];

    function act(name: string, fields: object): object {
      return { name, actionId: newId(), ...fields };
    }

    it.each(requests)("%s of another tenant is not there, just as one that nobody has", async (_, toRequest) => {
      const nobodys = { conversation: newId(), handoff: newId(), answer: newId(), passage: newId() };
      const before = await count("inbox");

      const found = await request(...toRequest(theirs));

      expect(found).toMatchObject({ status: 404, body: expect.stringContaining('"code":"not-found"') as string });
      expect(found).toEqual(await request(...toRequest(nobodys)));
      expect(await count("inbox")).toBe(before);
    });

    it("what is the session's own tenant's is there", async () => {
      const { rows } = await product.app.database.withTenant(DEFAULT_TENANT, (db) =>
        db.query<{ id: string }>(
          "select id::text from chunk where is_current and tenant_id = current_tenant() limit 1",
        ),
      );
      await expect(request(`/api/passages/${rows[0]?.id ?? ""}`, null)).resolves.toMatchObject({ status: 200 });
    });
  });

  describe("TEN-05", () => {
    const rivalTeam = "T0RIVAL";

    let rival: FakeSlack;
    beforeAll(async () => {
      const workspaces = [{ ...DEFAULT_WORKSPACE, id: rivalTeam, botToken: "xoxb-rival" }];
      const requestUrl = `${product.origin}/slack/events`;
      rival = await FakeSlack.start({ workspaces, signingSecret: slack.signingSecret, requestUrl });
    });
    afterAll(() => rival[Symbol.asyncDispose]());

    it("a person of another workspace with the same id is not heard", async () => {
      const [events, requests, calls] = [await count("inbox"), openai.requests.length, slack.calls.length];

      const said = [rival.direct("U0ANNA", QUESTION), rival.mention("U0ANNA", GENERAL, QUESTION)];
      await rival.settled();
      await product.settled();

      expect(said.flatMap(({ deliveries }) => deliveries).length).toBeGreaterThan(2);
      expect(await count("inbox")).toBe(events);
      expect(openai.requests).toHaveLength(requests);
      expect(slack.calls).toHaveLength(calls);
      expect(rival.calls).toEqual([]);
    });

    it("an admin's id in another workspace is no admin's", async () => {
      const [events, runs, calls] = [await count("inbox"), await count("sync_run"), slack.calls.length];

      const refused = await rival.slash(SLACK_ADMIN, GENERAL, "/kb sync");
      await product.settled();
      expect(refused.answer).toContain("not set up for this workspace");
      expect([await count("inbox"), await count("sync_run"), slack.calls.length]).toEqual([events, runs, calls]);

      await slack.slash(SLACK_ADMIN, GENERAL, "/kb sync");
      await product.settled();
      expect(await count("sync_run")).toBeGreaterThan(runs);
    });

    it("what the same person said in the same thread of another workspace is not remembered in this one", async () => {
      const canary = `canary-${randomUUID()}`;
      const { thread } = await ask(QUESTION);
      await rememberElsewhere(thread, canary);
      const before = openai.requests.length;

      const { seen } = await ask("How long is the warranty of the Hub?", thread);

      expect(seen).toMatch(/warranty[\s\S]*years[\s\S]*\[1\]/u);
      expect(sentSince(before)).toContain("reset the Hub");
      expect(`${seen}${sentSince(before)}`).not.toContain(canary);
    });

    /** A conversation with the same key, by the same person, that another installation of this tenant has had. */
    async function rememberElsewhere(thread: string, text: string): Promise<void> {
      const { coordination, withStores, withTenant } = product.app.database;
      const { rows } = await withTenant(DEFAULT_TENANT, (db) =>
        db.query<{ key: string }>("select key from conversation where position($1 in key) > 0", [thread]),
      );
      expect(rows).toHaveLength(1);
      const { id } = await coordination.ensureInstallation(DEFAULT_TENANT, "slack", rivalTeam);
      const author = { id: "U0ANNA", displayName: "Anna", role: "customer", isBot: false } as const;
      const event = messageFrom(id, { key: rows[0]?.key ?? "", author, text });
      const { inboxId, conversationId } = await coordination.acceptEvent(event);
      const lease = await leaseOf(product.app.database, conversationId);
      await withStores(DEFAULT_TENANT, async ({ conversations, inbox }) => {
        const entry = { speaker: "customer", name: "Anna", text, at: new Date() } as const;
        await conversations.append(conversationId, { type: "event", id: inboxId }, entry);
        await inbox.beginNext(lease);
        await inbox.finish(lease, inboxId, { kind: "ignored", reason: "not-addressed" });
      });
      await coordination.releaseConversation(lease);
    }
  });
});
