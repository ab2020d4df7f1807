import { Temporal } from "temporal-polyfill";

/**
 * Part of a day in minutes since its midnight, by the clock on the wall: `from` belongs to it, `to` does not. A span that goes on into
 * the next day ends above 1,440, below 2,880; it belongs to the day on which it begins, also where that is a holiday.
 */
export interface OpenSpan {
  readonly from: number;
  readonly to: number;
}

/** When a team answers. `null` in its place means: always. */
export interface BusinessHours {
  /** An IANA name, for example `Europe/Berlin`. */
  readonly timeZone: string;
  /** Seven days, Monday first; the spans of a day in order and apart from each other. */
  readonly week: readonly (readonly OpenSpan[])[];
  /** Days on which nobody answers, as `2026-12-25`. */
  readonly holidays: ReadonlySet<string>;
}

interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** How far an opening is looked for. Whoever opens on no day of a year never does. */
const DAYS_AHEAD = 366;

const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 1_440;

/** Whether somebody answers at that moment. */
export function isOpenAt(hours: BusinessHours | null, at: Date): boolean {
  return nextOpening(hours, at)?.getTime() === at.getTime();
}

/** The first moment from then on at which somebody answers: `at` itself when they do. Null when none comes within a year. */
export function nextOpening(hours: BusinessHours | null, at: Date): Date | null {
  if (hours === null) return at;
  for (const { startMs } of intervalsFrom(hours, at)) return new Date(startMs);
  return null;
}

/** When the span that `at` lies in ends. Null when nobody answers then, or somebody always does. */
export function closingAfter(hours: BusinessHours | null, at: Date): Date | null {
  if (hours === null) return null;
  for (const { startMs, endMs } of intervalsFrom(hours, at)) {
    return startMs === at.getTime() ? new Date(endMs) : null;
  }
  return null;
}

/**
 * The moment at which the team has been open for so long since then. Time outside of the hours does not count, and an hour
 * that a change of clocks takes away or repeats counts as it passes.
 *
 * @returns null when that much open time does not come within a year
 */
export function afterOpenTime(hours: BusinessHours | null, from: Date, ms: number): Date | null {
  if (hours === null) return new Date(from.getTime() + ms);
  let leftMs = ms;
  for (const { startMs, endMs } of intervalsFrom(hours, from)) {
    if (endMs - startMs >= leftMs) return new Date(startMs + leftMs);
    leftMs -= endMs - startMs;
  }
  return null;
}

/** How long the team was open between two moments, in milliseconds; at most the first year of it. */
export function openTimeBetween(hours: BusinessHours | null, from: Date, to: Date): number {
  const toMs = to.getTime();
  if (hours === null) return Math.max(0, toMs - from.getTime());
  let openMs = 0;
  for (const { startMs, endMs } of intervalsFrom(hours, from)) {
    if (startMs >= toMs) break;
    openMs += Math.min(endMs, toMs) - startMs;
  }
  return openMs;
}

/** What is open from a moment on, in order; the first begins at that moment when it lies inside. */
function* intervalsFrom(hours: BusinessHours, at: Date): Generator<Interval> {
  const atMs = at.getTime();
  const today = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(hours.timeZone).toPlainDate();
  let open: Interval | null = null;
  // Yesterday's last span may go on.
  for (let day = -1; day <= DAYS_AHEAD; day += 1) {
    for (const { startMs, endMs } of intervalsOf(hours, today.add({ days: day }))) {
      if (endMs <= atMs) continue;
      const next: Interval = { startMs: Math.max(startMs, atMs), endMs };
      if (open !== null && open.endMs >= next.startMs) {
        open = { startMs: open.startMs, endMs: Math.max(open.endMs, endMs) };
        continue;
      }
      if (open !== null) yield open;
      open = next;
    }
  }
  if (open !== null) yield open;
}

function intervalsOf(hours: BusinessHours, date: Temporal.PlainDate): readonly Interval[] {
  if (hours.holidays.has(date.toString())) return [];
  const spans = hours.week[date.dayOfWeek - 1] ?? [];
  return spans
    .map(({ from, to }) => ({
      startMs: momentOf(date, from, hours.timeZone, "earlier"),
      endMs: momentOf(date, to, hours.timeZone, "later"),
    }))
    .filter(({ startMs, endMs }) => endMs > startMs);
}

/**
 * Of a time that comes twice, the first opens and the second closes. A time that the clocks skip is the moment at which
 * they do.
 */
function momentOf(date: Temporal.PlainDate, minutes: number, timeZone: string, ofTwo: "earlier" | "later"): number {
  const day = date.add({ days: Math.floor(minutes / MINUTES_PER_DAY) });
  const ofDay = minutes % MINUTES_PER_DAY;
  const wanted = day.toPlainDateTime({ hour: Math.floor(ofDay / MINUTES_PER_HOUR), minute: ofDay % MINUTES_PER_HOUR });
  const found = wanted.toZonedDateTime(timeZone, { disambiguation: ofTwo });
  if (found.toPlainDateTime().equals(wanted)) return found.epochMilliseconds;
  const skip = found.getTimeZoneTransition(ofTwo === "earlier" ? "next" : "previous");
  return (skip ?? found).epochMilliseconds;
}
