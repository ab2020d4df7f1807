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
type Nearness = (word: Word) => Float64Array;

interface Word {
  readonly text: string;
  readonly stem: string;
  readonly vector: Float32Array;
  readonly weight: number;
}

/** The words of a text, each once. */
type ReadWords = (normalised: string) => readonly Word[];

const NEAR_NONE = new Float64Array(0);

/**
 * How much of one side the other says, be it in other words: each word counts with the nearest word across, weighed by how
 * much it counts in a text and, of the question, by how few of the lines hold it (soft alignment: Corley and Mihalcea,
 * "Measuring the semantic similarity of texts", 2005). The same for all questions without a known word, as those in another
 * language are. Pure.
 */
export function alignedFeatures({ normalised, found, vectors }: Evidence): Aligned {
  if (!vectors.of(normalised).some((value) => value !== 0)) return UNKNOWN;
  const wordsOf = readerOf(vectors);
  const asked = wordsOf(normalised);
  const lines = found.lines.map((line) => wordsOf(line.normalised));
  const title = lines[0] ?? [];
  const weights = weightsOf(asked, lines);
  const nearness = nearnessTo(asked);
  const said = new Float64Array(lines.length);
  lines.forEach((words, place) => (said[place] = shareSaid(words, weights, nearness)));
  return {
    alignedLead: lead(found.lines, said, NO_LINE),
    saidByTitle: said[0] ?? 0,
    titleSaid: shareOfTitle(title, nearness),
  };
}

/** The place of the question among the lines. */
const NO_LINE = -1;

/** Lines come again from question to question, and words more often; so many take about 20 MB. */
const MAX_REMEMBERED = { lines: 25_000, words: 25_000 } as const;

const readers = new WeakMap<TextVectors, ReadWords>();

function readerOf(vectors: TextVectors): ReadWords {
  const known = readers.get(vectors);
  if (known !== undefined) return known;
  const wordOf = remember(
    (text): Word => ({
      text,
      stem: stemWord(text, "english"),
      vector: vectors.of(text),
      weight: vectors.weightOf(text),
    }),
    MAX_REMEMBERED.words,
  );
  const read = remember(
    (normalised) => [...new Set(normalised.split(" "))].filter((text) => text !== "").map(wordOf),
    MAX_REMEMBERED.lines,
  );
  readers.set(vectors, read);
  return read;
}

/** What each word of the question counts, as shares that add up to 1. */
function weightsOf(asked: readonly Word[], lines: readonly (readonly Word[])[]): Float64Array {
  const counts = new Map(asked.map(({ text }) => [text, 0]));
  for (const words of lines) {
    for (const { text } of words) {
      const count = counts.get(text);
      if (count !== undefined) counts.set(text, count + 1);
    }
  }
  const rarity = (text: string): number => Math.log(1 + lines.length / ((counts.get(text) ?? 0) + 0.5));
  const weights = Float64Array.from(asked.map(({ text, weight }) => rarity(text) * weight));
  const total = weights.reduce((all, weight) => all + weight, 0);
  return total === 0 ? weights : weights.map((weight) => weight / total);
}

function nearnessTo(asked: readonly Word[]): Nearness {
  const memo = new Map<Word, Float64Array>();
  return (word) => {
    const known = memo.get(word);
    if (known !== undefined) return known;
    let near = NEAR_NONE;
    for (let place = 0; place < asked.length; place++) {
      const other = asked[place];
      if (other === undefined) continue;
      const above =
        other.stem === word.stem ? 1 : (cosine(other.vector, word.vector) - LEAST_COSINE) / (1 - LEAST_COSINE);
      if (above <= 0) continue;
      if (near === NEAR_NONE) near = new Float64Array(asked.length);
      near[place] = above;
    }
    memo.set(word, near);
    return near;
  };
}

/** The share of the question that a line has words for. */
function shareSaid(words: readonly Word[], weights: Float64Array, nearness: Nearness): number {
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
function shareOfTitle(title: readonly Word[], nearness: Nearness): number {
  const whole = sum(title.map(({ weight }) => weight));
  const said = sum(title.map((word) => word.weight * Math.max(0, ...nearness(word))));
  return whole === 0 ? 0 : said / whole;
}
