import { describe, expect, it } from "vitest";
import type { BusinessHours } from "../../../src/handoff/business-hours.js";
import { startTargets, targetsAfter, type MeasuredTeam } from "../../../src/handoff/service-level.js";
import { WAITING, type HandoffEvent } from "../../../src/handoff/state-machine.js";
import type { HandoffStanding, ServiceTarget } from "../../../src/ports/handoffs.js";
import { newId } from "../../../src/ports/ids.js";

const MINUTE_MS = 60_000;
const start = new Date("2026-11-27T15:30:00Z");
const after = (minutes: number) => new Date(start.getTime() + minutes * MINUTE_MS);

// Friday until 17:00 in Berlin, that is 16:00 UTC; Monday is a holiday.
const hours: BusinessHours = {
  timeZone: "Europe/Berlin",
  week: [0, 1, 2, 3, 4, 5, 6].map((day) => (day < 5 ? [{ from: 9 * 60, to: 17 * 60 }] : [])),
  holidays: new Set(["2026-11-30"]),
};
const billing: MeasuredTeam = {
  name: "billing",
  level: { firstReplyMs: 45 * MINUTE_MS, resolveMs: null },
  hours,
};
const claimed: HandoffStanding = { ...WAITING, state: "claimed", claimedBy: { id: "ana", displayName: "Ana" } };
const resolved: HandoffStanding = { ...claimed, state: "resolved", customerWaits: false };

const running = startTargets(billing, { now: start, newId });

function change(
  targets: readonly ServiceTarget[],
  event: HandoffEvent,
  given: { before?: HandoffStanding; to?: HandoffStanding; at?: Date; destination?: MeasuredTeam } = {},
) {
  const { before = WAITING, to = claimed, at = after(10), destination = null } = given;
  return targetsAfter(targets, { before, to, event, team: billing, destination }, { now: at, newId });
}

describe("a team's targets", () => {
  it("are due after open time, over a weekend and a holiday", () => {
    expect(running.map(({ kind, dueAt }) => [kind, dueAt])).toEqual([
      ["first-reply", new Date("2026-12-01T08:15:00Z")],
      ["resolution", null],
    ]);
  });

  it("count the open time until the first reply, once", () => {
    const at = new Date("2026-12-01T08:10:00Z");
    const [reply, ...others] = change(running, { kind: "reply" }, { at });
    expect(reply).toMatchObject({ missedAt: null, end: { at, how: "met", openMs: 40 * MINUTE_MS } });
    expect(others).toEqual([]);
    expect(change(running.slice(1), { kind: "reply" }, { before: claimed })).toEqual([]);
    expect(change(running, { kind: "claim" })).toEqual([]);
  });

  it("are missed when their time is over, and by a reply that comes before anybody saw that", () => {
    const due = new Date("2026-12-01T08:15:00Z");
    const [missed] = change(running, { kind: "first-reply-due" }, { to: WAITING, at: due });
    expect(missed).toMatchObject({ missedAt: due, end: null });
    const later = new Date("2026-12-01T09:00:00Z");
    expect(change([missed!], { kind: "reply" }, { at: later })[0]).toMatchObject({
      missedAt: due,
      end: { how: "met", openMs: 90 * MINUTE_MS },
    });
    expect(change(running, { kind: "reply" }, { at: later })[0]).toMatchObject({ missedAt: later });
  });

  it("begin again for another team, and what was met is not asked for twice", () => {
    const desk: MeasuredTeam = { name: "desk", level: { firstReplyMs: null, resolveMs: MINUTE_MS }, hours: null };
    const moved = change(running.slice(1), { kind: "move", team: "desk" }, { to: WAITING, destination: desk });
    expect(moved).toMatchObject([
      { kind: "resolution", team: "billing", end: { how: "dropped" } },
      { kind: "resolution", team: "desk", dueAt: after(11), end: null },
    ]);
  });

  it("end with the handoff, and what is opened again is to be resolved again", () => {
    const ends = (to: HandoffStanding) =>
      change(running, { kind: "resolve" }, { before: claimed, to }).map(({ end }) => end?.how);
    expect(ends(resolved)).toEqual(["dropped", "met"]);
    expect(ends({ ...resolved, state: "returned" })).toEqual(["dropped", "dropped"]);
    expect(ends({ ...resolved, state: "expired" })).toEqual(["expired", "expired"]);
    const reopened = change([], { kind: "not-solved" }, { before: resolved, to: { ...WAITING, state: "reopened" } });
    expect(reopened).toMatchObject([{ kind: "resolution", startedAt: after(10), end: null }]);
  });
});
