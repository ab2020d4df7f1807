import { expect, it } from "vitest";
import { lastDue, weekBefore } from "../../../src/learning/gap-schedule.js";

const nine = { weekday: 1, minute: 9 * 60, timeZone: "Europe/Berlin" };

it("is due on the day and time of a week, by the clock on the wall, before and after it is put forward", () => {
  expect(lastDue(nine, new Date("2026-03-23T08:00:00Z"))).toEqual({
    day: "2026-03-23",
    at: new Date("2026-03-23T08:00:00Z"),
  });
  expect(lastDue(nine, new Date("2026-03-30T06:59:59Z")).day).toBe("2026-03-23");
  const due = lastDue(nine, new Date("2026-03-30T07:00:00Z"));
  expect(due).toEqual({ day: "2026-03-30", at: new Date("2026-03-30T07:00:00Z") });
  expect(weekBefore(due, nine).at).toEqual(new Date("2026-03-23T08:00:00Z"));
});

it("is due once where the time is skipped, and once where it comes twice", () => {
  const night = { weekday: 7, minute: 2 * 60 + 30, timeZone: "Europe/Berlin" };
  expect(lastDue(night, new Date("2026-03-29T12:00:00Z"))).toEqual({
    day: "2026-03-29",
    at: new Date("2026-03-29T01:30:00Z"),
  });
  const days = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"].map((at) => lastDue(night, new Date(at)).day);
  expect(days).toEqual(["2026-10-25", "2026-10-25"]);
});

it("goes by the day of the time zone, not of the machine", () => {
  const auckland = { ...nine, timeZone: "Pacific/Auckland" };
  expect(lastDue(auckland, new Date("2026-06-07T21:00:00Z"))).toEqual({
    day: "2026-06-08",
    at: new Date("2026-06-07T21:00:00Z"),
  });
});
