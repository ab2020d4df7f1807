import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterOpenTime,
  closingAfter,
  isOpenAt,
  nextOpening,
  openTimeBetween,
  type BusinessHours,
  type OpenSpan,
} from "../../../src/handoff/business-hours.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const nineToFive: OpenSpan = { from: 9 * 60, to: 17 * 60 };

function berlin(settings: Partial<BusinessHours> = {}): BusinessHours {
  const weekdays = [nineToFive];
  return {
    timeZone: "Europe/Berlin",
    week: [weekdays, weekdays, weekdays, weekdays, weekdays, [], []],
    holidays: new Set(),
    ...settings,
  };
}

const nightly = (from: number, to: number) => berlin({ week: Array.from({ length: 7 }, () => [{ from, to }]) });

describe("business hours", () => {
  it("are open from the first minute until before the last", () => {
    expect(isOpenAt(berlin(), new Date("2026-12-01T08:00:00Z"))).toBe(true);
    expect(isOpenAt(berlin(), new Date("2026-12-01T07:59:59Z"))).toBe(false);
    expect(isOpenAt(berlin(), new Date("2026-12-01T15:59:59Z"))).toBe(true);
    expect(isOpenAt(berlin(), new Date("2026-12-01T16:00:00Z"))).toBe(false);
  });

  it("open again after the weekend and the holidays", () => {
    const hours = berlin({ holidays: new Set(["2026-12-28", "2026-12-29"]) });
    const friday = new Date("2026-12-25T17:00:00Z");
    expect(nextOpening(hours, friday)).toEqual(new Date("2026-12-30T08:00:00Z"));
  });

  it("keep the time on the wall when the clocks change", () => {
    // Summer time begins on 2026-03-29: 09:00 is 07:00 UTC from then on.
    expect(nextOpening(berlin(), new Date("2026-03-27T17:00:00Z"))).toEqual(new Date("2026-03-30T07:00:00Z"));
    expect(nextOpening(berlin(), new Date("2026-10-23T17:00:00Z"))).toEqual(new Date("2026-10-26T08:00:00Z"));
  });

  it("count an hour that is skipped not at all, and one that is repeated twice", () => {
    const night = nightly(0, 4 * 60);
    const spring = new Date("2026-03-28T23:00:00Z");
    expect(closingAfter(night, spring)).toEqual(new Date("2026-03-29T02:00:00Z"));
    const autumn = new Date("2026-10-24T22:00:00Z");
    expect(closingAfter(night, autumn)).toEqual(new Date("2026-10-25T03:00:00Z"));
  });

  it("open when the clocks change where the time of opening is skipped", () => {
    expect(nextOpening(nightly(2 * 60 + 30, 5 * 60), new Date("2026-03-29T00:00:00Z"))).toEqual(
      new Date("2026-03-29T01:00:00Z"),
    );
  });

  it("belong to the day on which a span over midnight begins", () => {
    const shift = [{ from: 22 * 60, to: 30 * 60 }];
    const hours = berlin({ week: [[], [], shift, shift, [], [], []], holidays: new Set(["2026-12-24"]) });
    // Wednesday's shift goes on into the holiday; Thursday's does not take place.
    expect(isOpenAt(hours, new Date("2026-12-24T02:00:00Z"))).toBe(true);
    expect(nextOpening(hours, new Date("2026-12-24T22:00:00Z"))).toEqual(new Date("2026-12-30T21:00:00Z"));
  });

  it("count only open time", () => {
    const friday = new Date("2026-11-27T15:30:00Z");
    expect(afterOpenTime(berlin(), friday, HOUR_MS)).toEqual(new Date("2026-11-30T08:30:00Z"));
    expect(afterOpenTime(berlin(), friday, 30 * MINUTE_MS)).toEqual(new Date("2026-11-27T16:00:00Z"));
    expect(afterOpenTime(null, friday, HOUR_MS)).toEqual(new Date("2026-11-27T16:30:00Z"));
  });

  it("never open where no day has hours, and never close where there are none to keep", () => {
    const never = berlin({ week: Array.from({ length: 7 }, () => []) });
    const now = new Date("2026-11-27T15:30:00Z");
    expect(nextOpening(never, now)).toBeNull();
    expect(afterOpenTime(never, now, 1)).toBeNull();
    expect(nextOpening(null, now)).toBe(now);
    expect(closingAfter(null, now)).toBeNull();
  });

  it("agree with a clock that is looked at every minute", () => {
    fc.assert(
      fc.property(hoursArbitrary, startArbitrary, fc.integer({ min: 0, max: 1_500 }), (hours, start, openMinutes) => {
        const minutes = openMinutesByClock(hours, start);
        const first = minutes[0];
        if (first === undefined) return;
        expect(nextOpening(hours, new Date(start))).toEqual(new Date(first));
        for (const minute of minutes.slice(0, 3)) expect(isOpenAt(hours, new Date(minute))).toBe(true);
        const wanted = minutes[openMinutes];
        if (wanted === undefined || openMinutes === 0) return;
        // After so many open minutes the last of them is over; the next need not have begun.
        const last = minutes[openMinutes - 1] ?? wanted;
        expect(afterOpenTime(hours, new Date(start), openMinutes * MINUTE_MS)).toEqual(new Date(last + MINUTE_MS));
        expect(openTimeBetween(hours, new Date(start), new Date(wanted))).toBe(openMinutes * MINUTE_MS);
      }),
      { numRuns: 20 },
    );
  });
});

