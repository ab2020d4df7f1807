import { normalise } from "../answering/confidence/letter-groups.js";
import type { SolvedQuestion } from "../ports/candidates.js";
import { languageOf } from "../text/analyze.js";
import type { TakeTurns } from "../text/take-turns.js";
import { toLengthOne, type TextVectors } from "../text/word-vectors.js";
import { inTurns, wholeOf } from "./likeness.js";

/** So many texts weigh as much in the middle of all as what nothing is known of: few texts have no middle to tell. */
const UNSEEN_TEXTS = 20;

/**
 * What each question means, beside what all of them have in common: the sum of its words' vectors, each weighed by how few
 * of the questions hold the word, less the middle of all.
 * @param background other things that customers write
 * @returns vectors of length 1; 0 throughout for a question without a known word or in another language than English
 */
export async function questionMeanings(
  solved: readonly SolvedQuestion[],
  background: readonly string[],
  vectors: TextVectors,
  takeTurns: TakeTurns,
): Promise<readonly Float32Array[]> {
  if (vectors.dimensions === 0) return solved.map(() => new Float32Array(0));
  const ofCases = await inTurns(solved, takeTurns, (one) => wordsOf(one.question, wholeOf(one)));
  const others = await inTurns(background, takeTurns, (text) => wordsOf(text, text));
  const all = [...ofCases, ...others];
  const counts = new Map<string, number>();
  for (const words of all) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rarity = (word: string): number => Math.log(1 + all.length / ((counts.get(word) ?? 0) + 0.5));
  const sums = await inTurns(all, takeTurns, (words) => toLengthOne(weighedSum(words, rarity, vectors)));
  const middle = middleOf(sums, vectors.dimensions);
  return sums.slice(0, solved.length).map((sum) => (isKnown(sum) ? toLengthOne(less(sum, middle)) : sum));
}

/** Whether anything is known of what it means. */
export function isKnown(vector: Float32Array): boolean {
  return vector.some((value) => value !== 0);
}

/** Each once. @param whole what tells the language */
function wordsOf(text: string, whole: string): ReadonlySet<string> {
  return new Set(languageOf(whole) === "english" ? normalise(text).split(" ") : []);
}

function weighedSum(words: ReadonlySet<string>, rarity: (word: string) => number, vectors: TextVectors): Float32Array {
  const sum = new Float32Array(vectors.dimensions);
  for (const word of words) {
    const own = new Float32Array(vectors.dimensions);
    vectors.add(own, vectors.placeOf(word, 0, word.length));
    const weight = rarity(word);
    for (let index = 0; index < sum.length; index++) sum[index] = (sum[index] ?? 0) + weight * (own[index] ?? 0);
  }
  return sum;
}

function middleOf(sums: readonly Float32Array[], dimensions: number): Float32Array {
  const middle = new Float32Array(dimensions);
  const known = sums.filter(isKnown);
  for (const sum of known) {
    for (let index = 0; index < dimensions; index++) middle[index] = (middle[index] ?? 0) + (sum[index] ?? 0);
  }
  return middle.map((value) => value / (known.length + UNSEEN_TEXTS));
}

function less(vector: Float32Array, other: Float32Array): Float32Array {
  return vector.map((value, index) => value - (other[index] ?? 0));
}
