import type { Evidence } from "./evidence.js";
import type { Features } from "./feature-names.js";
import type { LineMeaning, Meaning, NearWord } from "./read-meaning.js";
import { sum } from "./sums.js";
import { createTitleLead, NO_LINE } from "./title-lead.js";

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
  const said = meaning.lines.map(({ near }) => shareSaid(near, weights));
  const [title] = meaning.lines;
  return {
    alignedLead: createTitleLead(found.lines.map((line) => line.title))(said, NO_LINE),
    saidByTitle: said[0] ?? 0,
    titleSaid: title === undefined ? 0 : shareOfTitle(title),
  };
}

/** What each word of the question counts, as shares that add up to 1. */
function weightsOf({ asked, lines }: Meaning): readonly number[] {
  const counts = asked.map(() => 0);
  for (const { near } of lines) {
    for (const { asked: place } of near) if (place >= 0) counts[place] = (counts[place] ?? 0) + 1;
  }
  const rarity = (count: number): number => Math.log(1 + lines.length / (count + 0.5));
  const weights = asked.map(({ weight }, place) => rarity(counts[place] ?? 0) * weight);
  const total = sum(weights);
  return total === 0 ? weights : weights.map((weight) => weight / total);
}

/** The share of the question that a line has words for. */
function shareSaid(words: readonly NearWord[], weights: readonly number[]): number {
  if (words.length === 0) return 0;
  const nearest = weights.map(() => 0);
  for (const { nearness } of words) {
    for (let place = 0; place < nearness.length; place++) {
      const value = nearness[place] ?? 0;
      if (value > (nearest[place] ?? 0)) nearest[place] = value;
    }
  }
  return weights.reduce((said, weight, place) => said + weight * (nearest[place] ?? 0), 0);
}

/** The share of the title that the question has words for. */
function shareOfTitle({ near, weight: whole }: LineMeaning): number {
  const said = sum(near.map(({ weight, nearness }) => weight * Math.max(0, ...nearness)));
  return whole === 0 ? 0 : said / whole;
}
