import { GROUP_FIELDS, type EvaluationQuery, type GroupField } from "./dataset.js";

/** Figures for each value of each field that the queries have. */
export type Breakdown<Figures> = Readonly<Partial<Record<GroupField, Readonly<Record<string, Figures>>>>>;

/** Splits by `kind`, `label` and `style`; queries without the field are left out of its part. */
export function breakDown<Item extends { readonly query: EvaluationQuery }, Figures>(
  items: readonly Item[],
  figuresOf: (items: readonly Item[]) => Figures,
): Breakdown<Figures> {
  const breakdown: Partial<Record<GroupField, Readonly<Record<string, Figures>>>> = {};
  for (const field of GROUP_FIELDS) {
    const values = [...new Set(items.flatMap(({ query }) => query.groups[field] ?? []))].sort();
    if (values.length === 0) continue;
    breakdown[field] = Object.fromEntries(
      values.map((value) => [value, figuresOf(items.filter(({ query }) => query.groups[field] === value))]),
    );
  }
  return breakdown;
}
