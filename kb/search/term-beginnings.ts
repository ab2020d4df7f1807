/**
 * A stem of so many letters begins with the same three as its word, a shorter one with the same two, but for an `y` that has
 * become an `i` ("dying", "flies"): stemmers change ends.
 */
const LONG = 5;

const ASCII = 0x80;

/**
 * How the terms of a question begin: a word that begins like none of them has none of them as its stem, and is not stemmed to
 * find that out.
 */
export class TermBeginnings {
  /** By two letters: whether a short term begins with them, and whether a long one does. */
  readonly #short = new Uint8Array(ASCII * ASCII);
  readonly #long = new Uint8Array(ASCII * ASCII);
  /** The first three letters of the long ones. */
  readonly #threes = new Set<number>();

  constructor(terms: Iterable<string>) {
    for (const term of terms) {
      const two = twoLetters(term, 0, term.length);
      if (two === null) continue;
      const third = letterAt(term, 2);
      if (term.length < LONG || third >= ASCII) this.#short[two] = 1;
      else {
        this.#long[two] = 1;
        this.#threes.add(two * ASCII + third);
      }
    }
  }

  /** Whether a word that stands there in a lower-case text may have one of the terms as its stem. */
  mayBeStemmed(lower: string, start: number, end: number): boolean {
    // A letter with an accent is indexed without it, so such a word may begin like any.
    const two = twoLetters(lower, start, end);
    if (two === null || this.#short[two] === 1) return true;
    if (this.#long[two] !== 1) return false;
    if (end - start < 3) return false;
    const third = letterAt(lower, start + 2);
    return third >= ASCII || this.#threes.has(two * ASCII + third);
  }
}

/** The place of the first two letters, 0 for a second that is not there; null beyond ASCII. */
function twoLetters(text: string, start: number, end: number): number | null {
  const first = text.charCodeAt(start);
  const second = end - start < 2 ? 0 : letterAt(text, start + 1);
  return first < ASCII && second < ASCII ? first * ASCII + second : null;
}

function letterAt(text: string, place: number): number {
  const code = text.charCodeAt(place);
  return code === Y ? I : code;
}

const Y = 121;
const I = 105;
