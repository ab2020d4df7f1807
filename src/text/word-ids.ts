import { randomInt } from "node:crypto";

/** Slots for each word, so that most words are at the first place that is looked at. */
const SPACE = 4;
const FIRST_SLOTS = 64;

/** No word has it. */
export const NO_ID = -1;

/**
 * Numbers for words, from 0 in the order that they were added. They are looked up within a text without cutting them out of it:
 * a question reads thousands, and to make a string of each costs more than to find it. A hash table with open addressing.
 */
export class WordIds {
  /** The id of the word there, plus one; 0 where there is none. */
  #slots = new Int32Array(FIRST_SLOTS);
  readonly #words: string[] = [];
  readonly #hashes: number[] = [];

  constructor(words: readonly string[] = []) {
    for (const word of words) this.add(word, 0, word.length);
  }

  get size(): number {
    return this.#words.length;
  }

  /** The words in the order of their ids. */
  get all(): readonly string[] {
    return this.#words;
  }

  /** The id of the word that stands in a text from `start` to before `end`; {@link NO_ID} for one that was not added. */
  find(text: string, start: number, end: number): number {
    return (this.#slots[this.#slotOf(hashOf(text, start, end), text, start, end)] ?? 0) - 1;
  }

  /** The same for one that is added unless it was. */
  add(text: string, start: number, end: number): number {
    const hash = hashOf(text, start, end);
    const slot = this.#slotOf(hash, text, start, end);
    const known = (this.#slots[slot] ?? 0) - 1;
    if (known !== NO_ID) return known;
    const id = this.#words.push(text.slice(start, end)) - 1;
    this.#hashes.push(hash);
    this.#slots[slot] = id + 1;
    if (this.#words.length * SPACE > this.#slots.length) this.#grow();
    return id;
  }

  /** The slot that has the word, or the empty one where it would be. */
  #slotOf(hash: number, text: string, start: number, end: number): number {
    const last = this.#slots.length - 1;
    let slot = hash & last;
    for (;;) {
      const id = (this.#slots[slot] ?? 0) - 1;
      if (id === NO_ID || (this.#hashes[id] === hash && isWord(this.#words[id] ?? "", text, start, end))) return slot;
      slot = (slot + 1) & last;
    }
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const last = slots.length - 1;
    for (const [id, hash] of this.#hashes.entries()) {
      let slot = hash & last;
      while (slots[slot] !== 0) slot = (slot + 1) & last;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}

/** Odd, and another one in each process: texts are not ours, and nobody shall be able to make words that all want one slot. */
const MULTIPLIER = randomInt(2 ** 24, 2 ** 32) | 1;

/** In the manner of FNV-1a, over the characters' codes; its high bits are mixed into the low ones. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

function isWord(word: string, text: string, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let at = start; at < end; at++) {
    if (word.charCodeAt(at - start) !== text.charCodeAt(at)) return false;
  }
  return true;
}
