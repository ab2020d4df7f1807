import { remember } from "../../text/remember.js";
import { stemWord } from "../../text/stem.js";
import { cosine, type TextVectors } from "../../text/word-vectors.js";
import type { Evidence } from "./evidence.js";
import type { Features } from "./feature-names.js";
import { lead } from "./standing.js";
import { sum } from "./sums.js";

type AlignedFeature = "alignedLead" | "saidByTitle" | "titleSaid";
type Aligned = Pick<Features, AlignedFeature>;

/** What the English questions of the labelled sets have on average, so that it pulls neither way. */
const UNKNOWN: Aligned = { alignedLead: 0.048, saidByTitle: 0.254, titleSaid: 0.492 };
/** Words that are no nearer have nothing to do with each other: any two have a cosine of a little. */
const LEAST_COSINE = 0.3;

/** How near a word is to each of the question's, 0 to 1; empty where it is near none, as most are. */
type Nearness = (word: string) => Float64Array;

const NEAR_NONE = new Float64Array(0);

/**
 * How much of one side the other says, be it in other words: each word counts with the nearest word across, weighed by how
 * much it counts in a text and, of the question, by how few of the lines hold it (soft alignment: Corley and Mihalcea,
 * "Measuring the semantic similarity of texts", 2005). The same for all questions without a known word, as those in another
 * language are. Pure.
 */
export function alignedFeatures({ normalised, found, vectors }: Evidence): Aligned {
  if (!vectors.of(normalised).some((value) => value !== 0)) return UNKNOWN;
  const asked = distinctWords(normalised);
  const lines = found.lines.map((line) => distinctWords(line.normalised));
  const title = lines[0] ?? [];
  const weights = weightsOf(asked, lines, vectors);
  const nearness = nearnessTo(asked, vectors);
  const said = new Float64Array(lines.length);
  lines.forEach((words, place) => (said[place] = shareSaid(words, weights, nearness)));
  return {
    alignedLead: lead(found.lines, said, NO_LINE),
    saidByTitle: said[0] ?? 0,
    titleSaid: shareOfTitle(title, vectors, nearness),
  };
}

/** The place of the question among the lines. */
const NO_LINE = -1;

/** Lines come again from question to question; so many take about 10 MB. */
const MAX_REMEMBERED_LINES = 25_000;

const distinctWords = remember(
  (normalised): readonly string[] => [...new Set(normalised.split(" "))].filter((word) => word !== ""),
  MAX_REMEMBERED_LINES,
);

/** What each word of the question counts, as shares that add up to 1. */
function weightsOf(
  asked: readonly string[],
  lines: readonly (readonly string[])[],
  { weightOf }: TextVectors,
): Float64Array {
  const counts = new Map(asked.map((word) => [word, 0]));
  for (const words of lines) {
    for (const word of words) {
      const count = counts.get(word);
      if (count !== undefined) counts.set(word, count + 1);
    }
  }
  const rarity = (word: string): number => Math.log(1 + lines.length / ((counts.get(word) ?? 0) + 0.5));
  const weights = Float64Array.from(asked.map((word) => rarity(word) * weightOf(word)));
  const total = weights.reduce((all, weight) => all + weight, 0);
  return total === 0 ? weights : weights.map((weight) => weight / total);
}

function nearnessTo(asked: readonly string[], vectors: TextVectors): Nearness {
  const askedVectors = asked.map((word) => vectors.of(word));
  const askedStems = asked.map((word) => stemWord(word, "english"));
  const memo = new Map<string, Float64Array>();
  return (word) => {
    const known = memo.get(word);
    if (known !== undefined) return known;
    const vector = vectors.of(word);
    const stem = stemWord(word, "english");
    const near = new Float64Array(asked.length);
    askedVectors.forEach((other, place) => {
      const above = askedStems[place] === stem ? 1 : (cosine(other, vector) - LEAST_COSINE) / (1 - LEAST_COSINE);
      near[place] = Math.max(0, above);
    });
    const shown = near.some((value) => value > 0) ? near : NEAR_NONE;
    memo.set(word, shown);
    return shown;
  };
}

/** The share of the question that a line has words for. */
function shareSaid(words: readonly string[], weights: Float64Array, nearness: Nearness): number {
  const nearest = new Float64Array(weights.length);
  for (const word of words) {
    const near = nearness(word);
    for (let place = 0; place < near.length; place++) {
      const value = near[place] ?? 0;
      if (value > (nearest[place] ?? 0)) nearest[place] = value;
    }
  }
  let said = 0;
  for (let place = 0; place < nearest.length; place++) said += (nearest[place] ?? 0) * (weights[place] ?? 0);
  return said;
}

/** The share of the title that the question has words for. */
function shareOfTitle(title: readonly string[], { weightOf }: TextVectors, nearness: Nearness): number {
  const whole = sum(title.map((word) => weightOf(word)));
  const said = sum(title.map((word) => weightOf(word) * Math.max(0, ...nearness(word))));
  return whole === 0 ? 0 : said / whole;
}
