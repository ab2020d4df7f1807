import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { parseReply } from "../../../src/answering/parse-reply.js";
import { plainReply } from "../../../src/ports/reply.js";
import { openSlackScene, outgoing, type SlackScene } from "./slack-scene.js";

const attackSchema = z.object({
  id: z.string(),
  input: z.string(),
  puppet_output: z.string().nullable(),
});
const requestSchema = z.object({
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
});

const file = path.join(process.env["TEST_DATA_DIR"] ?? "", "attacks", "attacks.jsonl");
const attacks = existsSync(file)
  ? readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => attackSchema.parse(JSON.parse(line)))
  : [];
const reason = attacks.length === 0 ? " (skipped: TEST_DATA_DIR names no folder with attacks/attacks.jsonl)" : "";

function attacksOf(ids: RegExp) {
  return attacks.filter(({ id }) => ids.test(id));
}

let scene: SlackScene;
beforeAll(async () => {
  scene = await openSlackScene({ fake: {}, deps: {} });
});
afterAll(async () => scene[Symbol.asyncDispose]());

const signal = new AbortController().signal;

/** Fills in what a case leaves to be computed: its times and signatures. */
function forged(headers: Readonly<Record<string, string>>, body: string, secret: string): Record<string, string> {
  const now = Math.floor(Date.now() / 1_000);
  const wanted = /^<now([+-]\d+)?>$/u.exec(headers["x-slack-request-timestamp"] ?? "");
  const timestamp = String(now + Number(wanted?.[1] ?? 0));
  const key = headers["x-slack-signature"]?.includes("key ''") === true ? "" : secret;
  const hash = createHmac("sha256", key).update(`v0:${timestamp}:${body}`).digest("hex");
  return {
    "content-type": "application/json",
    ...headers,
    ...(wanted === null ? {} : { "x-slack-request-timestamp": timestamp, "x-slack-signature": `v0=${hash}` }),
  };
}

describe.skipIf(attacks.length === 0)(`requests that are not Slack's${reason}`, () => {
  it.each(attacksOf(/^SIG-0[1-6]$/u))("$id stores nothing", async ({ input }) => {
    const { headers = {}, body = "" } = requestSchema.parse(JSON.parse(input));
    const before = scene.inbox.events.length;

    const response = await fetch(`${scene.url}/slack/events`, {
      method: "POST",
      headers: forged(headers, body, scene.slack.signingSecret),
      body,
    });

    expect(response.status).toBe(401);
    expect(await response.text()).toBe("");
    expect(scene.inbox.events).toHaveLength(before);
  });

  it("SIG-07 is one event, however often the same bytes come", async () => {
    const [attack] = attacksOf(/^SIG-07$/u);
    const { headers = {}, body = "" } = requestSchema.parse(JSON.parse(attack?.input ?? "{}"));
    const ours = body.replace('"T1"', '"T0ACME"').replace('"U1"', '"U0ANNA"');
    const signed = forged(headers, ours, scene.slack.signingSecret);
    const before = scene.inbox.events.length;

    const send = () => fetch(`${scene.url}/slack/events`, { method: "POST", headers: signed, body: ours });
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await send()).status));

    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(scene.inbox.events).toHaveLength(before + 1);
  });

  it("SIG-08 is refused by its size, and the server is told never to read so much", async () => {
    const [route] = scene.surface.routes;
    const body = Buffer.alloc(2_000_000, "a");
    const request = { method: "POST", path: "/slack/events", params: {}, query: new URLSearchParams(), headers: {} };

    expect(route?.bodyLimit).toBeLessThanOrEqual(1_048_576);
    await expect(route?.handle({ ...request, body, remoteAddress: "", signal })).resolves.toMatchObject({
      status: 413,
    });
  });
});

describe.skipIf(attacks.length === 0)(`words that want to be more than words${reason}`, () => {
  const cases = attacksOf(/^(?:INJ|XSS|MEN|EXF|UNI)-/u).map((attack) => ({
    ...attack,
    words: (attack.puppet_output ?? attack.input).replaceAll(
      /\{\{REPEAT\|(\d+)\|([^}]*)\}\}/gu,
      (_match, times, text) => String(text).repeat(Number(times)),
    ),
  }));

  it.each(cases)("$id is taken in as it was written", async ({ input }) => {
    const text = input.slice(0, 3_000).trim();
    const said = scene.slack.direct("Anna", text.replaceAll(/[@#](?=\w)/gu, "$&\u200C"));
    await said.acknowledged();

    const stored = scene.inbox.events.find(({ messageId }) => messageId === said.ts);
    expect(stored?.kind === "message" && stored.text.replaceAll("\u200C", "")).toBe(text);
    expect(Object.hasOwn(Object.prototype, "isAdmin")).toBe(false);
  });

  it.each(cases)("$id calls nobody and leads nowhere when it is said, relayed or streamed", async ({ words }) => {
    await using fresh = await openSlackScene();
    const { adapter } = fresh.surface;
    const offered = new Set([1]);

    await adapter.post(outgoing(fresh.thread(), plainReply(words)), signal);
    await adapter.post(
      { ...outgoing(fresh.thread(), plainReply(words)), speaker: { role: "customer", name: words } },
      signal,
    );
    const parsed = { blocks: parseReply(words, offered), citations: [], actions: [] };
    await adapter.post(outgoing(fresh.thread(), parsed), signal);

    expect(fresh.slack.live()).toEqual({ mentions: [], links: [] });
    const posts = fresh.slack.calls.filter(({ method }) => method === "chat.postMessage");
    for (const { args } of posts) expect(args).toMatchObject({ unfurl_links: "false", unfurl_media: "false" });
    expect(posts.every(({ args }) => !("parse" in args) && !("link_names" in args))).toBe(true);
  });
});
