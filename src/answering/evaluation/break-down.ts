import { GROUP_FIELDS, type GroupField } from "./dataset.js";
import type { QuestionRecord } from "./question-records.js";

/** Figures for each value of each field that the queries have. */
export type Breakdown<Figures> = Readonly<Partial<Record<GroupField, Readonly<Record<string, Figures>>>>>;

/** Splits by `kind`, `label` and `style`; questions without the field are left out of its part. */
export function breakDown<Item extends Pick<QuestionRecord, "groups">, Figures>(
  items: readonly Item[],
  figuresOf: (items: readonly Item[]) => Figures,
): Breakdown<Figures> {
  const breakdown: Partial<Record<GroupField, Readonly<Record<string, Figures>>>> = {};
  for (const field of GROUP_FIELDS) {
    const values = [...new Set(items.flatMap(({ groups }) => groups[field] ?? []))].sort();
    if (values.length === 0) continue;
    breakdown[field] = Object.fromEntries(
      values.map((value) => [value, figuresOf(items.filter(({ groups }) => groups[field] === value))]),
    );
  }
  return breakdown;
}
