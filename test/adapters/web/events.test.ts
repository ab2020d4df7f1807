import { setTimeout as pause } from "node:timers/promises";
import type { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { LiveSignal } from "../../../src/ports/database.js";
import type { SessionRole } from "../../../adapters/web/server/sessions.js";
import { ConsoleHarness } from "./console-harness.js";

interface OpenStream {
  readonly sessionId: string;
  readonly harness: ConsoleHarness;
  readonly stream: Readable;
  leave(): void;
}

async function openStream(role: SessionRole = "admin"): Promise<OpenStream> {
  const harness = new ConsoleHarness();
  const { cookie, sessionId } = await harness.signIn(role);
  const controller = new AbortController();
  const { body } = await harness.get("/api/events", { cookie, signal: controller.signal });
  return { sessionId, harness, stream: body as Readable, leave: () => controller.abort() };
}

/** What the page hears after the greeting. */
async function heardAfter({ harness, stream, leave }: OpenStream, signals: readonly LiveSignal[]): Promise<unknown[]> {
  for (const signal of signals) harness.live.send(signal);
  leave();
  const text = (await stream.toArray()).join("");
  return [...text.matchAll(/^data: (\{"topic".*\})$/gmu)].map(([, json]) => JSON.parse(json ?? "") as unknown);
}

const signal = (id: string, changes: Partial<LiveSignal> = {}): LiveSignal => ({
  tenantId: "default",
  topic: "conversation",
  id,
  ...changes,
});

describe("the event stream", () => {
  it("greets at once, so that the page knows it is connected", async () => {
    const open = await openStream();
    open.leave();

    expect((await open.stream.toArray()).join("")).toMatch(/^retry: \d+\nevent: ready\ndata: \{\}\n\n/u);
  });

  it("tells an admin of their own conversations and the agents' side", async () => {
    const open = await openStream();

    const heard = await heardAfter(open, [
      signal(`customer/${open.sessionId}/4`),
      signal("agents/018f"),
      signal("x", { topic: "handoff" }),
      signal("x", { topic: "sync" }),
    ]);

    expect(heard).toEqual([
      { topic: "conversation", conversation: 4 },
      { topic: "handoffs" },
      { topic: "handoffs" },
      { topic: "knowledge" },
    ]);
  });

  it("tells a customer nothing of what is said among agents", async () => {
    const open = await openStream("customer");

    const heard = await heardAfter(open, [
      signal("agents"),
      signal("agents/018f"),
      signal(`customer/${open.sessionId}/4`),
      signal("x", { topic: "handoff" }),
    ]);

    expect(heard).toEqual([{ topic: "conversation", conversation: 4 }, { topic: "handoffs" }]);
  });

  it("says nothing of other sessions and other tenants", async () => {
    const open = await openStream();

    const heard = await heardAfter(open, [
      signal("customer/0b2f8a0e-0000-4000-8000-000000000000/1"),
      signal(`customer/${open.sessionId}/4`, { tenantId: "other" }),
      signal("x", { topic: "handoff", tenantId: "other" }),
      signal("agentsandmore"),
    ]);

    expect(heard).toEqual([]);
  });

  it.each(["leaves", "breaks off"])("stops listening when the page %s", async (how) => {
    const open = await openStream();
    expect(open.harness.live.listeners).toBe(1);

    if (how === "leaves") open.leave();
    else open.stream.destroy();
    await pause(0);

    expect(open.harness.live.listeners).toBe(0);
  });
});
