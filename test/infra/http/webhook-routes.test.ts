import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { createHttpServer, type HttpServer } from "../../../infra/http/http-server.js";
import { createWebhookRoutes } from "../../../infra/http/webhook-routes.js";
import { createMetrics } from "../../../infra/telemetry/metrics.js";
import { silentLogger } from "../../support/silent-logger.js";

const SECRET = "webhook-secret-0123456789";
const NOW = new Date("2026-05-01T12:00:00Z");
const SECONDS = NOW.getTime() / 1_000;

const servers: HttpServer[] = [];
const asked: string[] = [];
afterEach(async () => {
  asked.length = 0;
  await Promise.all(servers.splice(0).map((server) => server.close(100)));
});

async function address(): Promise<string> {
  const secrets = new Map(Object.entries({ docs: SECRET, "my docs": SECRET, gone: SECRET, weak: "weak" }));
  const server = await createHttpServer({
    routes: createWebhookRoutes({
      tenantId: "default",
      requests: {
        request: (_tenantId, name) => {
          if (name !== "gone") asked.push(name);
          return Promise.resolve(name !== "gone");
        },
      },
      webhookSecretOf: (name) => secrets.get(name) ?? null,
      clock: { now: () => NOW },
    }),
    staticRoot: null,
    readiness: [],
    metrics: createMetrics({ withProcessMetrics: false }),
    logger: silentLogger,
    publicUrl: null,
  });
  servers.push(server);
  return (await server.listen("127.0.0.1", 0)).address;
}

const hmac = (text: string, secret = SECRET): string => createHmac("sha256", secret).update(text).digest("hex");

async function post(name: string, body: string, headers: Record<string, string>): Promise<number> {
  const response = await fetch(`${await address()}/api/kb/webhooks/${name}`, { method: "POST", body, headers });
  await response.body?.cancel();
  return response.status;
}

const timed = (seconds: number | string, body: string, secret = SECRET): string =>
  `t=${seconds},v1=${hmac(`${seconds}.${body}`, secret)}`;

describe("POST /api/kb/webhooks/:source", () => {
  const body = '{"ref":"refs/heads/main","text":"ä"}';

  it.each([
    ["GitHub's signature", { "x-hub-signature-256": `sha256=${hmac(body)}` }],
    ["GitLab's token", { "x-gitlab-token": SECRET }],
    ["a signature with a time", { "x-deskhand-signature": timed(SECONDS, body) }],
    ["a clock five minutes behind", { "x-deskhand-signature": timed(SECONDS - 300, body) }],
    ["a clock five minutes ahead", { "x-deskhand-signature": timed(SECONDS + 300, body) }],
  ])("asks for a sync for %s", async (_what, headers) => {
    await expect(post("my%20docs", body, headers)).resolves.toBe(202);
    expect(asked).toEqual(["my docs"]);
  });

  it.each([
    ["no signature", {}],
    ["the signature of another body", { "x-hub-signature-256": `sha256=${hmac(`${body} `)}` }],
    ["the signature of another secret", { "x-hub-signature-256": `sha256=${hmac(body, "other")}` }],
    ["an empty signature", { "x-hub-signature-256": "" }],
    ["a part of a signature", { "x-hub-signature-256": `sha256=${hmac(body).slice(0, 10)}` }],
    ["SHA-1", { "x-hub-signature": `sha1=${createHmac("sha1", SECRET).update(body).digest("hex")}` }],
    ["another token", { "x-gitlab-token": `${SECRET}x` }],
    ["an old time", { "x-deskhand-signature": timed(SECONDS - 301, body) }],
    ["a time to come", { "x-deskhand-signature": timed(SECONDS + 301, body) }],
    ["a time that is not signed", { "x-deskhand-signature": `t=${SECONDS},v1=${hmac(`${SECONDS - 900}.${body}`)}` }],
    ["no number as time", { "x-deskhand-signature": timed("NaN", body) }],
  ])("refuses %s", async (_what, headers) => {
    await expect(post("docs", body, headers)).resolves.toBe(401);
    expect(asked).toEqual([]);
  });

  it.each(["none", "gone", "weak", "__proto__", "toString"])(
    "refuses for the source %s as for a wrong signature",
    async (name) => {
      const headers = { "x-hub-signature-256": `sha256=${hmac(body, name === "weak" ? "weak" : SECRET)}` };
      await expect(post(name, body, headers)).resolves.toBe(401);
      expect(asked).toEqual([]);
    },
  );

  it("does not take more than 1 MB", async () => {
    const large = "x".repeat(1_000_001);
    await expect(post("docs", large, { "x-hub-signature-256": `sha256=${hmac(large)}` })).resolves.toBe(413);
  });

  it("asks for one more sync, and no other thing, when it is sent again", async () => {
    const headers = { "x-deskhand-signature": timed(SECONDS, body) };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(post("docs", body, headers)).resolves.toBe(202);
    }
    expect(asked).toEqual(["docs", "docs", "docs"]);
  });
});
