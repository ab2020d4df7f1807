import { beforeEach, describe, expect, it } from "vitest";
import type { CommandResultView, DeskView } from "../../../adapters/web/api.js";
import { bodyOf, ConsoleHarness, textOf } from "./console-harness.js";

const WRITES = "/api/knowledge/commands";

describe("the page on knowledge", () => {
  let harness: ConsoleHarness;
  let cookie: string;
  let sessionId: string;
  beforeEach(async () => {
    harness = new ConsoleHarness();
    ({ cookie, sessionId } = await harness.signIn());
    const source = { name: "docs", kind: "folder", location: "/srv/docs", acl: ["public"], everyMinutes: 60 } as const;
    await harness.knowledge.addSource("default", source);
  });

  const run = (line: string, as = cookie) => harness.post(WRITES, { line }, { cookie: as });

  it("shows every source with its last sync, and what can be restored", async () => {
    harness.knowledge.put("docs", ["a.md"]);
    const empty = bodyOf(await harness.get("/api/knowledge/sources", { cookie })) as DeskView;
    const steps = harness.knowledge.sync("default", "docs", { confirmRemovals: false }, new AbortController().signal);
    for await (const step of steps) expect(step.kind).not.toBe("failed");
    harness.desk.removed.push("old");
    const view = bodyOf(await harness.get("/api/knowledge/sources", { cookie })) as DeskView;

    expect(empty.sources).toMatchObject([{ name: "docs", lastRun: null, everyMinutes: 60, owner: null }]);
    expect(view.sources).toMatchObject([
      { documents: 1, lastRun: { state: "done", added: { total: 1, names: ["a.md"] } } },
    ]);
    expect(view.removed).toMatchObject([{ name: "old" }]);
  });

  it("names documents of a sync only as far as the console may read them, and counts all", async () => {
    harness.knowledge.put("docs", ["a.md", "board.md"]);
    const steps = harness.knowledge.sync("default", "docs", { confirmRemovals: false }, new AbortController().signal);
    for await (const step of steps) expect(step.kind).not.toBe("failed");
    harness.desk.secret.add("board.md");
    const response = await harness.get("/api/knowledge/sources", { cookie });

    expect(bodyOf(response)).toMatchObject({ sources: [{ lastRun: { added: { total: 2, names: ["a.md"] } } }] });
    expect(textOf(response)).not.toContain("board.md");
  });

  it("shows documents with their versions, as the console may read them", async () => {
    harness.desk.put("a.md", "Alpha.");
    const documents = await harness.get("/api/knowledge/documents?source=docs", { cookie });
    const versions = await harness.get("/api/knowledge/versions?source=docs&document=a.md", { cookie });
    expect(bodyOf(documents)).toMatchObject({ total: 1, documents: [{ externalId: "a.md" }] });
    expect(bodyOf(versions)).toEqual({ versions: [] });
    expect(harness.desk.audience).toEqual(["public"]);
    await expect(harness.get("/api/knowledge/documents", { cookie })).resolves.toMatchObject({ status: 404 });
  });

  it("runs commands as the session, asks for a sync, and passes on what is to be confirmed", async () => {
    const paused = bodyOf(await run('kb pause "docs"')) as CommandResultView;
    const synced = await run('kb sync "docs"');
    const removing = bodyOf(await run('kb remove "docs"')) as CommandResultView;
    await run("kb sync docs --yes");

    expect(paused).toMatchObject({ confirmationId: null, blocks: [{ kind: "paragraph" }, { kind: "paragraph" }] });
    expect(synced.status).toBe(200);
    expect(removing.confirmationId).toBe("c1");
    expect(harness.commands).toEqual([
      `web:${sessionId} admin: kb pause "docs"`,
      `web:${sessionId} asks for docs`,
      `web:${sessionId} admin: kb remove "docs"`,
      `web:${sessionId} admin: kb sync docs --yes`,
    ]);
  });

  it("is for admins: a customer reads nothing of it, and what they try is refused where commands are", async () => {
    const customer = await harness.signIn("customer");
    for (const path of ["sources", "documents?source=docs", "versions?source=docs&document=a.md"]) {
      const response = await harness.get(`/api/knowledge/${path}`, { cookie: customer.cookie });
      expect(response.status).toBe(403);
    }
    await run('kb sync "docs"', customer.cookie);
    expect(harness.commands).toEqual([`web:${customer.sessionId} customer: kb sync "docs"`]);
  });

  it("takes commands from its own page and from a session only", async () => {
    const foreign = await harness.post(
      WRITES,
      { line: "kb status" },
      { cookie, headers: { origin: "https://evil.example" } },
    );
    const nobody = await harness.post(WRITES, { line: "kb status" });
    const wrong = await harness.post(WRITES, { line: "" }, { cookie });
    expect([foreign.status, nobody.status, wrong.status]).toEqual([403, 401, 400]);
    expect(harness.commands).toEqual([]);
  });
});
