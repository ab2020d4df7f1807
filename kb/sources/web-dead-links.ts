import type { ItemFailure } from "./source.js";
import type { Crawl } from "./web-crawl.js";
import type { DeadLink } from "./web-cursor.js";

/** How many dead links are named in one run; the rest is counted. */
const DEAD_LINKS_NAMED = 20;

/** How many are remembered for the next run: those of a page that does not change are known from there alone. */
export const DEAD_LINKS_REMEMBERED = 1_000;

/** @param before of the last run: a page that did not change since then is not downloaded, and still has its links */
export function deadLinksOf({ visits, linkedFrom }: Crawl, before: readonly DeadLink[]): readonly DeadLink[] {
  const known = new Map(before.map(({ url, from }) => [url, from]));
  return [...visits].flatMap(([url, { visit }]) => {
    if (visit.kind !== "gone") return [];
    const last = known.get(url);
    const isStillThere = last !== undefined && visits.get(last)?.visit.kind === "unchanged";
    const from = linkedFrom.get(url) ?? (isStillThere ? last : undefined);
    return from === undefined ? [] : [{ url, from }];
  });
}

export function deadLinkRemarks(links: readonly DeadLink[]): readonly ItemFailure[] {
  const named = links.slice(0, DEAD_LINKS_NAMED).map(({ url, from }) => ({
    externalId: url,
    code: "dead-link",
    message: `There is no page at this address, and ${from} links to it. Mend the link there.`,
  }));
  const more = links.length - named.length;
  if (more === 0) return named;
  return [...named, { externalId: "", code: "dead-link", message: `Further links that lead to no page: ${more}.` }];
}
