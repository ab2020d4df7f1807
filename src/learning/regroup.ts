import type { LearnedCase, SolvedQuestion } from "../ports/candidates.js";
import { createTurns, type TakeTurns } from "../text/take-turns.js";
import type { TextVectors } from "../text/word-vectors.js";
import { GROUPING_RULE } from "./grouping-model.js";
import type { GroupingRule } from "./grouping-rule.js";
import { addMeanings, areNearInMeaning, meaningOf, type GroupMeaning } from "./group-meaning.js";
import { cosinesOf, likenessOf, type CaseCosines } from "./likeness.js";
import { questionMeanings } from "./question-meanings.js";

/** How alike two groups must be at least, as a share of how alike the cases of the looser one are among themselves. */
const LEAST_OF_COHESION = 0.5;
/** How much more a single case may differ from a group than the group's own do. */
const SINGLE_CASE = 0.8;
/** From here on the answers are all but the same, and whatever the questions mean, one answer is right for both. */
const SURE = 0.95;

/** A case that is known, with the candidate that it belongs to so far; null for one that has just come. */
export type GroupedCase = SolvedQuestion & Pick<LearnedCase, "isUntouched"> & { readonly candidateId: string | null };

/** What groups are made by, one of each for each case. */
export interface ComparedCases {
  readonly cosines: CaseCosines;
  /** What the questions mean, as vectors of length 1; 0 throughout where nothing is known of it. */
  readonly meanings: readonly Float32Array[];
}

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
  vectors: TextVectors,
  rule: GroupingRule = GROUPING_RULE,
): Promise<readonly (readonly number[])[]> {
  return groupCompared(cases, await compareCases(cases, background, vectors), rule);
}

/** @param background other things that customers write: a word that stands in many of them tells little */
export async function compareCases(
  cases: readonly SolvedQuestion[],
  background: readonly string[],
  vectors: TextVectors,
): Promise<ComparedCases> {
  const takeTurns = createTurns();
  return {
    cosines: await cosinesOf(cases, background, takeTurns),
    meanings: await questionMeanings(cases, background, vectors, takeTurns),
  };
}

/** As {@link regroup} does it, of cases that are compared already. */
export async function groupCompared(
  cases: readonly GroupedCase[],
  { cosines, meanings }: ComparedCases,
  rule: GroupingRule,
): Promise<readonly (readonly number[])[]> {
  const takeTurns = createTurns();
  const groups = firstGroups(cases, meanings);
  const likeness = await allRows(likenessOf(cosines, cases.length, rule), cases.length, takeTurns);
  for (const group of groups) group.inner = innerSum(group.places, likeness);
  const links = await averageLinks(groups, likeness, takeTurns);
  for (;;) {
    await takeTurns();
    const pair = likest(groups, links, rule);
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
  /** What its questions mean. */
  meaning: GroupMeaning;
}

function firstGroups(cases: readonly GroupedCase[], meanings: readonly Float32Array[]): Group[] {
  const fixed = new Map<string, number[]>();
  const groups: Group[] = [];
  const groupOf = (places: readonly number[], isFixed: boolean): Group => {
    return { places, isFixed, inner: 0, meaning: meaningOf(places.flatMap((place) => meanings[place] ?? [])) };
  };
  for (const [place, { candidateId, isUntouched }] of cases.entries()) {
    if (isUntouched || candidateId === null) groups.push(groupOf([place], false));
    else fixed.set(candidateId, [...(fixed.get(candidateId) ?? []), place]);
  }
  return [...groups, ...[...fixed.values()].map((places) => groupOf(places, true))];
}

type Likeness = (place: number) => ArrayLike<number>;

async function allRows(likeness: Likeness, count: number, takeTurns: TakeTurns): Promise<Likeness> {
  const rows: ArrayLike<number>[] = [];
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

function likest(groups: readonly Group[], links: readonly Float64Array[], rule: GroupingRule): Pair | null {
  let best: Pair | null = null;
  let highest = rule.least;
  for (const [one, group] of groups.entries()) {
    if (group.places.length === 0) continue;
    const own = links[one];
    for (let other = 0; other < one; other += 1) {
      const link = own?.[other] ?? 0;
      if (link < highest || !mayJoin(group, groups[other], link, rule)) continue;
      best = [one, other];
      highest = link;
    }
  }
  return best;
}

function mayJoin(one: Group, other: Group | undefined, link: number, { leastOfMeaning }: GroupingRule): boolean {
  if (other === undefined || other.places.length === 0 || (one.isFixed && other.isFixed)) return false;
  if (!holdsTogether(one, other, link)) return false;
  return link >= SURE || areNearInMeaning(one.meaning, other.meaning, leastOfMeaning);
}

/** Where agents always give the same answer, groups are tight, and what is only a little like them is something else. */
function holdsTogether(one: Group, other: Group, link: number): boolean {
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
  into.meaning = addMeanings(into.meaning, from.meaning);
  from.places = [];
}
