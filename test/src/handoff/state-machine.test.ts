import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOpen, nextHandoffState, WAITING, type HandoffEvent } from "../../../src/handoff/state-machine.js";
import type { HandoffActor, HandoffStanding } from "../../../src/ports/handoffs.js";

const ana: HandoffActor = { id: "ana", displayName: "Ana", role: "agent" };
const ben: HandoffActor = { id: "ben", displayName: "Ben", role: "agent" };
const now = new Date("2026-11-28T12:00:00Z");
const later = new Date("2026-11-28T14:00:00Z");

const holder = ({ id, displayName }: HandoffActor) => ({ id, displayName });

function step(standing: HandoffStanding, event: HandoffEvent, actor: HandoffActor): HandoffStanding {
  const transition = nextHandoffState(standing, event, actor, now);
  return transition.kind === "moved" ? transition.to : standing;
}

/** What becomes of it when all of that happens. */
function after(...events: readonly (readonly [HandoffEvent, HandoffActor])[]): HandoffStanding {
  return events.reduce((standing, [event, actor]) => step(standing, event, actor), WAITING);
}

const claimedByAna = after([{ kind: "claim" }, ana]);
const resolvedByAna = after([{ kind: "claim" }, ana], [{ kind: "resolve" }, ana]);
const snoozedByAna = after([{ kind: "claim" }, ana], [{ kind: "snooze", until: later }, ana]);

function refusal(standing: HandoffStanding, event: HandoffEvent, actor: HandoffActor): string | null {
  const transition = nextHandoffState(standing, event, actor, now);
  return transition.kind === "refused" ? transition.reason : null;
}

describe("the handoff state machine", () => {
  it("lets the first of two claim it and tells the second", () => {
    expect(claimedByAna).toMatchObject({ state: "claimed", claimedBy: holder(ana) });
    expect(refusal(claimedByAna, { kind: "claim" }, ben)).toBe("claimed-by-other");
    expect(refusal(claimedByAna, { kind: "claim" }, ana)).toBe("already-yours");
  });

  it("claims by replying", () => {
    expect(after([{ kind: "reply" }, ana])).toEqual({
      ...WAITING,
      state: "claimed",
      claimedBy: holder(ana),
      customerWaits: false,
    });
  });

  it.each(["reply", "resolve", "release", "return"] as const)(
    "refuses to %s for somebody who is not the holder",
    (kind) => {
      expect(refusal(claimedByAna, { kind }, ben)).toBe("claimed-by-other");
      expect(refusal(snoozedByAna, { kind }, ben)).toBe("claimed-by-other");
    },
  );

  it.each(["resolve", "release"] as const)("does not %s what nobody holds", (kind) => {
    expect(refusal(WAITING, { kind }, ana)).toBe("not-claimed");
  });

  it("is passed on to another team by its holder, or by anybody while nobody has it", () => {
    const move = { kind: "move", team: "billing" } as const;
    expect(step(WAITING, move, ana)).toEqual(WAITING);
    expect(step(claimedByAna, move, ana)).toEqual(WAITING);
    expect(step(snoozedByAna, move, ana)).toEqual(WAITING);
    expect(refusal(claimedByAna, move, ben)).toBe("claimed-by-other");
    expect(refusal(resolvedByAna, move, ana)).toBe("closed");
    expect(step(claimedByAna, { kind: "reassign" }, ana)).toBe(claimedByAna);
  });

  it("goes to a colleague who takes it over, and the former holder no longer speaks", () => {
    const taken = step(claimedByAna, { kind: "assign", to: holder(ben) }, ben);
    expect(taken).toMatchObject({ state: "claimed", claimedBy: holder(ben) });
    expect(refusal(taken, { kind: "reply" }, ana)).toBe("claimed-by-other");
    expect(refusal(taken, { kind: "assign", to: holder(ben) }, ben)).toBe("already-yours");
  });

  it("waits for anybody once it was let go of", () => {
    expect(step(claimedByAna, { kind: "release" }, ana)).toEqual(WAITING);
  });

  it("sleeps until its time or until the customer writes, and stays its holder's", () => {
    expect(snoozedByAna).toMatchObject({ state: "snoozed", claimedBy: holder(ana), snoozedUntil: later });
    for (const kind of ["wake", "customer-wrote", "reply"] as const) {
      expect(step(snoozedByAna, { kind }, ana)).toMatchObject({
        state: "claimed",
        claimedBy: holder(ana),
        snoozedUntil: null,
      });
    }
    expect(refusal(claimedByAna, { kind: "snooze", until: now }, ana)).toBe("in-the-past");
  });

  it("is asked about once it is resolved, and opened again by a no or by more words", () => {
    for (const kind of ["not-solved", "customer-wrote"] as const) {
      expect(step(resolvedByAna, { kind }, ana)).toEqual({ ...WAITING, state: "reopened" });
    }
    const settled = step(resolvedByAna, { kind: "solved" }, ana);
    expect(settled).toEqual({ ...resolvedByAna, isSettled: true });
    // Complaint 6: old context never opens a closed one again.
    expect(step(settled, { kind: "not-solved" }, ana)).toEqual(settled);
    expect(step(settled, { kind: "customer-wrote" }, ana)).toEqual(settled);
  });

  it.each([
    ["resolved", resolvedByAna],
    ["returned", step(claimedByAna, { kind: "return" }, ana)],
    ["expired", step(WAITING, { kind: "expire" }, ana)],
  ])("is opened again by an agent when it is %s, for that agent", (state, standing) => {
    expect(standing.state).toBe(state);
    expect(refusal(standing, { kind: "reply" }, ana)).toBe("closed");
    expect(step(standing, { kind: "reopen" }, ben)).toMatchObject({ state: "claimed", claimedBy: holder(ben) });
  });

  it("gives up only what nobody has claimed", () => {
    expect(step(WAITING, { kind: "expire" }, ana).state).toBe("expired");
    expect(step(WAITING, { kind: "unreachable" }, ana).state).toBe("expired");
    expect(step(claimedByAna, { kind: "expire" }, ana)).toEqual(claimedByAna);
    expect(step(claimedByAna, { kind: "unreachable" }, ana)).toEqual(claimedByAna);
  });

  it("keeps its promises whatever happens in whatever order", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyEvent, fc.constantFrom(ana, ben)), { maxLength: 25 }), (sequence) => {
        let before = WAITING;
        for (const [event, actor] of sequence) {
          const transition = nextHandoffState(before, event, actor, now);
          const next = transition.kind === "moved" ? transition.to : before;
          checkStanding(next);
          checkStep(before, next, event, actor);
          before = next;
        }
      }),
      { numRuns: 500 },
    );
  });
});

