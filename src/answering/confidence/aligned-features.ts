import type { Evidence } from "./evidence.js";
import type { Features } from "./feature-names.js";
import type { LineWord, Meaning } from "./read-meaning.js";
import { lead } from "./standing.js";
import { sum } from "./sums.js";

type AlignedFeature = "alignedLead" | "saidByTitle" | "titleSaid";
type Aligned = Pick<Features, AlignedFeature>;

/** What the English questions of the labelled sets have on average, so that it pulls neither way. */
const UNKNOWN: Aligned = { alignedLead: 0.048, saidByTitle: 0.254, titleSaid: 0.492 };

/**
 * How much of one side the other says, be it in other words: each word counts with the nearest word across, weighed by how
 * much it counts in a text and, of the question, by how few of the lines hold it (soft alignment: Corley and Mihalcea,
 * "Measuring the semantic similarity of texts", 2005). The same for all questions whose words are not known. Pure.
 */
export function alignedFeatures({ found }: Evidence, meaning: Meaning | null): Aligned {
  if (meaning === null) return UNKNOWN;
  const weights = weightsOf(meaning);
  const said = Float64Array.from(meaning.lines, ({ words }) => shareSaid(words, weights));
  return {
    alignedLead: lead(found.lines, said, NO_LINE),
    saidByTitle: said[0] ?? 0,
    titleSaid: shareOfTitle(meaning.lines[0]?.words ?? []),
  };
}

/** The place of the question among the lines. */
const NO_LINE = -1;

/** What each word of the question counts, as shares that add up to 1. */
function weightsOf({ asked, lines }: Meaning): readonly number[] {
  const counts = asked.map(() => 0);
  for (const { words } of lines) {
    for (const { asked: place } of words) if (place >= 0) counts[place] = (counts[place] ?? 0) + 1;
  }
  const rarity = (count: number): number => Math.log(1 + lines.length / (count + 0.5));
  const weights = asked.map(({ weight }, place) => rarity(counts[place] ?? 0) * weight);
  const total = sum(weights);
  return total === 0 ? weights : weights.map((weight) => weight / total);
}

/** The share of the question that a line has words for. */
function shareSaid(words: readonly LineWord[], weights: readonly number[]): number {
  const nearest = weights.map(() => 0);
  for (const { near } of words) {
    for (let place = 0; place < near.length; place++) {
      const value = near[place] ?? 0;
      if (value > (nearest[place] ?? 0)) nearest[place] = value;
    }
  }
  return weights.reduce((said, weight, place) => said + weight * (nearest[place] ?? 0), 0);
}

/** The share of the title that the question has words for. */
function shareOfTitle(title: readonly LineWord[]): number {
  const whole = sum(title.map(({ weight }) => weight));
  const said = sum(title.map(({ weight, near }) => weight * Math.max(0, ...near)));
  return whole === 0 ? 0 : said / whole;
}
