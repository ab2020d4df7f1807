import { useSyncExternalStore } from "react";

const UNITS = [
  { unit: "year", ms: 365 * 24 * 3_600_000 },
  { unit: "month", ms: 30 * 24 * 3_600_000 },
  { unit: "day", ms: 24 * 3_600_000 },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: 60_000 },
] as const;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const clockTime = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const weekdayTime = new Intl.DateTimeFormat("en", {
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const calendarDate = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric" });

/** "just now", "5 minutes ago", "3 months ago". */
export function age(iso: string, now: number): string {
  const elapsed = now - Date.parse(iso);
  const found = UNITS.find(({ ms }) => elapsed >= ms);
  return found === undefined ? "just now" : relative.format(-Math.floor(elapsed / found.ms), found.unit);
}

export function timeOfDay(iso: string): string {
  return clockTime.format(new Date(iso));
}

/** For example `Mon 14:05`. */
export function dayAndTime(iso: string): string {
  return weekdayTime.format(new Date(iso));
}

export function dateOf(iso: string): string {
  return calendarDate.format(new Date(iso));
}

const TICK_MS = 20_000;

/** The time, fresh enough for ages. */
export function useNow(): number {
  return useSyncExternalStore(subscribeToTicks, currentTick);
}

function subscribeToTicks(listener: () => void): () => void {
  const timer = setInterval(listener, TICK_MS);
  return () => {
    clearInterval(timer);
  };
}

function currentTick(): number {
  return Math.floor(Date.now() / TICK_MS) * TICK_MS;
}