const spans = fc
  .uniqueArray(fc.integer({ min: 0, max: 48 }), { minLength: 0, maxLength: 4 })
  .map((edges) => edges.map((edge) => edge * 30).sort((one, other) => one - other))
  .map((edges): OpenSpan[] =>
    edges.flatMap((from, index) => {
      const to = edges[index + 1];
      return index % 2 === 0 && to !== undefined ? [{ from, to }] : [];
    }),
  );

const hoursArbitrary: fc.Arbitrary<BusinessHours> = fc.record({
  timeZone: fc.constantFrom("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"),
  week: fc.array(spans, { minLength: 7, maxLength: 7 }),
  holidays: fc.subarray(["2026-03-30", "2026-11-02", "2026-10-26"]).map((days) => new Set(days)),
});

/** Two days before days on which one of those zones changes its clocks, and others. */
const startArbitrary = fc
  .tuple(
    fc.constantFrom("2026-03-27", "2026-10-23", "2026-03-06", "2026-10-30", "2026-04-03", "2026-10-02", "2026-07-01"),
    fc.integer({ min: 0, max: 2_880 }),
  )
  .map(([day, minute]) => Date.parse(`${day}T00:00:00Z`) + minute * MINUTE_MS);

/**
 * The open minutes of three days, by the clock on the wall alone: of each day and span, everything between the first and
 * the last minute that the clock shows inside of it.
 */
function openMinutesByClock(hours: BusinessHours, startMs: number): number[] {
  const clock = new Intl.DateTimeFormat("en-CA", {
    timeZone: hours.timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const found = new Map<string, { first: number; last: number }>();
  const dayMs = 24 * HOUR_MS;
  for (let at = startMs - dayMs; at < startMs + 4 * dayMs; at += MINUTE_MS) {
    const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
    const date = `${parts["year"] ?? ""}-${parts["month"] ?? ""}-${parts["day"] ?? ""}`;
    if (hours.holidays.has(date)) continue;
    const minute = Number(parts["hour"]) * 60 + Number(parts["minute"]);
    const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
    for (const { from, to } of hours.week[weekday] ?? []) {
      if (minute < from || minute >= to) continue;
      const key = `${date} ${String(from)}`;
      const known = found.get(key);
      found.set(key, { first: Math.min(known?.first ?? at, at), last: Math.max(known?.last ?? at, at) });
    }
  }
  const minutes = new Set<number>();
  for (const { first, last } of found.values()) {
    for (let at = first; at <= last; at += MINUTE_MS) minutes.add(at);
  }
  // Whole days of the zone lie in what was looked at, except at its two ends.
  return [...minutes].filter((at) => at >= startMs && at < startMs + 3 * dayMs).sort((one, other) => one - other);
}