const anyEvent: fc.Arbitrary<HandoffEvent> = fc.oneof(
  fc
    .constantFrom(
      ...(["claim", "reply", "note", "resolve", "release", "return", "reopen"] as const),
      ...(["customer-wrote", "solved", "not-solved"] as const),
      ...(["remind", "idle", "wake", "expire", "settle", "reassign", "unreachable"] as const),
    )
    .map((kind) => ({ kind })),
  fc.constantFrom(now, later).map((until) => ({ kind: "snooze" as const, until })),
  fc.constantFrom("billing", "desk").map((team) => ({ kind: "move" as const, team })),
  fc.constantFrom(ana, ben).map((to) => ({ kind: "assign" as const, to: holder(to) })),
);

/** What holds of each standing by itself. */
function checkStanding({ state, claimedBy, snoozedUntil, customerWaits, isSettled }: HandoffStanding): void {
  if (state === "claimed" || state === "snoozed") expect(claimedBy).not.toBeNull();
  if (state === "waiting" || state === "reopened") expect(claimedBy).toBeNull();
  expect(snoozedUntil !== null).toBe(state === "snoozed");
  if (isSettled) expect(state).toBe("resolved");
  if (state === "resolved" || state === "returned") expect(customerWaits).toBe(false);
}

const BY_AGENTS: readonly HandoffEvent["kind"][] = [
  "claim",
  "reply",
  "resolve",
  "release",
  "return",
  "snooze",
  "assign",
  "move",
  "reopen",
];

/** Who may change what. */
function checkStep(before: HandoffStanding, next: HandoffStanding, event: HandoffEvent, actor: HandoffActor): void {
  if (event.kind === "note") expect(next).toBe(before);
  // Nobody takes a colleague's away but by taking it over.
  if (before.claimedBy !== null && before.claimedBy.id !== actor.id && isOpen(before.state) && isAgents(event)) {
    if (event.kind !== "assign") expect(next).toBe(before);
  }
  // What is over is opened by an agent, or by the customer while nobody has confirmed that it is solved.
  if (!isOpen(before.state) && isOpen(next.state)) {
    const isCustomers = before.state === "resolved" && !before.isSettled;
    expect(event.kind === "reopen" || (isCustomers && ["not-solved", "customer-wrote"].includes(event.kind))).toBe(
      true,
    );
  }
  // Time ends nothing that a person holds.
  if (!isAgents(event) && before.state === "claimed") expect(next.state).toBe("claimed");
}

function isAgents({ kind }: HandoffEvent): boolean {
  return BY_AGENTS.includes(kind);
}
