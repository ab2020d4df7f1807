import { mulberry32 } from "./bootstrap.js";

/** Words shorter than this are left as they are: a mistake makes another word of them. */
const MIN_LETTERS = 4;

const LATIN = "abcdefghijklmnopqrstuvwxyz";
const EDITS = ["insert", "delete", "substitute", "transpose"] as const;

/**
 * A question with one typing mistake: a letter is inserted, deleted, replaced by another or swapped with its neighbour
 * (the four mistakes of Damerau 1964) in one word of four letters or more, each word, place, kind and letter as likely as
 * any other. The same seed and key (the question's id) give the same mistake. A question without such a word stays as it is.
 */
export function misspell(question: string, seed: number, key: string): string {
  const words = [...question.matchAll(/\p{L}+/gu)].filter(([word]) => Array.from(word).length >= MIN_LETTERS);
  const random = createRandom(`${seed}:${key}`);
  const chosen = words[random(words.length)];
  if (chosen === undefined) return question;
  const [word] = chosen;
  const before = question.slice(0, chosen.index);
  const after = question.slice(chosen.index + word.length);
  return `${before}${misspellWord(word, random)}${after}`;
}

type Random = (below: number) => number;

function misspellWord(word: string, random: Random): string {
  const letters = Array.from(word);
  // A swap of two equal letters, or a letter replaced by itself, is no mistake: then another one is made.
  for (;;) {
    const mistyped = editOnce(letters, random);
    if (mistyped !== word) return mistyped;
  }
}

function editOnce(letters: readonly string[], random: Random): string {
  const edit = EDITS[random(EDITS.length)] ?? "delete";
  const letter = LATIN[random(LATIN.length)] ?? "a";
  switch (edit) {
    case "insert":
      return letters.toSpliced(random(letters.length + 1), 0, letter).join("");
    case "delete":
      return letters.toSpliced(random(letters.length), 1).join("");
    case "substitute":
      return letters.with(random(letters.length), letter).join("");
    case "transpose": {
      const place = random(letters.length - 1);
      return letters.toSpliced(place, 2, letters[place + 1] ?? "", letters[place] ?? "").join("");
    }
  }
}

/** Numbers from 0 to below a limit, from a seed that is made of a text by FNV-1a. */
function createRandom(text: string): Random {
  let seed = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) seed = Math.imul(seed ^ text.charCodeAt(index), 0x01000193);
  const random = mulberry32(seed);
  return (below) => Math.floor(random() * below);
}
