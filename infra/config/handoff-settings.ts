import { z } from "zod";
import type { BusinessHours, OpenSpan } from "../../src/handoff/business-hours.js";
import type { HandoffRules } from "../../src/handoff/change-handoff.js";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const MINUTES_PER_DAY = 1_440;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const SPAN = /^\s*([01]?\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)\s*$/u;

/** `09:00-12:30, 13:30-18:00`, or `closed`. A span that ends before it begins goes on into the next day. */
const daySchema = z
  .string()
  .default("closed")
  .superRefine((text, context) => {
    const problem = problemOf(text);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

const hoursSchema = z
  .strictObject({
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
    holidays: z
      .array(z.iso.date("must be a day, like 2026-12-25"))
      .default([])
      .describe("Days on which nobody answers."),
  })
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

const minutes = (standard: number, text: string) =>
  z.number().positive().max(10_080).nullable().default(standard).describe(text);
const hours = (standard: number, text: string) =>
  z.number().positive().max(8_760).nullable().default(standard).describe(text);

const timersSchema = z
  .strictObject({
    remindMinutes: minutes(
      15,
      "The team is reminded of a handoff that nobody has claimed for so long, then again after twice as long, and so on.",
    ),
    idleMinutes: minutes(15, "Whoever has claimed one is reminded when the customer waits for so long."),
    expireHours: hours(168, "What nobody has claimed for so long expires, and the customer is told."),
    settleHours: hours(24, "What was resolved counts as solved when the customer says nothing for so long."),
  })
  .describe(
    "When people are reminded and what is given up; null: never. Reminders count the time in which the team answers.",
  );

export const handoffSchema = z
  .strictObject({
    platform: z
      .enum(["web", "slack", "teams"])
      .default("web")
      .describe("Where the agents work: the console, or the agents' channel of Slack or Teams."),
    hours: hoursSchema,
    timers: timersSchema.prefault({}),
  })
  .describe("Where questions go that the bot does not answer.");

/** What the core needs to know of it. */
export function handoffRules({
  hours: opening,
  timers,
}: z.infer<typeof handoffSchema>): Pick<HandoffRules, "hours" | "timers"> {
  return {
    hours: opening === null ? null : businessHours(opening),
    timers: {
      remindMs: inMs(timers.remindMinutes, MINUTE_MS),
      idleMs: inMs(timers.idleMinutes, MINUTE_MS),
      expireMs: inMs(timers.expireHours, HOUR_MS),
      settleMs: inMs(timers.settleHours, HOUR_MS),
    },
  };
}

function inMs(count: number | null, unitMs: number): number | null {
  return count === null ? null : count * unitMs;
}

function businessHours(opening: NonNullable<z.infer<typeof hoursSchema>>): BusinessHours {
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

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name.includes("/") || name === "UTC";
  } catch {
    return false;
  }
}
