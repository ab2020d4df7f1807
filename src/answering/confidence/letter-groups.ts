/** How often each group of three letters stands in a text: a table, because thousands of groups are looked up for a question. */
export interface LetterGroups {
  /** How many groups there are. */
  readonly size: number;
  /** The group at each place; 0 where there is none. */
  readonly keys: Float64Array;
  readonly counts: Uint16Array;
  /** What is left of the counts while another text takes from them. */
  readonly left: Uint16Array;
}

/** Of a longer text the beginning is compared. */
export const COMPARED_CHARACTERS = 300;

/** Case, punctuation and spacing do not count; the edges of words do. */
export function normalise(text: string): string {
  return text
    .slice(0, COMPARED_CHARACTERS)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** @param normalised by {@link normalise} */
export function letterGroups(normalised: string): LetterGroups {
  const size = normalised.length;
  const places = placesFor(size, 4);
  const groups = {
    size,
    keys: new Float64Array(places),
    counts: new Uint16Array(places),
    left: new Uint16Array(places),
  };
  const { keys, counts } = groups;
  eachGroup(normalised, (before, here, after) => {
    const place = placeOf(keys, before, here, after);
    keys[place] = keyOf(before, here, after);
    counts[place] = (counts[place] ?? 0) + 1;
  });
  return groups;
}

/**
 * Dice coefficient of the letter groups of a text and of another, 0 to 1 (Dice 1945; on trigrams, Angell, Freund and
 * Willett 1983). Typos and other forms of a word cost little.
 * @param other by {@link normalise}
 */
export function likeness({ keys, counts, left, size }: LetterGroups, other: string): number {
  left.set(counts);
  let shared = 0;
  eachGroup(other, (before, here, after) => {
    const place = placeOf(keys, before, here, after);
    const count = left[place] ?? 0;
    if (count === 0) return;
    shared += 1;
    left[place] = count - 1;
  });
  return size + other.length === 0 ? 0 : (2 * shared) / (size + other.length);
}

/** Numbers for the different groups of several texts, from 0 in the order that they come in. */
export class LetterNumbers {
  readonly #keys: Float64Array;
  readonly #numbers: Uint32Array;
  #size = 0;

  /** @param letters how many all texts have: there are no more different groups */
  constructor(letters: number) {
    const places = placesFor(letters, 2);
    this.#keys = new Float64Array(places);
    this.#numbers = new Uint32Array(places);
  }

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  each(normalised: string, visit: (number: number) => void): void {
    eachGroup(normalised, (before, here, after) => {
      const place = placeOf(this.#keys, before, here, after);
      if (this.#keys[place] === 0) {
        this.#keys[place] = keyOf(before, here, after);
        this.#numbers[place] = this.#size;
        this.#size += 1;
      }
      visit(this.#numbers[place] ?? 0);
    });
  }
}

const SPACE = 32;

/** As many groups as a text has characters; the edges are a space each. */
function eachGroup(normalised: string, visit: (before: number, here: number, after: number) => void): void {
  let before = SPACE;
  let here = normalised.charCodeAt(0);
  for (let next = 1; next <= normalised.length; next++) {
    const after = next < normalised.length ? normalised.charCodeAt(next) : SPACE;
    visit(before, here, after);
    before = here;
    here = after;
  }
}

/** A power of two, so that at least `spare` times as many places as groups are there. */
function placesFor(groups: number, spare: number): number {
  return 2 ** Math.ceil(Math.log2(spare * (groups + 1)));
}

/** Where a group is, or the free place where it would be: open addressing, and half of the places or more are free. */
function placeOf(keys: Float64Array, before: number, here: number, after: number): number {
  const key = keyOf(before, here, after);
  const last = keys.length - 1;
  let place =
    ((Math.imul(before, 0x9e3779b1) ^ Math.imul(here, 0x85ebca6b) ^ Math.imul(after, 0xc2b2ae35)) >>> 7) & last;
  while (keys[place] !== 0 && keys[place] !== key) place = (place + 1) & last;
  return place;
}

/** Three 16-bit code units fit in a safe integer; none of them is 0. */
function keyOf(before: number, here: number, after: number): number {
  return (before * 65_536 + here) * 65_536 + after;
}
