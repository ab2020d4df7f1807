import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createHttpServer, type HttpServer } from "../../../infra/http/http-server.js";
import { createKnowledgeRoutes } from "../../../infra/http/knowledge-routes.js";
import { createMetrics } from "../../../infra/telemetry/metrics.js";
import { createPushedDocuments } from "../../../kb/push/pushed-documents.js";
import { createSyncRequests } from "../../../kb/sync/sync-requests.js";
import { newId } from "../../../src/ports/ids.js";
import { systemClock } from "../../../src/ports/clock.js";
import type { KnowledgeAdmin } from "../../../src/ports/knowledge.js";
import { countingEmbeddings } from "../../fakes/counting-embeddings.js";
import { describeEachDatabase } from "../../support/database.js";
import { syncToEnd, testKnowledge } from "../../support/knowledge.js";
import { silentLogger } from "../../support/silent-logger.js";
import { tenantForEachTest } from "../../support/tenant-for-each-test.js";

const SECRETS: Readonly<Record<string, string>> = {
  crm: "crm-secret-0123456789-0123456789",
  shop: "shop-secret-0123456789-0123456789",
  weak: "weak",
  gitdocs: "git-token-0123456789-0123456789-01",
};

const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close(100)));
});

interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

describeEachDatabase("PUT /api/kb/documents", (open) => {
  const own = tenantForEachTest(open);

  async function serving(): Promise<{
    readonly admin: KnowledgeAdmin;
    readonly address: string;
    readonly call: typeof call;
  }> {
    const admin = testKnowledge(own.database, countingEmbeddings(), { secretOf: () => "s".repeat(32) });
    for (const name of ["crm", "shop", "weak"]) {
      await admin.addSource(own.tenant, { name, kind: "push", location: "", acl: ["public"] });
    }
    await admin.addSource(own.tenant, { name: "gitdocs", kind: "git", location: "/", acl: ["public"] });
    const server = await createHttpServer({
      routes: createKnowledgeRoutes({
        tenantId: own.tenant,
        documents: createPushedDocuments(own.database, newId),
        requests: createSyncRequests(own.database),
        secretOf: (name) => SECRETS[name] ?? null,
        webhookSecretOf: () => null,
        clock: systemClock,
      }),
      staticRoot: null,
      readiness: [],
      metrics: createMetrics({ withProcessMetrics: false }),
      logger: silentLogger,
      publicUrl: null,
    });
    servers.push(server);
    const { address } = await server.listen("127.0.0.1", 0);
    const call = async (method: string, path: string, body?: unknown, secret = SECRETS["crm"]): Promise<Reply> => {
      const response = await fetch(address + path, {
        method,
        ...(secret === undefined ? {} : { headers: { authorization: `Bearer ${secret}` } }),
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Reply["body"] };
    };
    return { admin, address, call };
  }

  const put = "/api/kb/documents";
  const sync = (admin: KnowledgeAdmin) => syncToEnd(admin, "crm", { tenantId: own.tenant });

  async function storedCount(): Promise<number> {
    const { rows } = await own.database.withTenant(own.tenant, (transaction) =>
      transaction.query<{ count: number }>("select count(*)::int as count from stored_item where tenant_id = $1", [
        own.tenant,
      ]),
    );
    return rows[0]!.count;
  }

  it("takes text, HTML and files, tells their states, and takes them out again", async () => {
    const { admin, call } = await serving();
    const documents = [
      { id: "faq/1", title: "Returns", text: "# Returns\n\nWithin 30 days.", url: "https://x.example/1", lang: "en" },
      { id: "page 2", html: "<p>Shipping takes two days.</p>", updatedAt: "2026-05-01", acl: ["staff"], lang: "en" },
      {
        id: "sheet",
        base64: Buffer.from("question,answer\nWhy?,Because.\n").toString("base64"),
        mediaType: "text/csv",
      },
    ];
    const pushed = await call("PUT", put, { source: "crm", documents });
    const pending = await call("GET", `${put}/faq%2F1?source=crm`);
    const diff = await sync(admin);
    const states = await Promise.all(
      ["faq%2F1", "page%202", "sheet"].map((id) => call("GET", `${put}/${id}?source=crm`)),
    );
    const removed = await call("DELETE", `${put}/faq%2F1?source=crm`);
    const again = await call("DELETE", `${put}/faq%2F1?source=crm`);
    await call("PUT", `${put}?source=crm`, { delete: ["page 2"] });
    await sync(admin);

    expect(pushed).toEqual({ status: 202, body: { accepted: 3, deleted: 0, runId: null } });
    expect(pending.body).toEqual({ id: "faq/1", source: "crm", state: "pending", change: "stored" });
    expect(diff).toMatchObject({ state: "done", failed: [] });
    for (const { status, body } of states)
      expect({ status, body }).toMatchObject({ status: 200, body: { version: 1 } });
    expect(removed).toMatchObject({ status: 202, body: { deleted: 1 } });
    expect(again.status).toBe(404);
    await expect(call("GET", `${put}/page%202?source=crm`)).resolves.toMatchObject({ status: 404 });
  });

  it("refuses a wrong token before any of the body has come, and waits for the body with a right one", async () => {
    const { address } = await serving();
    const firstOf = async (secret: string | undefined): Promise<string> => {
      const socket = connect(Number(new URL(address).port), "127.0.0.1");
      const head = ["PUT /api/kb/documents HTTP/1.1", "Host: localhost", "Content-Length: 19000000"];
      socket.write([...head, `Authorization: Bearer ${secret}`, "", ""].join("\r\n"));
      const silence = AbortSignal.timeout(2_000);
      const [bytes] = await once(socket, "data", { signal: silence }).catch(() => ["nothing"]);
      socket.destroy();
      return String(bytes);
    };
    await expect(firstOf("wrong")).resolves.toMatch(/^HTTP\/1\.1 401 [^]*\{"error":"unauthorized"\}$/u);
    await expect(firstOf(SECRETS["crm"])).resolves.toBe("nothing");
  });

  it("refuses every wrong token alike, whatever the body", async () => {
    const { call } = await serving();
    const body = { source: "crm", documents: [{ id: "a", text: "A" }] };
    const refused = await Promise.all([
      call("PUT", put, body, "wrong"),
      call("PUT", put, body, ""),
      call("PUT", put, body, SECRETS["shop"]),
      call("PUT", `${put}?source=crm`, { documents: [] }, SECRETS["shop"]),
      call("PUT", put, { source: "weak", documents: [] }, SECRETS["weak"]),
      call("PUT", put, { source: "gitdocs", documents: [] }, SECRETS["gitdocs"]),
      call("PUT", put, { source: "nowhere", documents: [] }),
      call("PUT", put, "not JSON", "wrong"),
      call("GET", `${put}/a?source=crm`, undefined, "wrong"),
      call("GET", `${put}/a?source=crm`, undefined, SECRETS["shop"]),
      call("DELETE", `${put}/a?source=crm`, undefined, SECRETS["shop"]),
    ]);
    for (const reply of refused) expect(reply).toEqual({ status: 401, body: { error: "unauthorized" } });
    await expect(storedCount()).resolves.toBe(0);
  });

  it("names every problem with its place, tells nothing of what was sent, and stores nothing of it", async () => {
    const { call } = await serving();
    const reply = await call("PUT", put, {
      source: "crm",
      documents: [
        { id: "good", text: "Good." },
        { id: "", text: "x" },
        { id: "a\u0000b", text: "x" },
        { id: "c", text: "x", html: "y" },
        { id: "d", base64: "hunter2!", mediaType: "application/x-evil" },
        { id: "e", text: "x", url: "javascript:hunter2()", updatedAt: "yesterday", acl: ["a b"], lang: "Klingon!" },
        { id: "f", text: "x", colour: "red" },
        { id: "g", base64: "eA==" },
        "no object",
      ],
      delete: [7],
    });
    expect(reply.status).toBe(400);
    const problems = reply.body["problems"] as { path: string; message: string }[];
    expect(problems.map(({ path }) => path)).toEqual([
      "documents[1].id",
      "documents[1].id",
      "documents[2].id",
      "documents[3].text",
      "documents[4].base64",
      "documents[4].mediaType",
      "documents[5].url",
      "documents[5].updatedAt",
      "documents[5].acl[0]",
      "documents[5].lang",
      "documents[6]",
      "documents[7].mediaType",
      "documents[8]",
      "delete[0]",
    ]);
    expect(JSON.stringify(reply.body)).not.toContain("hunter2");
    expect(JSON.stringify(reply.body)).toContain("colour");
    await expect(storedCount()).resolves.toBe(0);
  });

  it("refuses an id twice, more than 1,000 documents, and more than 20 MB", async () => {
    const { call } = await serving();
    const twice = await call("PUT", put, { documents: [{ id: "a", text: "A" }], delete: ["b", "a"] });
    const many = Array.from({ length: 1_001 }, (_, index) => ({ id: `${index}`, text: "x" }));
    const tooMany = await call("PUT", put, { documents: many });
    const large = await call("PUT", put, { documents: [{ id: "a", text: "x".repeat(20_000_001) }] });
    const largeOne = await call("PUT", put, { documents: [{ id: "a", text: "x".repeat(10_000_001) }] });

    expect(twice.body["problems"]).toEqual([{ path: "delete[1]", message: "is the same as documents[0].id" }]);
    expect(tooMany.body["problems"]).toEqual([{ path: "documents", message: "has more than 1000 entries" }]);
    expect(large.status).toBe(413);
    expect(largeOne.body["problems"]).toEqual([{ path: "documents[0].text", message: "has more than 10 MB" }]);
    await expect(storedCount()).resolves.toBe(0);
  });

  it("takes 1,000 documents at once, and the same again without a change", async () => {
    const { call } = await serving();
    const documents = Array.from({ length: 1_000 }, (_, index) => ({ id: `${index}`, text: "x".repeat(2_000) }));
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(call("PUT", put, { documents })).resolves.toMatchObject({ status: 202, body: { accepted: 1_000 } });
    }
    await expect(storedCount()).resolves.toBe(1_000);
  });

  it("needs no name where the token opens one source, and refuses two names that differ", async () => {
    const { call } = await serving();
    const document = { id: "a", text: "A" };
    await expect(call("PUT", put, { documents: [document] })).resolves.toMatchObject({ status: 202 });
    await expect(call("GET", `${put}/a`)).resolves.toMatchObject({ body: { source: "crm" } });
    const differ = await call("PUT", `${put}?source=crm`, { source: "shop", documents: [] });
    expect(differ.body["problems"]).toMatchObject([{ path: "source" }]);
  });

  it.each(["__proto__", "constructor", "<img src=x onerror=alert(1)>", "' or 1=1 --", "..%2f", "%00", "ü".repeat(200)])(
    "finds nothing under the id %j that was never pushed",
    async (id) => {
      const { call } = await serving();
      const { status } = await call("GET", `${put}/${encodeURIComponent(id)}?source=crm`);
      expect(status).toBe(404);
    },
  );

  it("finds a document by an id of 200 characters in any script", async () => {
    const { call } = await serving();
    const id = "語".repeat(200);
    await call("PUT", put, { documents: [{ id, text: "A" }] });
    await expect(call("GET", `${put}/${encodeURIComponent(id)}`)).resolves.toMatchObject({ body: { id } });
  });
});
