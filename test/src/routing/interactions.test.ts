import { describe, expect, it } from "vitest";
import type { EventOutcome } from "../../../src/ports/chat.js";
import { createInteractions } from "../../../src/routing/interactions.js";
import { actionFrom, ana } from "../../support/events.js";

const claim = actionFrom(ana, { installationId: "installation", key: "thread" }, { name: "claim", handoffId: "one" });
const stored = { inboxId: "inbox", conversationId: "conversation", duplicate: false };

describe("an interaction", () => {
  it("resolves with the outcome once there is one", async () => {
    const outcomes: (EventOutcome | null)[] = [null, null, { kind: "recorded", reason: "claim" }];
    const interactions = createInteractions({
      sink: { accept: () => Promise.resolve(stored) },
      outcomeOf: () => Promise.resolve(outcomes.shift() ?? null),
    });
    await expect(interactions.interact(claim)).resolves.toEqual({
      ...stored,
      outcome: { kind: "recorded", reason: "claim" },
    });
  });

  it("does not wait longer than the platform does", async () => {
    const interactions = createInteractions({
      sink: { accept: () => Promise.resolve(stored) },
      outcomeOf: () => Promise.resolve(null),
    });
    await expect(interactions.interact(claim)).resolves.toEqual({ ...stored, outcome: null });
  });

  it("fails when the event could not be stored, so that it is not acknowledged", async () => {
    const interactions = createInteractions({
      sink: { accept: () => Promise.reject(new Error("no database")) },
      outcomeOf: () => Promise.resolve(null),
    });
    await expect(interactions.interact(claim)).rejects.toThrow("no database");
  });
});
