import { z } from "zod";
import type { BusinessHours, OpenSpan } from "../../src/handoff/business-hours.js";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const MINUTES_PER_DAY = 1_440;

const SPAN = /^\s*([01]?\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)\s*$/u;

/** `09:00-12:30, 13:30-18:00`, or `closed`. A span that ends before it begins goes on into the next day. */
const daySchema = z
  .string()
  .default("closed")
  .superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

/** When a team answers, day by day. */
export const hoursObject = z.strictObject({
  timeZone: z
    .string()
    .refine(isTimeZone, "must be the name of a time zone, like Europe/Berlin")
    .describe("The time zone of the hours, for example `Europe/Berlin`."),
  monday: daySchema,
  tuesday: daySchema,
  wednesday: daySchema,
  thursday: daySchema,
  friday: daySchema,
  saturday: daySchema,
  sunday: daySchema,
  holidays: z.array(z.iso.date("must be a day, like 2026-12-25")).default([]).describe("Days on which nobody answers."),
});

export const hoursSchema = hoursObject
  .nullable()
  .default(null)
  .meta({
    examples: [
      {
        timeZone: "Europe/Berlin",
        monday: "09:00-18:00",
        friday: "09:00-12:30, 13:30-16:00",
        holidays: ["2026-12-25"],
      },
    ],
  })
  .describe(
    "When the team answers, day by day (`09:00-12:30, 13:30-18:00`; a day left out is closed). Outside of it customers are told when it opens, and reminders wait. null: always.",
  );

export function businessHours(opening: z.infer<typeof hoursObject>): BusinessHours {
  const week = DAYS.map((day) =>
    inOrder(
      (readSpans(opening[day]) ?? []).map(({ from, to }) => ({ from, to: to > from ? to : to + MINUTES_PER_DAY })),
    ),
  );
  return { timeZone: opening.timeZone, week, holidays: new Set(opening.holidays) };
}

function inOrder(spans: readonly OpenSpan[]): readonly OpenSpan[] {
  return [...spans].sort((one, other) => one.from - other.from);
}

/** Null for what is no list of spans. */
function readSpans(text: string): readonly OpenSpan[] | null {
  if (text.trim().toLowerCase() === "closed") return [];
  const spans = text.split(",").map((part) => {
    const [whole, fromHour, fromMinute, toHour, toMinute] = SPAN.exec(part) ?? [];
    if (whole === undefined) return null;
    return {
      from: Number(fromHour) * 60 + Number(fromMinute),
      to: Number(toHour) * 60 + Number(toMinute),
    };
  });
  return spans.every((span) => span !== null) ? spans : null;
}

function problemOf(text: string): string | null {
  const spans = readSpans(text);
  if (spans === null) return "must be like 09:00-12:30, 13:30-18:00, or closed";
  if (spans.some(({ from, to }) => from >= MINUTES_PER_DAY || to > MINUTES_PER_DAY || from === to)) {
    return "has a span that does not begin before 24:00, or has no length";
  }
  const ordered = inOrder(spans);
  const overlaps = ordered.some((span, index) => {
    const next = ordered[index + 1];
    return next !== undefined && (span.to < span.from || next.from < span.to);
  });
  return overlaps ? "has spans that overlap" : null;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name.includes("/") || name === "UTC";
  } catch {
    return false;
  }
}
