import { editDistance } from "./edit-distance.js";

const MOST_EDITS = 2;

/** Of the words the one that was meant by a mistyped one; null when none is near enough. */
export function nearestWord<T extends string>(typed: string, words: readonly T[]): T | null {
  const [nearest] = words
    .map((word) => ({ word, edits: editDistance(typed, word.toLowerCase(), MOST_EDITS) }))
    .filter(({ word, edits }) => edits <= (word.length > 5 ? MOST_EDITS : 1))
    .sort((one, other) => one.edits - other.edits);
  return nearest?.word ?? null;
}
