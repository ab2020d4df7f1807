import { stemWord } from "../../text/stem.js";
import type { TextVectors } from "../../text/word-vectors.js";
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

interface AskedWord {
  readonly text: string;
  readonly stem: string;
  readonly vector: Float32Array;
  readonly weight: number;
}

interface Word {
  readonly weight: number;
  /** How near it is to each word of the question, 0 to 1; empty where it is near none, as most are. */
  readonly near: Float64Array;
  /** Which word of the question it is; -1 for another. */
  readonly asked: number;
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
  const asked = differentWords(normalised).map((text) => askedWord(text, vectors));
  const wordsOf = readerOf(asked, vectors);
  const lines = found.lines.map((line) => wordsOf(line.normalised));
  const weights = weightsOf(asked, lines);
  const said = Float64Array.from(lines, (words) => shareSaid(words, weights));
  return {
    alignedLead: lead(found.lines, said, NO_LINE),
    saidByTitle: said[0] ?? 0,
    titleSaid: shareOfTitle(lines[0] ?? []),
  };
}

/** The place of the question among the lines. */
const NO_LINE = -1;

function differentWords(normalised: string): readonly string[] {
  return [...new Set(normalised.split(" "))].filter((text) => text !== "");
}

function askedWord(text: string, vectors: TextVectors): AskedWord {
  const place = vectors.placeOf(text, 0, text.length);
  return { text, stem: stemWord(text, "english"), vector: vectors.of(text), weight: vectors.weightOf(place) };
}

/** For one question: words come again from line to line, so what each is near is found out once. */
function readerOf(asked: readonly AskedWord[], vectors: TextVectors): ReadWords {
  const known = new Map<string, Word>();
  const wordOf = (text: string): Word => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const place = vectors.placeOf(text, 0, text.length);
    const word = {
      weight: vectors.weightOf(place),
      near: nearnessOf(text, place, asked, vectors),
      asked: asked.findIndex((other) => other.text === text),
    };
    known.set(text, word);
    return word;
  };
  return (normalised) => differentWords(normalised).map(wordOf);
}

function nearnessOf(text: string, place: number, asked: readonly AskedWord[], vectors: TextVectors): Float64Array {
  let near = NEAR_NONE;
  for (const [index, other] of asked.entries()) {
    const above = isSameStem(text, other)
      ? 1
      : (vectors.cosineTo(other.vector, place) - LEAST_COSINE) / (1 - LEAST_COSINE);
    if (above <= 0) continue;
    if (near === NEAR_NONE) near = new Float64Array(asked.length);
    near[index] = above;
  }
  return near;
}

/** A stem begins as its word does, so that most words need none. */
function isSameStem(text: string, other: AskedWord): boolean {
  if (text.charCodeAt(0) !== other.text.charCodeAt(0)) return false;
  return text === other.text || stemWord(text, "english") === other.stem;
}

/** What each word of the question counts, as shares that add up to 1. */
function weightsOf(asked: readonly AskedWord[], lines: readonly (readonly Word[])[]): Float64Array {
  const counts = new Float64Array(asked.length);
  for (const words of lines) {
    for (const { asked: place } of words) if (place >= 0) counts[place] = (counts[place] ?? 0) + 1;
  }
  const rarity = (count: number): number => Math.log(1 + lines.length / (count + 0.5));
  const weights = Float64Array.from(asked, ({ weight }, place) => rarity(counts[place] ?? 0) * weight);
  const total = weights.reduce((all, weight) => all + weight, 0);
  return total === 0 ? weights : weights.map((weight) => weight / total);
}

/** The share of the question that a line has words for. */
function shareSaid(words: readonly Word[], weights: Float64Array): number {
  const nearest = new Float64Array(weights.length);
  for (const { near } of words) {
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
function shareOfTitle(title: readonly Word[]): number {
  const whole = sum(title.map(({ weight }) => weight));
  const said = sum(title.map(({ weight, near }) => weight * Math.max(0, ...near)));
  return whole === 0 ? 0 : said / whole;
}
