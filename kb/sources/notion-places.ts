import type { NotionApi, NotionEntry, NotionParent } from "./notion-api.js";
import { plainId } from "./notion-options.js";
import type { NotionOptions } from "./notion-options.js";
import { titleOf } from "./notion-properties.js";

/** Deeper than any tree of pages that a person made; more would be a ring. */
const MAX_LEVELS = 100;

export interface NotionPlace {
  /** Titles of what a page lies in, as far as they are shared, the outermost first. */
  readonly titles: readonly string[];
  /** Ids of what it lies in, without dashes, and its own. */
  readonly ids: ReadonlySet<string>;
}

export function hasRoots({ pages, databases }: NotionOptions): boolean {
  return pages.length + databases.length > 0;
}

export function isBelowRoot({ ids }: NotionPlace, { pages, databases }: NotionOptions): boolean {
  return [...pages, ...databases].some((root) => ids.has(root));
}

/**
 * Follows pages up to where they lie.
 * @param asks whether what the search did not bring along, such as columns and databases, is asked for: only roots need that
 */
export function createPlaceFinder(
  api: NotionApi,
  entries: ReadonlyMap<string, NotionEntry>,
  asks: boolean,
): (entry: NotionEntry, signal: AbortSignal) => Promise<NotionPlace> {
  const asked = new Map<string, Promise<NotionParent | null>>();
  const above = async ({ kind, id }: Step, signal: AbortSignal): Promise<NotionParent | null> => {
    const known = entries.get(plainId(id));
    if (known !== undefined) return known.database_parent ?? known.parent;
    if (!asks) return null;
    const answer = asked.get(id) ?? api.parentOf(kind, id, signal);
    asked.set(id, answer);
    return answer;
  };
  return async (entry, signal) => {
    const titles: string[] = [];
    const ids = new Set([plainId(entry.id)]);
    let parent = entry.parent;
    for (let level = 0; level < MAX_LEVELS && parent !== null; level += 1) {
      const step = stepOf(parent);
      if (step === null) break;
      for (const id of [step.id, parent.database_id]) if (id !== null) ids.add(plainId(id));
      const known = entries.get(plainId(step.id));
      if (known !== undefined) titles.unshift(titleOf(known));
      parent = await above(step, signal);
    }
    return { titles: titles.filter((title) => title !== ""), ids };
  };
}

interface Step {
  readonly kind: "pages" | "blocks" | "databases" | "data_sources";
  readonly id: string;
}

function stepOf({
  type,
  page_id: page,
  block_id: block,
  database_id: database,
  data_source_id: dataSource,
}: NotionParent): Step | null {
  if (type === "page_id" && page !== null) return { kind: "pages", id: page };
  if (type === "block_id" && block !== null) return { kind: "blocks", id: block };
  if (type === "data_source_id" && dataSource !== null) return { kind: "data_sources", id: dataSource };
  return type === "database_id" && database !== null ? { kind: "databases", id: database } : null;
}
