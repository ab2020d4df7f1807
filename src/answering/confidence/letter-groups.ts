/** How often each group of three letters stands in a text, by a number for the group. */
export type LetterGroups = ReadonlyMap<number, number>;

/** Of a longer text the beginning is compared. */
const MAX_CHARACTERS = 300;

/** Case, punctuation and spacing do not count; the edges of words do. */
export function normalise(text: string): string {
  return text
    .slice(0, MAX_CHARACTERS)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

export function letterGroups(normalised: string): LetterGroups {
  const groups = new Map<number, number>();
  for (const group of eachGroup(normalised)) groups.set(group, (groups.get(group) ?? 0) + 1);
  return groups;
}

/**
 * Dice coefficient of the letter groups of a text and of another, 0 to 1 (Dice 1945; on trigrams, Angell, Freund and
 * Willett 1983). Typos and other forms of a word cost little.
 */
export function likeness(one: LetterGroups, size: number, other: string): number {
  const left = new Map(one);
  let [shared, length] = [0, 0];
  for (const group of eachGroup(other)) {
    length += 1;
    const count = left.get(group) ?? 0;
    if (count === 0) continue;
    shared += 1;
    left.set(group, count - 1);
  }
  return size + length === 0 ? 0 : (2 * shared) / (size + length);
}

/** How many groups a normalised text has. */
export function groupCount(normalised: string): number {
  return normalised === "" ? 0 : normalised.length;
}

// Three 16-bit code units fit in a safe integer.
function* eachGroup(normalised: string): Generator<number> {
  if (normalised === "") return;
  const marked = ` ${normalised} `;
  for (let at = 0; at + 3 <= marked.length; at++) {
    yield (marked.charCodeAt(at) * 65_536 + marked.charCodeAt(at + 1)) * 65_536 + marked.charCodeAt(at + 2);
  }
}
