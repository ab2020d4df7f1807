const MINUTES = { m: 1, h: 60, d: 1_440 } as const;
const INTERVAL = /^([1-9]\d{0,4})([mhd])$/u;
const LONGEST_MINUTES = 43_200;

/** What an interval must look like, to follow the name of a setting or an option. */
export const INTERVAL_RULE = "must be a time like 15m, 6h or 1d, at most 30d, or off";

/** Minutes; null for `off`, undefined for what is no interval. */
export function parseInterval(text: string): number | null | undefined {
  if (text === "off") return null;
  const [, count, unit] = INTERVAL.exec(text) ?? [];
  if (count === undefined || (unit !== "m" && unit !== "h" && unit !== "d")) return undefined;
  const minutes = Number(count) * MINUTES[unit];
  return minutes <= LONGEST_MINUTES ? minutes : undefined;
}
