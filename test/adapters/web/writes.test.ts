import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ErrorView } from "../../../adapters/web/api.js";
import { DeskhandError } from "../../../src/ports/errors.js";
import { bodyOf, ConsoleHarness, textOf, PUBLIC_URL } from "./console-harness.js";

class StoreIsDown extends DeskhandError {
  override readonly name = "StoreIsDown";
  readonly code = "database";
  readonly isRetryable = true;
}

const MESSAGES = "/api/conversations/1/messages";
const question = () => ({ messageId: randomUUID(), text: "How many Nodes do I need?" });

describe("a write that does not come from the console's page", () => {
  it.each([
    ["has no origin", { origin: undefined }],
    ["comes from another site", { origin: "https://evil.example" }],
    ["comes from another port", { origin: "http://127.0.0.1:3001" }],
    ["comes from a sandboxed frame", { origin: "null" }],
    ["lacks our header", { "x-deskhand": undefined }],
  ])("is refused when it %s", async (_what, headers) => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();

    const response = await harness.post(MESSAGES, question(), { cookie, headers });

    expect(response.status).toBe(403);
    expect(harness.sink.events).toEqual([]);
  });
});

describe("a write from the page at its public address", () => {
  it("is taken behind a proxy that asks for another host", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const headers = { origin: new URL(PUBLIC_URL).origin, host: "console.internal:3000" };

    expect((await harness.post(MESSAGES, question(), { cookie, headers })).status).toBe(202);
  });
});

describe("a customer's message", () => {
  it("is accepted by the core and then shown", async () => {
    const harness = new ConsoleHarness();
    const { cookie, sessionId } = await harness.signIn();
    const message = question();

    const response = await harness.post("/api/conversations/7/messages", message, { cookie });

    const key = `customer/${sessionId}/7`;
    expect(response.status).toBe(202);
    expect(harness.sink.events).toEqual([
      {
        kind: "message",
        eventId: `message:${message.messageId}`,
        conversation: { installationId: harness.installationId, key },
        channelId: key,
        messageId: message.messageId,
        revision: 0,
        occurredAt: harness.now,
        author: { id: `web:${sessionId}`, displayName: "Visitor", role: "customer", isBot: false },
        audience: ["public"],
        text: message.text,
        addressesBot: true,
      },
    ]);
    const shown = await harness.store.list({ installationId: harness.installationId, key }, 10);
    expect(shown.map(({ messageId, author }) => [messageId, author.role])).toEqual([[message.messageId, "customer"]]);
  });

  it.each(["admin", "customer"] as const)("is a command by a %s when it reads like one", async (role) => {
    const harness = new ConsoleHarness();
    const { cookie, sessionId } = await harness.signIn(role);
    const message = { messageId: randomUUID(), text: "/kb sync docs" };
    await harness.post("/api/conversations/1/messages", message, { cookie });

    const author = { id: `web:${sessionId}`, role };
    expect(harness.sink.events).toMatchObject([{ kind: "command", line: "kb sync docs", author, isPrivate: true }]);
    const key = `customer/${sessionId}/1`;
    await expect(harness.store.list({ installationId: harness.installationId, key }, 10)).resolves.toHaveLength(1);
  });

  it("is one event and one message however often it is sent", async () => {
    const harness = new ConsoleHarness();
    const { cookie, sessionId } = await harness.signIn();
    const message = question();

    const responses = [
      await harness.post(MESSAGES, message, { cookie }),
      await harness.post(MESSAGES, message, { cookie }),
      await harness.post(MESSAGES, { ...message, messageId: message.messageId.toUpperCase() }, { cookie }),
    ];

    const key = `customer/${sessionId}/1`;
    expect(responses.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(harness.sink.events).toHaveLength(1);
    expect(await harness.store.list({ installationId: harness.installationId, key }, 10)).toHaveLength(1);
  });

  it("is not shown when it could not be stored, and the page may try again", async () => {
    const harness = new ConsoleHarness();
    const { cookie, sessionId } = await harness.signIn();
    harness.sink.failure = new StoreIsDown("the words of a customer");

    const response = await harness.post(MESSAGES, question(), { cookie });

    const key = `customer/${sessionId}/1`;
    expect(response.status).toBe(503);
    expect(textOf(response)).not.toContain("the words of a customer");
    expect(await harness.store.list({ installationId: harness.installationId, key }, 10)).toEqual([]);
  });

  it.each([
    ["no text", { messageId: randomUUID() }, "body.text is missing"],
    ["only spaces", { messageId: randomUUID(), text: " \n " }, "body.text is empty"],
    [
      "4,001 characters",
      { messageId: randomUUID(), text: "a".repeat(4_001) },
      "body.text is longer than 4000 characters",
    ],
    ["an id that is no UUID", { messageId: "1", text: "hello" }, "body.messageId is not a UUID"],
  ])("with %s is refused with what is wrong", async (_what, body, problem) => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();

    const response = await harness.post(MESSAGES, body, { cookie });

    expect(response.status).toBe(400);
    expect((bodyOf(response) as ErrorView).error.message).toBe(problem);
    expect(harness.sink.events).toEqual([]);
  });

  it("that is not JSON is refused without being repeated", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();

    const response = await harness.post(MESSAGES, null, { cookie, rawBody: "{secret words" });

    expect(response.status).toBe(400);
    expect(textOf(response)).not.toContain("secret");
  });

  it("of 4,000 characters is taken whole", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();

    await harness.post(MESSAGES, { ...question(), text: "ä".repeat(4_000) }, { cookie });

    expect(harness.sink.events[0]).toMatchObject({ text: "ä".repeat(4_000) });
  });

  it.each(["0", "x", "1000000", "-1", "..%2F1", "1%2F..%2F..%2Fagents"])(
    "cannot be sent to a conversation named %s",
    async (number) => {
      const harness = new ConsoleHarness();
      const { cookie } = await harness.signIn();

      const response = await harness.post(`/api/conversations/${number}/messages`, question(), { cookie });

      expect(response.status).toBe(404);
      expect(harness.sink.events).toEqual([]);
    },
  );

  it("stays text when it looks like markup", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();
    const text = `<img src=x onerror="alert(1)"> <script>alert(2)</script> [x](javascript:alert(3))`;

    await harness.post(MESSAGES, { ...question(), text }, { cookie });
    const response = await harness.get(MESSAGES, { cookie });

    expect(response.headers?.["content-type"]).toBe("application/json; charset=utf-8");
    const { messages } = bodyOf(response) as { messages: { reply: unknown }[] };
    expect(messages[0]?.reply).toMatchObject({ blocks: [{ kind: "paragraph", children: [{ kind: "text", text }] }] });
  });
});

