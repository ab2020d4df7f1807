import type { Evidence } from "./evidence.js";
import type { Features } from "./feature-names.js";
import type { FoundLine } from "./found-lines.js";
import { letterGroups, likeness } from "./letter-groups.js";
import type { Meaning } from "./read-meaning.js";
import { meaningStandingOf, standingOf } from "./standing.js";
import { mean, meanOfGreatest, share } from "./sums.js";
import { createTitleLead, NO_LINE } from "./title-lead.js";

/** So many of the nearest lines are looked at: one alone may be near by chance. */
const NEAREST = { wording: 5, votes: 20, inside: 3 } as const;
/** Of the first title so many lines are compared with the nearest one. */
const INSIDE_LINES = 40;

type WordingFeature = "wording" | "wordingLead" | "standing" | "meaningStanding" | "votes" | "inside";

/** How near the question is to the lines of what was found. */
export function wordingFeatures(evidence: Evidence, meaning: Meaning | null): Pick<Features, WordingFeature> {
  return {
    ...letterFeatures(evidence),
    ...wordFeatures(evidence),
    meaningStanding: meaningStandingOf(evidence.found.lines, meaning),
  };
}

function letterFeatures({ found, normalised }: Evidence): Pick<Features, "wording" | "wordingLead" | "standing"> {
  const { lines } = found;
  const groups = letterGroups(normalised);
  const likes = lines.map((line) => likeness(groups, line.normalised));
  const own = likes.filter((_, place) => lines[place]?.title === 0);
  return {
    wording: meanOfGreatest(own, NEAREST.wording),
    wordingLead: createTitleLead(lines.map(({ title }) => title))(likes, NO_LINE),
    standing: standingOf(normalised, lines, likes),
  };
}

function wordFeatures({ found, own, topics }: Evidence): Pick<Features, "votes" | "inside"> {
  const terms = [...new Set(topics.map(({ term }) => term))];
  const cosines = found.cosines(terms, found.lines);
  const likes = found.lines.map((line, place) => ({ line, like: cosines[place] ?? 0 }));
  const nearest = [...likes].sort((one, other) => other.like - one.like).slice(0, NEAREST.votes);
  const ofFirst = nearest.filter(({ line }) => line.title === 0);
  const best = likes.reduce<(typeof likes)[number] | null>(
    (leader, each) => (each.line.title === 0 && each.like > (leader?.like ?? -1) ? each : leader),
    null,
  );
  return {
    votes: share(ofFirst, nearest, ({ like }) => like),
    inside: best === null ? 0 : best.like - neighbourhood(best.line, own, found),
  };
}

/** How near a line is to the nearest others of its title. */
function neighbourhood(line: FoundLine, own: readonly FoundLine[], found: Evidence["found"]): number {
  const others = own.slice(0, INSIDE_LINES).filter((other) => other !== line);
  const likes = found.cosines(line.terms, others);
  return mean(likes.sort((one, other) => other - one).slice(0, NEAREST.inside));
}
