import type { ConfluenceApi, ConfluenceDetails, ConfluencePage, ReadRestriction } from "./confluence-api.js";

/** A token that nobody has. */
export const NOBODY = "confluence:nobody";

/** Deeper than any tree of pages that a person made; more would be a ring. */
const MAX_LEVELS = 200;

interface Level {
  readonly parentId: string | null;
  readonly parentType: string | null;
}

/** Who may read a page: by what it and everything that it lies in says. */
export interface PermissionReader {
  /** Null: everybody who may read the source. */
  aclOf(page: ConfluencePage, signal: AbortSignal): Promise<readonly string[] | null>;
}

/**
 * A page may be read by whoever may read it at every level. Of access tokens one is enough, so those are given that are
 * named at every restricted level: whoever has one may read the page at the vendor too. Somebody who is let in by one name
 * above and by another one below is left out. Where the vendor does not tell, nobody is let in.
 */
export function createPermissionReader(
  api: ConfluenceApi,
  pages: ReadonlyMap<string, ConfluencePage>,
  details: ReadonlyMap<string, ConfluenceDetails>,
): PermissionReader {
  const restrictions = new Map<string, Promise<ReadRestriction | undefined>>();
  const places = new Map<string, Promise<Level | null>>();
  const restrictionOf = (id: string, signal: AbortSignal): Promise<ReadRestriction | undefined> => {
    const told = details.get(id)?.restriction;
    if (told !== undefined) return Promise.resolve(told);
    return remembered(restrictions, id, () => api.restriction(id, signal));
  };
  const placeOf = (type: string | null, id: string, signal: AbortSignal): Promise<Level | null> => {
    const page = pages.get(id);
    if (page !== undefined) return Promise.resolve(page);
    return remembered(places, id, () => api.parent(type ?? "page", id, signal));
  };
  return {
    async aclOf(page, signal) {
      const levels: (readonly string[])[] = [];
      let id = page.id;
      let at: Level | null = page;
      for (let depth = 0; depth < MAX_LEVELS && at !== null; depth += 1) {
        const restriction = await restrictionOf(id, signal);
        if (restriction === undefined) return [NOBODY];
        if (restriction !== null) levels.push(restriction);
        if (at.parentId === null) return namedAtEvery(levels);
        id = at.parentId;
        at = await placeOf(at.parentType, id, signal);
      }
      return [NOBODY];
    },
  };
}

function namedAtEvery(levels: readonly (readonly string[])[]): readonly string[] | null {
  const [first, ...others] = levels;
  if (first === undefined) return null;
  const named = first.filter((token) => others.every((level) => level.includes(token)));
  return named.length === 0 ? [NOBODY] : [...new Set(named)].sort();
}

function remembered<T>(known: Map<string, Promise<T>>, id: string, ask: () => Promise<T>): Promise<T> {
  const before = known.get(id);
  if (before !== undefined) return before;
  const answer = ask();
  known.set(id, answer);
  return answer;
}
