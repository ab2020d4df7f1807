import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOpen, nextHandoffState, type HandoffEvent } from "../../../src/handoff/state-machine.js";
import type { HandoffActor, HandoffState } from "../../../src/ports/stores.js";

const ana: HandoffActor = { id: "ana", displayName: "Ana", role: "agent" };
const ben: HandoffActor = { id: "ben", displayName: "Ben", role: "agent" };

interface Model {
  state: HandoffState;
  claimedBy: { id: string; displayName: string } | null;
}

function step(model: Model, event: HandoffEvent, actor: HandoffActor): Model {
  const transition = nextHandoffState(model, event, actor);
  return transition.kind === "moved" ? { state: transition.to, claimedBy: transition.claimedBy } : model;
}

describe("the handoff state machine", () => {
  it("lets the first of two claim it and tells the second", () => {
    const claimed = step({ state: "waiting", claimedBy: null }, "claim", ana);

    expect(claimed).toEqual({ state: "claimed", claimedBy: ana });
    expect(nextHandoffState(claimed, "claim", ben)).toEqual({ kind: "refused", reason: "claimed-by-other" });
  });

  it("claims by replying", () => {
    expect(nextHandoffState({ state: "waiting", claimedBy: null }, "reply", ana)).toEqual({
      kind: "moved",
      to: "claimed",
      claimedBy: ana,
    });
  });

  it.each(["reply", "resolve"] as const)("refuses to %s for somebody who is not the holder", (event) => {
    const claimed = { state: "claimed", claimedBy: ana } as const;
    expect(nextHandoffState(claimed, event, ben)).toEqual({ kind: "refused", reason: "claimed-by-other" });
  });

  it("resolves only after a claim", () => {
    expect(nextHandoffState({ state: "waiting", claimedBy: null }, "resolve", ana)).toEqual({
      kind: "refused",
      reason: "not-claimed",
    });
    expect(step({ state: "claimed", claimedBy: ana }, "resolve", ana).state).toBe("resolved");
  });

  it("never leaves a closed state, never has a claimed one without a holder, and never moves for a note", () => {
    const events = fc.array(
      fc.tuple(
        fc.constantFrom<HandoffEvent>("claim", "reply", "note", "resolve", "unreachable"),
        fc.constantFrom(ana, ben),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(events, (sequence) => {
        let model: Model = { state: "waiting", claimedBy: null };
        for (const [event, actor] of sequence) {
          const next = step(model, event, actor);
          if (!isOpen(model.state)) expect(next).toEqual(model);
          if (event === "note") expect(next).toEqual(model);
          if (next.state === "claimed") expect(next.claimedBy).not.toBeNull();
          if (model.state === "claimed" && next.state === "claimed") expect(next.claimedBy).toEqual(model.claimedBy);
          model = next;
        }
      }),
    );
  });
});
