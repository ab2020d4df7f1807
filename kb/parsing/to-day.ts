import { FieldError } from "./parse-error.js";

const WRITE_IT_SO = "Write it as year-month-day, for example 2026-12-31.";

/**
 * A day as `2026-12-31`, or null for an empty field. Understood: year first, and day before month with dots; with slashes
 * only what can be read in one way.
 * @throws {FieldError} for anything else
 */
export function toDay(value: unknown, fields: readonly string[]): string | null {
  if (value === undefined || value === null || value === "") return null;
  const text = typeof value === "string" ? value.trim() : "";
  if (text === "" && typeof value === "string") return null;
  const parts = yearFirst(text) ?? dayFirst(text, fields);
  if (parts === null) throw new FieldError("bad-date", fields, `it is no date. ${WRITE_IT_SO}`);
  const [year, month, day] = parts;
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 1900 && year < 10_000;
  if (!isReal) throw new FieldError("bad-date", fields, `there is no such day. ${WRITE_IT_SO}`);
  return date.toISOString().slice(0, 10);
}

type Parts = readonly [year: number, month: number, day: number];

function yearFirst(text: string): Parts | null {
  const match = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$/u.exec(text);
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3])];
}

function dayFirst(text: string, fields: readonly string[]): Parts | null {
  const dotted = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$/u.exec(text);
  if (dotted !== null) return [Number(dotted[3]), Number(dotted[2]), Number(dotted[1])];
  const match = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/u.exec(text);
  if (match === null) return null;
  const [first, second, year] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (first > 12) return [year, second, first];
  if (second > 12 || first === second) return [year, first, second];
  throw new FieldError("bad-date", fields, `it can be read as two different days. ${WRITE_IT_SO}`);
}
