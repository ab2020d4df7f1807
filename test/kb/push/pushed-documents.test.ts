import { expect, it } from "vitest";
import { createKnowledgeAudit } from "../../../kb/lifecycle/audit-store.js";
import { createPushedDocuments } from "../../../kb/push/pushed-documents.js";
import { createPushSource } from "../../../kb/push/push-source.js";
import { newId } from "../../../src/ports/ids.js";
import type { KnowledgeAdmin } from "../../../src/ports/knowledge.js";
import type { PushedDocument, PushedDocuments } from "../../../src/ports/pushed-documents.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { syncToEnd, testKnowledge } from "../../support/knowledge.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const SECRET = "s".repeat(32);
const signal = new AbortController().signal;

function pushed(id: string, text: string, changes: Partial<PushedDocument> = {}): PushedDocument {
  const content = { kind: "text", text } as const;
  return { id, title: null, content, url: null, updatedAt: null, acl: null, lang: null, ...changes };
}

const FACTS = `
  select document.external_id, version.title, version.url, version.lang,
         (select array_agg(distinct token) from chunk, unnest(chunk.acl) as token
           where chunk.version_id = version.id) as acl
    from document join document_version as version on version.id = document.current_version_id
   where document.tenant_id = $1 order by document.external_id`;

const STORED = `
  select external_id, bytes is null as is_removed, changed_by from stored_item where tenant_id = $1 order by external_id`;

