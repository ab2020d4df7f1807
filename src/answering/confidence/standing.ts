import type { FoundLine } from "./found-lines.js";
import { letterCosines } from "./letter-cosines.js";
import { cosine } from "../../text/word-vectors.js";
import { logistic } from "./logistic-regression.js";
import type { Meaning } from "./read-meaning.js";
import { sum } from "./sums.js";
import { createTitleLead } from "./title-lead.js";

/** So many of the nearest lines of the first title, and of all others, are compared with each other. */
const LINES = { own: 25, others: 40 } as const;
/** A line that leads by so much less counts as nearly three quarters of one that is below; the lines are few. */
const SOFTNESS = { letters: 0.04, meaning: 0.06 } as const;
/** What nothing is known of stands in the middle. */
const UNKNOWN = 0.5;

/**
 * The share of the first title's lines that, asked in the question's place, would lead less over the other titles: 0.5 when
 * it has none. A question that the entry answers is one more line of it; a near miss leads by less than the lines do.
 * @param likes of the lines to the question, in letters
 */
export function standingOf(normalised: string, lines: readonly FoundLine[], likes: readonly number[]): number {
  const compared = nearestOf(lines, likes);
  const texts = compared.map((place) => lines[place]?.normalised ?? "");
  return standingAmong(lines, compared, letterCosines([normalised, ...texts]), SOFTNESS.letters);
}

/** The same by what lines mean; for a question whose words are not known it is in the middle. */
export function meaningStandingOf(lines: readonly FoundLine[], meaning: Meaning | null): number {
  if (meaning === null) return UNKNOWN;
  const { vector: asked, lines: meanings } = meaning;
  const likes = meanings.map(({ vector }) => cosine(vector, asked));
  const compared = nearestOf(lines, likes);
  const vectors = compared.map((place) => meanings[place]?.vector ?? NO_VECTOR);
  return standingAmong(lines, compared, meaningCosines([asked, ...vectors]), SOFTNESS.meaning);
}

const NO_VECTOR = new Float32Array(0);

/** How like each other the question (place 0) and the lines are: of one of them, by its place, to all. */
type Cosines = (place: number) => Float64Array;

/** The places of the lines that are compared, those of the first title before the others, the nearest first. */
function nearestOf(lines: readonly FoundLine[], likes: readonly number[]): readonly number[] {
  const nearest = lines.map((_, place) => place).sort((one, other) => (likes[other] ?? 0) - (likes[one] ?? 0));
  const isOwn = (place: number): boolean => lines[place]?.title === 0;
  return [
    ...nearest.filter(isOwn).slice(0, LINES.own),
    ...nearest.filter((place) => !isOwn(place)).slice(0, LINES.others),
  ];
}

function standingAmong(
  lines: readonly FoundLine[],
  compared: readonly number[],
  cosinesOf: Cosines,
  softness: number,
): number {
  const titles = compared.map((place) => lines[place]?.title ?? 0);
  const lead = createTitleLead(titles);
  const leadOf = (place: number): number => lead(cosinesOf(place).subarray(1), place - 1);
  const asked = leadOf(0);
  const own = titles.filter((title) => title === 0);
  const below = sum(own.map((_, index) => logistic((asked - leadOf(index + 1)) / softness)));
  return (below + UNKNOWN) / (own.length + 1);
}

function meaningCosines(vectors: readonly Float32Array[]): Cosines {
  return (place) => {
    const cosines = new Float64Array(vectors.length);
    const own = vectors[place] ?? NO_VECTOR;
    for (const [index, vector] of vectors.entries()) cosines[index] = cosine(own, vector);
    return cosines;
  };
}
