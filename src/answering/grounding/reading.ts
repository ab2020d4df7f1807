import { asDigits } from "./facts.js";
import { FREE, keyOf, NEGATORS, OPERATORS, PHRASES, roleOf, UNITS, type Operator } from "./lexicon.js";

/** A word of a sentence as it is compared. */
export interface ReadWord {
  /** The same for all forms of a word and for words that say the same. */
  readonly key: string;
  /** As written, lower case. */
  readonly word: string;
  readonly kind: "free" | "plain" | "name" | "role" | "unit" | "number";
  readonly operator: Operator | null;
  readonly isNegator: boolean;
  /** Whether a comma, a full stop or the like stands before it. */
  readonly afterBreak: boolean;
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:[.:,'](?=\p{N})[\p{N}]+)*/gu;
const HAS_LETTERS = /\p{L}/u;

/** The words of a sentence in order. English; other languages lose their finer points. */
export function readWords(sentence: string): readonly ReadWord[] {
  const capitals = capitalisedWords(sentence);
  const text = PHRASES.reduce(
    (said, [phrase, by]) => said.replaceAll(phrase, by),
    sentence
      .normalize("NFKC")
      .toLowerCase()
      .replaceAll("’", "'")
      .replaceAll(/(?<=\p{N}),(?=\p{N}{3})/gu, ""),
  );
  let end = 0;
  return [...text.matchAll(WORD)].map((match) => {
    const between = text.slice(end, match.index);
    end = match.index + match[0].length;
    return readWord(match[0], /[,;:.!?()\n–—>]/u.test(between), capitals);
  });
}

function readWord(word: string, afterBreak: boolean, capitals: ReadonlySet<string>): ReadWord {
  const operator = OPERATORS[word] ?? null;
  const shared = { word, operator, isNegator: NEGATORS.has(word), afterBreak };
  const digits = HAS_LETTERS.test(word) ? asDigits(word) : word;
  if (digits !== null && word !== "one") return { ...shared, key: digits, kind: "number" };
  if (word === "twice") return { ...shared, key: word, kind: "number" };
  const role = roleOf(word);
  if (role !== null) return { ...shared, key: role, kind: "role" };
  const key = keyOf(word);
  if (UNITS.has(key)) return { ...shared, key, kind: "unit" };
  if (capitals.has(word)) return { ...shared, key, kind: "name" };
  return { ...shared, key, kind: FREE.has(word) || word.length === 1 ? "free" : "plain" };
}

/** Words with a capital that no sentence begins with. */
function capitalisedWords(sentence: string): ReadonlySet<string> {
  const words = [...sentence.normalize("NFKC").matchAll(/[\p{L}\p{M}\p{N}]+/gu)];
  const inside = words.filter(({ 0: word, index }) => {
    if (!/^\p{Lu}/u.test(word) || word === "I") return false;
    return /[\p{L}\p{N},)”"'*_-]\s*[("“'*_]*$/u.test(sentence.slice(0, index)) || /\p{Lu}.*\p{Lu}/u.test(word);
  });
  return new Set(inside.map(([word]) => word.toLowerCase()).filter((word) => !FREE.has(word)));
}

/** Words that must be found again, in a sentence that says the same. */
export function carries(word: ReadWord): boolean {
  return word.kind !== "free";
}
