import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BusinessHours } from "../../../src/handoff/business-hours.js";
import { expectationText, usualFirstReply } from "../../../src/handoff/what-to-expect.js";

const MINUTE_MS = 60_000;
const inMinutes = (...minutes: readonly number[]) => minutes.map((each) => each * MINUTE_MS);

const hours: BusinessHours = {
  timeZone: "Europe/Berlin",
  week: [0, 1, 2, 3, 4, 5, 6].map((day) => (day < 5 ? [{ from: 9 * 60, to: 18 * 60 }] : [])),
  holidays: new Set(),
};
const noon = new Date("2026-11-27T11:00:00Z");
const evening = new Date("2026-11-27T16:45:00Z");
const saturday = new Date("2026-11-28T11:00:00Z");

describe("how fast a team usually answers first", () => {
  it("is what three of four replies came within, in plain steps", () => {
    expect(usualFirstReply(inMinutes(1, 2, 3, 17, 200))).toBe(20 * MINUTE_MS);
    expect(usualFirstReply(inMinutes(1, 2, 3, 4, 5))).toBe(5 * MINUTE_MS);
    expect(usualFirstReply(inMinutes(61, 62, 63, 64, 65))).toBe(120 * MINUTE_MS);
  });

  it("is not known from few replies, and not told where it is long or one in four gets none", () => {
    expect(usualFirstReply(inMinutes(1, 1, 1, 1))).toBeNull();
    expect(usualFirstReply(inMinutes(600, 600, 600, 600, 600))).toBeNull();
    expect(usualFirstReply([...inMinutes(1, 1, 1, 1, 1), null, null])).toBeNull();
    expect(usualFirstReply([null, null, null, null, null])).toBeNull();
  });

  it("is never less than what three of four took", () => {
    const replies = fc.array(fc.integer({ min: 0, max: 10 * 60 * MINUTE_MS }), { minLength: 5, maxLength: 50 });
    fc.assert(
      fc.property(replies, (times) => {
        const usual = usualFirstReply(times);
        if (usual === null) return;
        expect(times.filter((ms) => ms <= usual).length / times.length).toBeGreaterThanOrEqual(0.75);
      }),
    );
  });
});

describe("what a customer can expect", () => {
  const usualMs = 20 * MINUTE_MS;

  it("is the team, until when it answers, and how soon", () => {
    expect(expectationText({ team: "billing", hours, usualMs, now: noon }, "en")).toBe(
      "It is with this team: billing. The team answers until 18:00 CET. Usually the first reply comes within 20 minutes.",
    );
    expect(expectationText({ team: null, hours, usualMs: 60 * MINUTE_MS, now: noon }, "de")).toBe(
      "Das Team antwortet bis 18:00 MEZ. Meist kommt die erste Antwort innerhalb von 1 Stunde.",
    );
  });

  it("is not what the team closes before", () => {
    expect(expectationText({ team: null, hours, usualMs: 30 * MINUTE_MS, now: evening }, "en")).toMatch(/CET\.$/u);
    expect(expectationText({ team: null, hours, usualMs, now: saturday }, "en")).toMatch(
      /^The team answers again from Monday[^.]+\.$/u,
    );
  });

  it("is only what is known", () => {
    expect(expectationText({ team: null, hours: null, usualMs: null, now: noon }, "en")).toBeNull();
    expect(expectationText({ team: null, hours: null, usualMs, now: noon }, "fr")).toBe(
      "En général, la première réponse arrive en moins de 20 minutes.",
    );
  });

  it.each(["en", "de", "fr", "es", "pt", "it", "nl"] as const)("has all of its parts in %s", (language) => {
    const said = expectationText({ team: "{time}", hours, usualMs, now: noon }, language) ?? "";
    expect(said).toContain("{time}");
    expect(said).toMatch(/20 min/iu);
    expect(said).toMatch(/1?[68][:h]00/u);
    expect(said.match(/\{/gu)).toHaveLength(1);
  });

  it("names the day on which a night ends", () => {
    const night = { ...hours, week: hours.week.map(() => [{ from: 8 * 60, to: 26 * 60 }]) };
    expect(expectationText({ team: null, hours: night, usualMs: null, now: noon }, "en")).toMatch(
      /^The team answers until Saturday[^.]* 02:00 CET\.$/u,
    );
  });
});
