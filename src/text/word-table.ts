/** Slots for each word, so that most words are at the first place that is looked at. */
const SPACE = 4;

/**
 * Words with their places, which are looked up within a text without cutting them out of it: thousands are for a question.
 * A hash table with open addressing.
 */
export class WordTable {
  /** The place of the word there, plus one; 0 where there is none. */
  readonly #slots: Int32Array;
  /** All words one after the other, and where each begins. */
  readonly #letters: string;
  readonly #starts: Uint32Array;

  /** @param words all different */
  constructor(words: readonly string[]) {
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(SPACE * (words.length + 1))));
    this.#letters = words.join("");
    this.#starts = new Uint32Array(words.length + 1);
    let letters = 0;
    for (const [place, word] of words.entries()) {
      letters += word.length;
      this.#starts[place + 1] = letters;
      this.#slots[this.#slotOf(word, 0, word.length)] = place + 1;
    }
  }

  /** The place of the word that stands in a text from `start` to before `end`; -1 for one that is not known. */
  placeOf(text: string, start: number, end: number): number {
    return (this.#slots[this.#slotOf(text, start, end)] ?? 0) - 1;
  }

  /** The slot that has the word, or the empty one where it would be. */
  #slotOf(text: string, start: number, end: number): number {
    const last = this.#slots.length - 1;
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    let slot = (hash ^ (hash >>> 15)) & last;
    for (;;) {
      const place = (this.#slots[slot] ?? 0) - 1;
      if (place < 0 || this.#isWord(place, text, start, end)) return slot;
      slot = (slot + 1) & last;
    }
  }

  #isWord(place: number, text: string, start: number, end: number): boolean {
    const first = this.#starts[place] ?? 0;
    if ((this.#starts[place + 1] ?? 0) - first !== end - start) return false;
    for (let at = start; at < end; at++) {
      if (this.#letters.charCodeAt(first + at - start) !== text.charCodeAt(at)) return false;
    }
    return true;
  }
}
