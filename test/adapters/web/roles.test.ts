import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { SessionView } from "../../../adapters/web/api.js";
import { plainReply } from "../../../src/ports/reply.js";
import { bodyOf, ConsoleHarness, textOf } from "./console-harness.js";

const SECRET_WORDS = "Asked billing about this.";

async function deskWithCustomer() {
  const harness = new ConsoleHarness();
  const { cookie } = await harness.signIn("customer");
  const handoff = harness.addHandoff();
  const note = { role: "note", name: "Ana" } as const;
  await harness.store.post(handoff.agentThread!, randomUUID(), note, plainReply(SECRET_WORDS));
  return { harness, cookie, handoffId: handoff.handoffId, handoff };
}

describe("a customer's session", () => {
  it.each([
    ["the queue", () => "/api/handoffs"],
    ["a handoff", (id: string) => `/api/handoffs/${id}/messages`],
    ["a handoff that is not there", () => `/api/handoffs/${randomUUID()}/messages`],
  ])("cannot read %s", async (_what, path) => {
    const { harness, cookie, handoffId } = await deskWithCustomer();

    const response = await harness.get(path(handoffId), { cookie });

    expect(response.status).toBe(403);
    expect(textOf(response)).not.toContain(SECRET_WORDS);
    expect(textOf(response)).not.toContain(handoffId);
  });

  it.each(["replies", "notes"])("cannot add to a handoff's %s, also under an agent's name", async (kind) => {
    const { harness, cookie, handoffId, handoff } = await deskWithCustomer();
    const words = { messageId: randomUUID(), text: "Let me in.", agentName: "Ana" };

    const response = await harness.post(`/api/handoffs/${handoffId}/${kind}`, words, { cookie });

    expect(response.status).toBe(403);
    expect(harness.sink.events).toEqual([]);
    expect(await harness.store.list(handoff.agentThread!, 10)).toHaveLength(1);
  });

  it.each(["claim", "suggest", "resolve", "send-suggestion"])("cannot %s", async (name) => {
    const { harness, cookie, handoffId } = await deskWithCustomer();
    const act = { name, actionId: randomUUID(), handoffId, suggestionId: randomUUID(), agentName: "Ana" };

    const response = await harness.post("/api/actions", act, { cookie });

    expect(response.status).toBe(403);
    expect(harness.sink.events).toEqual([]);
  });

  it("can ask, read what it asked, and ask for a person", async () => {
    const { harness, cookie } = await deskWithCustomer();
    const path = "/api/conversations/1/messages";

    const asked = await harness.post(path, { messageId: randomUUID(), text: "How many?" }, { cookie });
    const read = await harness.get(path, { cookie });
    const person = { name: "human", actionId: randomUUID(), conversation: 1 };

    expect([asked.status, read.status]).toEqual([202, 200]);
    expect((await harness.post("/api/actions", person, { cookie })).status).toBe(202);
    expect(harness.sink.events.map(({ author }) => author.role)).toEqual(["customer", "customer"]);
  });

  it("stays a customer's when its cookie is changed to say otherwise", async () => {
    const { harness, cookie } = await deskWithCustomer();
    const [name = "", value = ""] = cookie.split("=");
    const [payload = "", signature = ""] = value.split(".");
    const contents = Buffer.from(payload, "base64url").toString().replace("customer", "admin");
    const changed = `${name}=${Buffer.from(contents).toString("base64url")}.${signature}`;

    expect((await harness.get("/api/handoffs", { cookie: changed })).status).toBe(401);
  });
});

it.each(["admin", "customer"] as const)("the page learns that its session is of the role %s", async (role) => {
  const harness = new ConsoleHarness();
  const { cookie } = await harness.signIn(role);

  expect((bodyOf(await harness.get("/api/session", { cookie })) as SessionView).role).toBe(role);
});
