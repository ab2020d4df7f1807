import { Temporal } from "temporal-polyfill";

/** Once a week, by the clock on the wall. */
export interface WeeklyTime {
  /** Monday is 1, Sunday 7. */
  readonly weekday: number;
  /** Minutes since midnight. */
  readonly minute: number;
  /** An IANA name, for example `Europe/Berlin`. */
  readonly timeZone: string;
}

export interface DueTime {
  /** By the calendar of the time zone, as `2026-03-02`. */
  readonly day: string;
  readonly at: Date;
}

/**
 * When it was due last. A time that the clocks skip is as much later as they are put forward; of one that comes twice, the
 * first counts.
 */
export function lastDue({ weekday, minute, timeZone }: WeeklyTime, now: Date): DueTime {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
  const sinceWeekday = (today.dayOfWeek - weekday + 7) % 7;
  const thisWeek = dueOn(today.subtract({ days: sinceWeekday }), minute, timeZone);
  return thisWeek.at.getTime() <= now.getTime()
    ? thisWeek
    : dueOn(today.subtract({ days: sinceWeekday + 7 }), minute, timeZone);
}

/** The same day and time of a week before. */
export function weekBefore({ day }: DueTime, { minute, timeZone }: WeeklyTime): DueTime {
  return dueOn(Temporal.PlainDate.from(day).subtract({ days: 7 }), minute, timeZone);
}

function dueOn(date: Temporal.PlainDate, minute: number, timeZone: string): DueTime {
  const time = { hour: Math.floor(minute / 60), minute: minute % 60 };
  const moment = date.toPlainDateTime(time).toZonedDateTime(timeZone, { disambiguation: "compatible" });
  return { day: date.toString(), at: new Date(moment.epochMilliseconds) };
}
