import type { ReadWord } from "./reading.js";
import { carries } from "./reading.js";

/** A sentence of a passage as the claim is laid beside it. */
export interface Beside {
  readonly words: readonly ReadWord[];
}

/** A stretch of a claim with the one sentence that says most of it. */
export interface Stretch {
  readonly words: readonly ReadWord[];
  /** Which sentence of the passage. */
  readonly index: number;
}

/** Going over to another sentence must explain more than one word: a changed name is not a new thought. */
const COST_OF_LEAVING = 1.6;
const COST_OF_GOING_ON = 1.1;
const MIN_WORDS = 2;

/**
 * Divides a claim among the sentences of a passage so that the fewest words stay unexplained. Clauses are not torn.
 * @returns stretches in the order of the claim; empty when the passage has no sentences
 */
export function divide(claim: readonly ReadWord[], sentences: readonly Beside[]): readonly Stretch[] {
  const clauses = clausesOf(claim);
  if (sentences.length === 0 || clauses.length === 0) return [];
  const keys = sentences.map(({ words }) => new Set(words.map(({ key }) => key)));
  let costs = keys.map((known) => missing(clauses[0] ?? [], known));
  const cameFrom: number[][] = [];
  for (const clause of clauses.slice(1)) {
    const from = costs.map((_cost, index) => cheapestBefore(costs, index));
    cameFrom.push(from);
    costs = from.map(
      (before, index) => (costs[before] ?? 0) + leaving(before, index) + missing(clause, keys[index] ?? new Set()),
    );
  }
  return joined(clauses, pathOf(costs, cameFrom));
}

function leaving(from: number, to: number): number {
  if (from === to) return 0;
  return to === from + 1 ? COST_OF_GOING_ON : COST_OF_LEAVING;
}

function cheapestBefore(costs: readonly number[], index: number): number {
  let best = index;
  costs.forEach((cost, before) => {
    if (cost + leaving(before, index) < (costs[best] ?? 0) + leaving(best, index)) best = before;
  });
  return best;
}

function pathOf(costs: readonly number[], cameFrom: readonly (readonly number[])[]): readonly number[] {
  let at = costs.indexOf(Math.min(...costs));
  const path = [at];
  for (const from of [...cameFrom].reverse()) {
    at = from[at] ?? at;
    path.unshift(at);
  }
  return path;
}

/** How much of `words` a sentence does not have. */
export function unexplained(words: readonly ReadWord[], sentence: readonly ReadWord[]): number {
  return missing(words, new Set(sentence.map(({ key }) => key)));
}

function missing(clause: readonly ReadWord[], known: ReadonlySet<string>): number {
  const carrying = clause.filter((word) => !known.has(word.key));
  return carrying.reduce((sum, word) => sum + (carries(word) ? 1 : 0.15), 0);
}

function joined(clauses: readonly (readonly ReadWord[])[], path: readonly number[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  clauses.forEach((words, index) => {
    const last = stretches.at(-1);
    const sentence = path[index] ?? 0;
    if (last?.index === sentence)
      stretches[stretches.length - 1] = { words: [...last.words, ...words], index: sentence };
    else stretches.push({ words, index: sentence });
  });
  return stretches;
}

const JOINS: ReadonlySet<string> = new Set(["and", "then", "but", "so", "while", "before", "after", "once", "until"]);

/** The clauses of a sentence; what has too few words to stand alone stays with the one before. */
export function clausesOf(words: readonly ReadWord[]): readonly (readonly ReadWord[])[] {
  const clauses: ReadWord[][] = [];
  for (const word of words) {
    if (clauses.length === 0 || word.afterBreak || JOINS.has(word.word)) clauses.push([word]);
    else clauses.at(-1)?.push(word);
  }
  return clauses.reduce<ReadWord[][]>((kept, clause) => {
    const last = kept.at(-1);
    const isShort = clause.filter(carries).length < MIN_WORDS;
    const lastIsShort = last !== undefined && last.filter(carries).length < MIN_WORDS;
    if (last !== undefined && (isShort || lastIsShort)) last.push(...clause);
    else kept.push(clause);
    return kept;
  }, []);
}

/** For each word of `claim` the position in `sentence` where it stands, or -1. In order as far as that goes. */
export function align(claim: readonly ReadWord[], sentence: readonly ReadWord[]): readonly number[] {
  const inOrder = longestCommon(claim, sentence);
  const taken = new Set(inOrder);
  return inOrder.map((position, index) => {
    if (position >= 0) return position;
    const key = claim[index]?.key;
    const free = sentence.findIndex((word, at) => word.key === key && !taken.has(at));
    if (free >= 0) taken.add(free);
    return free;
  });
}

function longestCommon(claim: readonly ReadWord[], sentence: readonly ReadWord[]): readonly number[] {
  const width = sentence.length + 1;
  const best = new Float64Array((claim.length + 1) * width);
  const at = (row: number, column: number): number => best[row * width + column] ?? 0;
  for (let row = claim.length - 1; row >= 0; row -= 1) {
    for (let column = sentence.length - 1; column >= 0; column -= 1) {
      const same = gain(claim[row], sentence[column]);
      const together = same > 0 ? same + at(row + 1, column + 1) : 0;
      best[row * width + column] = Math.max(together, at(row + 1, column), at(row, column + 1));
    }
  }
  const found = claim.map(() => -1);
  let row = 0;
  let column = 0;
  while (row < claim.length && column < sentence.length) {
    const same = gain(claim[row], sentence[column]);
    if (same > 0 && at(row, column) === same + at(row + 1, column + 1)) {
      found[row] = column;
      row += 1;
      column += 1;
    } else if (at(row, column) === at(row + 1, column)) row += 1;
    else column += 1;
  }
  return found;
}

/** Words that carry something decide where the others are laid. */
function gain(claim: ReadWord | undefined, sentence: ReadWord | undefined): number {
  if (claim === undefined || sentence === undefined || claim.key !== sentence.key) return 0;
  return carries(claim) ? 4 : 1;
}