describeEachDatabase("pushed documents", (open) => {
  const own = tenantForEachTest(open);

  async function pushing(): Promise<{ readonly admin: KnowledgeAdmin; readonly documents: PushedDocuments }> {
    const admin = testKnowledge(own.database, countingEmbeddings(), { secretOf: () => SECRET });
    await admin.addSource(own.tenant, { name: "crm", kind: "push", location: "The CRM", acl: ["public"] });
    return { admin, documents: createPushedDocuments(own.database, newId) };
  }

  const store = (documents: PushedDocuments, list: readonly PushedDocument[], deleted: readonly string[] = []) =>
    documents.store(own.tenant, "crm", { documents: list, deleted });
  const sync = (admin: KnowledgeAdmin) => syncToEnd(admin, "crm", { tenantId: own.tenant });
  const stateOf = (documents: PushedDocuments, id: string) => documents.stateOf(own.tenant, "crm", id);

  async function stored(): Promise<readonly object[]> {
    const { rows } = await own.database.withTenant(own.tenant, (transaction) =>
      transaction.query<object>(STORED, [own.tenant]),
    );
    return rows;
  }

  it("are indexed by the next sync, changed and removed by later ones, and their states are told", async () => {
    const { admin, documents } = await pushing();
    const receipt = await store(documents, [pushed("a", "Alpha."), pushed("b", "Beta."), pushed("c/1", "Gamma.")]);
    const before = await stateOf(documents, "a");
    const first = await sync(admin);
    const indexed = await stateOf(documents, "a");
    await store(documents, [pushed("a", "Alpha two.")], ["b"]);
    const states = [await stateOf(documents, "a"), await stateOf(documents, "b"), await stateOf(documents, "c/1")];
    const second = await sync(admin);

    expect(receipt).toEqual({ accepted: 3, deleted: 0, runId: null });
    expect(before).toEqual({ state: "pending", change: "stored" });
    expect(first).toMatchObject({ state: "done", added: ["a", "b", "c/1"], failed: [] });
    expect(indexed).toEqual({ state: "indexed", version: 1, documents: 1 });
    expect(states).toEqual([
      { state: "pending", change: "stored" },
      { state: "pending", change: "deleted" },
      { state: "indexed", version: 1, documents: 1 },
    ]);
    expect(second).toMatchObject({ state: "done", added: [], changed: ["a"], removed: ["b"], unchanged: 1 });
    await expect(stateOf(documents, "a")).resolves.toEqual({ state: "indexed", version: 2, documents: 1 });
    await expect(stateOf(documents, "b")).resolves.toBeNull();
  });

  it("have the title, address, language and readers that were pushed with them", async () => {
    const { admin, documents } = await pushing();
    const said = { title: "Told", url: "https://crm.example/1", acl: ["staff", "sales"], lang: "de" };
    const bytes = Buffer.from("---\ntitle: Own\naudience: public\n---\n\nText.");
    await store(documents, [
      pushed("1", "---\naudience: public\n---\n\nText.", said),
      pushed("2", "", { ...said, content: { kind: "html", html: "<title>Own</title><p>Text." } }),
      pushed("3", "", { ...said, lang: null, content: { kind: "file", mediaType: "text/markdown", bytes } }),
    ]);
    await sync(admin);

    const { rows } = await own.database.withTenant(own.tenant, (transaction) =>
      transaction.query<object>(FACTS, [own.tenant]),
    );
    const facts = { title: "Told", url: "https://crm.example/1", acl: ["sales", "staff"] };
    expect(rows).toMatchObject([
      { external_id: "1", ...facts, lang: "de" },
      { external_id: "2", ...facts, lang: "de" },
      { external_id: "3", ...facts },
    ]);
  });

  it("that are the same again change nothing and ask for no sync", async () => {
    const { admin, documents } = await pushing();
    await store(documents, [pushed("a", "Alpha.", { title: "A", acl: ["staff"] })]);
    await sync(admin);
    const receipt = await store(documents, [pushed("a", "Alpha.", { title: "A", acl: ["staff"] })], ["none"]);

    expect(receipt).toEqual({ accepted: 1, deleted: 0, runId: null });
    await expect(stateOf(documents, "a")).resolves.toMatchObject({ state: "indexed", version: 1 });
    await expect(sync(admin)).resolves.toMatchObject({ added: [], changed: [], unchanged: 1 });
  });

  it("that are removed are forgotten once a run has told of them", async () => {
    const { admin, documents } = await pushing();
    await store(documents, [pushed("a", "Alpha."), pushed("b", "Beta.")]);
    await sync(admin);
    await store(documents, [], ["b"]);
    await sync(admin);
    const told = await stored();
    await sync(admin);

    expect(told).toContainEqual({ external_id: "b", is_removed: true, changed_by: "push:crm" });
    await expect(stored()).resolves.toEqual([{ external_id: "a", is_removed: false, changed_by: "push:crm" }]);
  });

  it("come back after they were deleted", async () => {
    const { admin, documents } = await pushing();
    await store(documents, [pushed("a", "Alpha."), pushed("b", "Beta.")]);
    await sync(admin);
    await store(documents, [], ["b"]);
    await store(documents, [pushed("b", "Beta.")]);
    await expect(sync(admin)).resolves.toMatchObject({ removed: [], unchanged: 2 });
    await expect(stateOf(documents, "b")).resolves.toMatchObject({ state: "indexed" });
  });

  it("that cannot be read say so, and keep what was indexed before", async () => {
    const { admin, documents } = await pushing();
    const sheet = (text: string) =>
      ({ kind: "file", mediaType: "application/yaml", bytes: Buffer.from(text) }) as const;
    await store(documents, [pushed("faq", "", { content: sheet("- question: Why?\n  answer: Because.\n") })]);
    await sync(admin);
    await store(documents, [pushed("faq", "", { content: sheet("- question: [") })]);
    const diff = await sync(admin);

    expect(diff).toMatchObject({ state: "done", removed: [], failed: [{ externalId: "faq" }] });
    await expect(stateOf(documents, "faq")).resolves.toMatchObject({ state: "failed", version: 1, code: "bad-syntax" });
  });

  it("lose none when many push at once, and their changes are numbered in the order in which they are seen", async () => {
    const { admin, documents } = await pushing();
    const { sourceId } = (await admin.status(own.tenant))[0]!;
    const source = createPushSource({ database: own.database, tenantId: own.tenant, sourceId });
    const seen = new Set<string>();
    let cursor: string | null = "0";
    const pushes = Array.from({ length: 20 }, (_, push) =>
      store(
        documents,
        Array.from({ length: 5 }, (_unused, index) => pushed(`${push}-${index}`, `Text ${push} ${index}`)),
      ),
    );
    const done = Promise.all(pushes).then(() => true);
    for (let isDone = false; !isDone;) {
      isDone = await Promise.race([done, new Promise<false>((resolve) => setTimeout(() => resolve(false), 5))]);
      const listing = await source.list(cursor, signal);
      for (const { externalId } of listing.items) seen.add(externalId);
      cursor = listing.cursor;
    }
    // Each listing began where the one before had ended: a number that came to light late would be missing.
    expect(seen.size).toBe(100);
  });

  it("are recorded with the source whose secret brought them, what changed alone", async () => {
    const { admin, documents } = await pushing();
    await store(documents, [pushed("a", "Alpha."), pushed("b", "Beta.")]);
    await store(documents, [pushed("a", "Alpha."), pushed("b", "Beta two.")]);
    await store(documents, [pushed("a", "Alpha.")], ["none"]);
    await store(documents, [], ["b"]);
    const many = Array.from({ length: 30 }, (_, index) => pushed(`many-${index}`, "Many."));
    await store(documents, many);
    const audit = await createKnowledgeAudit({ database: own.database, newId }).newest(own.tenant, 10);
    const byPush = { actor: "push:crm", action: "push", sourceName: "crm", wasAllowed: true };

    expect(audit).toMatchObject([
      { ...byPush, detail: { stored: 30, deleted: 0 } },
      { ...byPush, detail: { stored: 0, deleted: 1, documents: ["b"] } },
      { ...byPush, detail: { stored: 1, deleted: 0, documents: ["b"] } },
      { ...byPush, detail: { stored: 2, deleted: 0, documents: ["a", "b"] } },
      { action: "add" },
    ]);
    expect(audit[0]?.detail["documents"]).toHaveLength(10);
    expect((await stored())[0]).toEqual({ external_id: "a", is_removed: false, changed_by: "push:crm" });
    expect((await stored())[1]).toEqual({ external_id: "b", is_removed: true, changed_by: "push:crm" });
    await expect(sync(admin)).resolves.toMatchObject({ state: "done" });
  });

  it("that come while a sync runs are in it or in the next one", async () => {
    const { admin, documents } = await pushing();
    await store(documents, [pushed("a", "Alpha.")]);
    const run = admin.sync(own.tenant, "crm", { confirmRemovals: false }, signal);
    let runId: string | null = null;
    for await (const step of run) {
      if (step.kind !== "listed") continue;
      const receipt = await store(documents, [pushed("a", "Alpha two."), pushed("b", "Beta.")]);
      runId = receipt?.runId ?? null;
      expect(runId).toBe(step.runId);
    }
    const second = await sync(admin);

    expect(second.failed).toEqual([]);
    for (const id of ["a", "b"]) await expect(stateOf(documents, id)).resolves.toMatchObject({ state: "indexed" });
  });

  it("are another tenant's for nobody else, and no other kind of source takes any", async () => {
    const { admin, documents } = await pushing();
    const other = `${own.tenant}-other`;
    await own.database.coordination.ensureInstallation(other, "web", `console-${other}`);
    await store(documents, [pushed("a", "Alpha.")]);
    await admin.addSource(own.tenant, { name: "notes", kind: "jsonl", location: "/dev/null", acl: ["public"] });

    const push = { documents: [pushed("x", "X")], deleted: ["a"] };
    await expect(documents.store(other, "crm", push)).resolves.toBeNull();
    await expect(documents.stateOf(other, "crm", "a")).resolves.toBeNull();
    await expect(documents.sourceNames(other)).resolves.toEqual([]);
    await expect(documents.store(own.tenant, "notes", push)).resolves.toBeNull();
    await expect(documents.sourceNames(own.tenant)).resolves.toEqual(["crm"]);
  });

  it("keep what would be markup or SQL elsewhere as the text that it is", async () => {
    const { admin, documents } = await pushing();
    const ids = ["<script>alert(1)</script>", "'; drop table document; --", "__proto__", "../../etc/passwd", "$(id)"];
    await store(
      documents,
      ids.map((id) => pushed(id, `---\naudience: staff\n---\n\nText of ${id}`, { title: id })),
    );
    const diff = await sync(admin);
    expect(diff.failed).toEqual([]);
    expect([...diff.added].sort()).toEqual([...ids].sort());
    for (const id of ids) await expect(stateOf(documents, id)).resolves.toMatchObject({ state: "indexed" });
  });

  it("need a secret that is long enough, and know no options", async () => {
    const admin = testKnowledge(own.database, countingEmbeddings(), { secretOf: () => "short" });
    const source = { name: "crm", kind: "push", location: "", acl: ["public"], options: { branch: "x" } } as const;
    await expect(admin.addSource(own.tenant, source)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/options\.branch.*at least 32 characters/su) as string,
    });
  });
});
