import type { Interval } from "../../../src/answering/evaluation/bootstrap.js";
import { GROUP_FIELDS } from "../../../src/answering/evaluation/dataset.js";
import type { Breakdown } from "../../../src/answering/evaluation/break-down.js";
import type { Html } from "./html.js";
import { figureTable } from "./page.js";

/** A figure for a person: three digits after the point, or a whole number. */
export function figureText(value: number | null): string {
  if (value === null) return "–";
  if (Number.isInteger(value)) return String(value);
  const text = value.toFixed(3);
  return text === "-0.000" ? "0.000" : text;
}

export function percentText(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

export function intervalText(interval: Interval | null): string {
  return interval === null ? "–" : `${figureText(interval[0])} to ${figureText(interval[1])}`;
}

/** Documents by their ids, or that there are none. */
export function documentsText(documents: readonly string[]): string {
  return documents.length === 0 ? "none" : documents.join(", ");
}

/** Every figure of a run, with the interval of those that have one. */
export function figuresTable(
  figures: object & { readonly intervals: Readonly<Record<string, Interval | null>> },
  names: readonly string[],
): Html {
  const values = new Map<string, unknown>(Object.entries(figures));
  return figureTable({
    caption: "All questions together; the interval holds 95 % of 1,000 resamples",
    columns: ["Figure", "Value", "Interval"],
    rows: names.map((name) => [name, numberText(values.get(name)), intervalText(figures.intervals[name] ?? null)]),
  });
}

/** One table for each field that the questions are grouped by. */
export function breakdownTables(breakdown: Breakdown<object>, names: readonly string[]): readonly Html[] {
  return GROUP_FIELDS.flatMap((field) => {
    const groups = breakdown[field];
    if (groups === undefined) return [];
    const rows = Object.entries(groups).map(([group, figures]) => {
      const values = new Map<string, unknown>(Object.entries(figures));
      return [group, ...names.map((name) => numberText(values.get(name)))];
    });
    return [figureTable({ caption: `By ${field}`, columns: [field, ...names], rows })];
  });
}

function numberText(value: unknown): string {
  return figureText(typeof value === "number" ? value : null);
}