describe("what a session reads", () => {
  it("is its own conversations only", async () => {
    const harness = new ConsoleHarness();
    const [one, other] = [await harness.signIn(), await harness.signIn()];
    await harness.post(MESSAGES, question(), { cookie: one.cookie });

    const own = await harness.get(MESSAGES, { cookie: one.cookie });
    const foreign = await harness.get(MESSAGES, { cookie: other.cookie });

    expect((bodyOf(own) as { messages: unknown[] }).messages).toHaveLength(1);
    expect((bodyOf(foreign) as { messages: unknown[] }).messages).toEqual([]);
  });

  it("names the newest handoff of the conversation and who has it", async () => {
    const harness = new ConsoleHarness();
    const { cookie, sessionId } = await harness.signIn();
    const conversation = { installationId: harness.installationId, key: `customer/${sessionId}/1` };
    harness.addHandoff({ conversation, state: "resolved", createdAt: new Date("2026-11-20T00:00:00Z") });
    const newest = harness.addHandoff({ conversation, state: "claimed", claimedBy: "Ana", claimedById: "agent:Ana" });
    harness.addHandoff({ conversation: { ...conversation, key: `customer/${sessionId}/11` } });

    const response = await harness.get(MESSAGES, { cookie });

    expect((bodyOf(response) as { handoff: unknown }).handoff).toMatchObject({
      handoffId: newest.handoffId,
      state: "claimed",
      claimedBy: "Ana",
    });
  });

  it("names who has the handoff as customers see them, and to the team in full", async () => {
    const harness = new ConsoleHarness((name) => name.slice(0, 1));
    const { cookie, sessionId } = await harness.signIn();
    const conversation = { installationId: harness.installationId, key: `customer/${sessionId}/1` };
    const { handoffId } = harness.addHandoff({ conversation, state: "claimed", claimedBy: "Ana", claimedById: "a" });

    const seen = bodyOf(await harness.get(MESSAGES, { cookie }));
    const team = bodyOf(await harness.get(`/api/handoffs/${handoffId}/messages`, { cookie }));

    expect(seen).toMatchObject({ handoff: { claimedBy: "A" } });
    expect(team).toMatchObject({ handoff: { claimedBy: "Ana" } });
  });

  it("is asked of the knowledge base as the public, within the tenant", async () => {
    const harness = new ConsoleHarness();
    const { cookie } = await harness.signIn();

    const missing = await harness.get(`/api/passages/${randomUUID()}`, { cookie });
    const malformed = await harness.get("/api/passages/1", { cookie });

    expect([missing.status, malformed.status]).toEqual([404, 404]);
    expect(harness.opened).toEqual([{ tenantId: "default", audience: ["public"] }]);
  });
});
