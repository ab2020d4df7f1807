import type { LearnedCase, SolvedQuestion } from "../ports/candidates.js";
import { createTurns, type TakeTurns } from "../text/take-turns.js";
import { likenessOf } from "./likeness.js";

/** How sure it must be, on average over the cases of both, that two groups are one: see decision 19. */
export const SAME_CANDIDATE = 0.4;
/** How alike two groups must be at least, as a share of how alike the cases of the looser one are among themselves. */
const LEAST_OF_COHESION = 0.5;
/** How much more a single case may differ from a group than the group's own do. */
const SINGLE_CASE = 0.8;

/** A case that is known, with the candidate that it belongs to so far; null for one that has just come. */
export type GroupedCase = SolvedQuestion & Pick<LearnedCase, "isUntouched"> & { readonly candidateId: string | null };

/**
 * Which of the cases are about the same thing: the two groups that are the most alike become one, again and again, until no
 * two are alike enough. It begins anew each time, so that the order in which handoffs end does not matter; only what a
 * person has changed or decided stays together, and apart from others of that kind. Everything else of the process has its
 * turn meanwhile.
 *
 * @returns groups of places in the list
 */
export async function regroup(
  cases: readonly GroupedCase[],
  background: readonly string[],
  least = SAME_CANDIDATE,
): Promise<readonly (readonly number[])[]> {
  const takeTurns = createTurns();
  const groups = firstGroups(cases);
  const likeness = await allRows(await likenessOf(cases, background, takeTurns), cases.length, takeTurns);
  for (const group of groups) group.inner = innerSum(group.places, likeness);
  const links = await averageLinks(groups, likeness, takeTurns);
  for (;;) {
    await takeTurns();
    const pair = likest(groups, links, least);
    if (pair === null) return groups.flatMap(({ places }) => (places.length === 0 ? [] : [places]));
    join(groups, links, pair);
  }
}

interface Group {
  /** Empty once it has joined another. */
  places: readonly number[];
  /** A person has had a hand in it. */
  isFixed: boolean;
  /** The sum over its pairs. */
  inner: number;
}

function firstGroups(cases: readonly GroupedCase[]): Group[] {
  const fixed = new Map<string, number[]>();
  const groups: Group[] = [];
  for (const [place, { candidateId, isUntouched }] of cases.entries()) {
    if (isUntouched || candidateId === null) groups.push({ places: [place], isFixed: false, inner: 0 });
    else fixed.set(candidateId, [...(fixed.get(candidateId) ?? []), place]);
  }
  return [...groups, ...[...fixed.values()].map((places) => ({ places, isFixed: true, inner: 0 }))];
}

type Likeness = (place: number) => readonly number[];

async function allRows(likeness: Likeness, count: number, takeTurns: TakeTurns): Promise<Likeness> {
  const rows: (readonly number[])[] = [];
  for (let place = 0; place < count; place += 1) {
    rows.push(likeness(place));
    await takeTurns();
  }
  return (place) => rows[place] ?? [];
}

function innerSum(places: readonly number[], likeness: Likeness): number {
  const pairs = places.flatMap((one) =>
    places.filter((other) => other < one).map((other) => likeness(one)[other] ?? 0),
  );
  return pairs.reduce((sum, link) => sum + link, 0);
}

async function averageLinks(
  groups: readonly Group[],
  likeness: Likeness,
  takeTurns: TakeTurns,
): Promise<Float64Array[]> {
  const links: Float64Array[] = [];
  for (const { places } of groups) {
    const row = Float64Array.from(groups, (other) => {
      const pairs = places.flatMap((one) => other.places.map((two) => likeness(one)[two] ?? 0));
      return pairs.reduce((sum, link) => sum + link, 0) / pairs.length;
    });
    links.push(row);
    await takeTurns();
  }
  return links;
}

type Pair = readonly [one: number, other: number];

function likest(groups: readonly Group[], links: readonly Float64Array[], least: number): Pair | null {
  let best: Pair | null = null;
  let highest = least;
  for (const [one, group] of groups.entries()) {
    if (group.places.length === 0) continue;
    const own = links[one];
    for (let other = 0; other < one; other += 1) {
      const link = own?.[other] ?? 0;
      if (link < highest || !mayJoin(group, groups[other], link)) continue;
      best = [one, other];
      highest = link;
    }
  }
  return best;
}

/** Where agents always give the same answer, groups are tight, and what is only a little like them is something else. */
function mayJoin(one: Group, other: Group | undefined, link: number): boolean {
  if (other === undefined || other.places.length === 0 || (one.isFixed && other.isFixed)) return false;
  const [own, its] = [cohesionOf(one), cohesionOf(other)];
  const isSingle = one.places.length === 1 || other.places.length === 1;
  return link >= LEAST_OF_COHESION * (isSingle ? SINGLE_CASE * Math.max(own, its) : Math.min(own, its));
}

/** How alike its cases are, on average; 0 for a single one. */
function cohesionOf({ places, inner }: Group): number {
  return places.length === 1 ? 0 : (2 * inner) / (places.length * (places.length - 1));
}

function join(groups: readonly Group[], links: readonly Float64Array[], [one, other]: Pair): void {
  const [into, from] = [groups[one], groups[other]];
  if (into === undefined || from === undefined) return;
  const [ofInto, ofFrom] = [into.places.length, from.places.length];
  into.inner += from.inner + ofInto * ofFrom * (links[one]?.[other] ?? 0);
  for (const [third, row] of links.entries()) {
    const link = (ofInto * (links[one]?.[third] ?? 0) + ofFrom * (links[other]?.[third] ?? 0)) / (ofInto + ofFrom);
    row[one] = link;
    const own = links[one];
    if (own !== undefined) own[third] = link;
  }
  into.places = [...into.places, ...from.places].sort((left, right) => left - right);
  into.isFixed ||= from.isFixed;
  from.places = [];
}
