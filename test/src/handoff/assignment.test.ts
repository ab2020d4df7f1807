import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseMember, nameOnCall, type Assignment, type AssignmentFacts } from "../../../src/handoff/assignment.js";

const members = ["ana", "ben", "cem", "dia"].map((id) => ({ id, name: id.toUpperCase() }));
const [, ben, cem, dia] = members;
const now = new Date("2026-11-27T12:00:00Z");
const nobody: AssignmentFacts = { now, asked: [], away: new Set(), lastId: null, loads: new Map() };
const inTurn: Assignment = { by: "round-robin", members, onCall: null };

describe("whom a handoff is for", () => {
  it("is the next in turn, past whoever is away unless all are, and nobody twice", () => {
    expect(chooseMember(inTurn, { ...nobody, lastId: "ana" })).toBe(ben);
    expect(chooseMember(inTurn, { ...nobody, lastId: "ana", away: new Set(["ben"]) })).toBe(cem);
    expect(chooseMember(inTurn, { ...nobody, lastId: "ana", away: new Set(members.map(({ id }) => id)) })).toBe(ben);
    expect(chooseMember(inTurn, { ...nobody, lastId: "cem", asked: ["dia", "ana"] })).toBe(ben);
    expect(chooseMember(inTurn, { ...nobody, asked: members.map(({ id }) => id) })).toBeNull();
    expect(chooseMember(inTurn, { ...nobody, lastId: "gone" })?.id).toBe("ana");
  });

  it("is everybody as often as the others, whatever the number of handoffs", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), (handoffs) => {
        const counts = new Map(members.map(({ id }) => [id, 0]));
        let lastId: string | null = null;
        for (let index = 0; index < handoffs; index += 1) {
          lastId = chooseMember(inTurn, { ...nobody, lastId })!.id;
          counts.set(lastId, counts.get(lastId)! + 1);
        }
        expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("is whoever has least, in turn among equals", () => {
    const loads = new Map([
      ["ana", 2],
      ["ben", 1],
      ["cem", 1],
      ["dia", 1],
    ]);
    const least: Assignment = { ...inTurn, by: "least-loaded" };
    expect(chooseMember(least, { ...nobody, loads, lastId: "ben" })).toBe(cem);
    expect(chooseMember(least, { ...nobody, loads, lastId: "ben", away: new Set(["cem"]) })).toBe(dia);
  });

  it("is whoever is on call, then the others behind them", () => {
    const week = [null, null, null, null, "BEN", null, null];
    const onCall: Assignment = { by: "on-call", members, onCall: { timeZone: "Europe/Berlin", duties: [], week } };
    expect(chooseMember(onCall, nobody)).toBe(ben);
    expect(chooseMember(onCall, { ...nobody, asked: ["ben"] })).toBe(cem);
    expect(chooseMember(onCall, { ...nobody, now: new Date("2026-11-28T12:00:00Z") })).toBeNull();
  });
});

describe("who is on call", () => {
  const rota = {
    timeZone: "Europe/Berlin",
    duties: [{ from: "2026-10-25", to: "2026-10-25", member: "CEM" }],
    week: ["ANA", null, null, null, null, null, "BEN"],
  };

  it.each([
    // The day of 25 hours on which the clocks of Berlin go back: from 22:00 UTC to 23:00 UTC of the next day.
    ["2026-10-24T21:59:59Z", null],
    ["2026-10-24T22:00:00Z", "CEM"],
    ["2026-10-25T22:59:59Z", "CEM"],
    ["2026-10-25T23:00:00Z", "ANA"],
    ["2026-11-01T12:00:00Z", "BEN"],
  ])("changes at midnight of the team: %s", (at, name) => {
    expect(nameOnCall(rota, new Date(at))).toBe(name);
  });
});
