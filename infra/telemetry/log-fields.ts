import { LOG_FIELDS, type LogFields } from "../../src/ports/logger.js";

const ALLOWED: ReadonlySet<string> = new Set(LOG_FIELDS);

/** Ids, codes, paths of routes and plain addresses. No spaces: a sentence cannot pass; no @: neither can credentials. */
const CODE_LIKE = /^[\w.:/[\]+*-]{0,200}$/u;

export interface FilteredFields {
  readonly kept: Readonly<Record<string, string | number | boolean | null>>;
  readonly dropped: number;
}

/** Keeps what is on the allowlist and looks like an id, a code or a number. */
export function filterFields(fields: LogFields): FilteredFields {
  const kept: Record<string, string | number | boolean | null> = {};
  let dropped = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (ALLOWED.has(name) && (typeof value !== "string" || CODE_LIKE.test(value))) kept[name] = value;
    else dropped += 1;
  }
  return { kept, dropped };
}
