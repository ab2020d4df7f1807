import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BusinessHours } from "../../../src/handoff/business-hours.js";
import { WAITING } from "../../../src/handoff/state-machine.js";
import { timersAfter, type HandoffTimer, type TimerPolicy } from "../../../src/handoff/timers.js";
import type { HandoffStanding } from "../../../src/ports/handoffs.js";

const HOUR_MS = 3_600_000;
const policy: TimerPolicy = {
  remindMs: HOUR_MS,
  idleMs: HOUR_MS,
  reassignMs: 2 * HOUR_MS,
  expireMs: 48 * HOUR_MS,
  settleMs: 24 * HOUR_MS,
};
const now = new Date("2026-11-27T15:30:00Z");
const claimed: HandoffStanding = { ...WAITING, state: "claimed", claimedBy: { id: "ana", displayName: "Ana" } };

const weekdays: BusinessHours = {
  timeZone: "Europe/Berlin",
  week: [0, 1, 2, 3, 4, 5, 6].map((day) => (day < 5 ? [{ from: 9 * 60, to: 17 * 60 }] : [])),
  holidays: new Set(["2026-11-30"]),
};

function timers(
  standing: HandoffStanding,
  given: {
    running?: readonly HandoffTimer[];
    over?: HandoffTimer;
    hours?: BusinessHours;
    mayBeReassigned?: boolean;
  } = {},
) {
  const { running = [], over = null, hours = null, mayBeReassigned = false } = given;
  return timersAfter(standing, { running, over }, { policy, hours, now, mayBeReassigned });
}

const inHours = (count: number) => new Date(now.getTime() + count * HOUR_MS);

describe("a handoff's timers", () => {
  it("remind and give up what nobody has claimed", () => {
    expect(timers(WAITING)).toEqual([
      { kind: "remind", dueAt: inHours(1), round: 0 },
      { kind: "expire", dueAt: inHours(48), round: 0 },
    ]);
  });

  it("count the time in which the team answers, over a weekend and a holiday", () => {
    // Friday 16:30 in Berlin; Monday is a holiday.
    expect(timers(WAITING, { hours: weekdays })[0]).toMatchObject({ dueAt: new Date("2026-12-01T08:30:00Z") });
  });

  it("remind again after twice as long, and not forever", () => {
    let over: HandoffTimer = { kind: "remind", dueAt: now, round: 0 };
    const rounds: number[] = [];
    for (;;) {
      const [next] = timers(WAITING, { running: [over], over }).filter(({ kind }) => kind === "remind");
      if (next === undefined) break;
      rounds.push((next.dueAt.getTime() - now.getTime()) / HOUR_MS);
      over = next;
    }
    expect(rounds).toEqual([2, 4, 8, 16, 32]);
  });

  it("run on when nothing changed for them", () => {
    const running = timers(claimed);
    expect(timers(claimed, { running })).toEqual(running);
    expect(timers(claimed, { running })[0]).toBe(running[0]);
    expect(timers({ ...claimed, customerWaits: false }, { running })).toEqual([]);
  });

  it("wake at the minute that was asked for, whatever the hours", () => {
    const snoozedUntil = new Date("2026-11-28T03:00:00Z");
    expect(timers({ ...claimed, state: "snoozed", snoozedUntil }, { hours: weekdays })).toEqual([
      { kind: "wake", dueAt: snoozedUntil, round: 0 },
    ]);
  });

  it("pass on what nobody claims in open time, once, where there is a team to pass it on to", () => {
    const kinds = (given: Parameters<typeof timers>[1]) => timers(WAITING, given).map(({ kind }) => kind);
    expect(kinds({})).toEqual(["remind", "expire"]);
    expect(kinds({ mayBeReassigned: true })).toEqual(["remind", "reassign", "expire"]);
    // Friday 16:30 in Berlin; Monday is a holiday.
    const [, reassign] = timers(WAITING, { mayBeReassigned: true, hours: weekdays });
    expect(reassign).toMatchObject({ dueAt: new Date("2026-12-01T09:30:00Z") });
    expect(kinds({ mayBeReassigned: true, over: reassign! })).toEqual(["remind", "expire"]);
    expect(timers(claimed, { mayBeReassigned: true }).map(({ kind }) => kind)).toEqual(["idle"]);
  });

  it("settle what was resolved once", () => {
    const resolved: HandoffStanding = { ...claimed, state: "resolved", customerWaits: false };
    expect(timers(resolved)).toEqual([{ kind: "settle", dueAt: inHours(24), round: 0 }]);
    expect(timers({ ...resolved, isSettled: true })).toEqual([]);
  });

  it("are none where the settings say never, and none that has run out but for reminders", () => {
    const never: TimerPolicy = { remindMs: null, idleMs: null, reassignMs: null, expireMs: null, settleMs: null };
    const all = fc.constantFrom<HandoffStanding["state"]>(
      "waiting",
      "claimed",
      "resolved",
      "reopened",
      "returned",
      "expired",
    );
    fc.assert(
      fc.property(all, (state) => {
        const standing = { ...claimed, state };
        const scene = { policy: never, hours: null, now, mayBeReassigned: true };
        expect(timersAfter(standing, { running: [], over: null }, scene)).toEqual([]);
      }),
    );
    const over: HandoffTimer = { kind: "expire", dueAt: now, round: 0 };
    expect(timers(WAITING, { running: [over], over }).map(({ kind }) => kind)).toEqual(["remind"]);
  });
});
