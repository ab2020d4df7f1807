import { cutAroundSplits, cutByContent, evenLimits } from "./cut-by-content.js";
import type { Cuttable } from "./cut-by-content.js";
import { countTokens } from "./token-count.js";

/** Where a sentence is cut, its next part begins with the last words of the one before, up to so many tokens. */
const OVERLAP_TOKENS = 16;

const SENTENCES = new Intl.Segmenter(undefined, { granularity: "sentence" });
const WORDS = new Intl.Segmenter(undefined, { granularity: "word" });

/** At the ends of sentences, and inside of one only when it alone is too long. */
export function splitText(text: string, max: number): readonly string[] {
  const sentences = sentencesOf(text).map(toCuttable);
  const split = sentences.map((sentence) => (sentence.size <= max ? [sentence] : splitSentence(sentence.text, max)));
  return cutAroundSplits(split, evenLimits(max))
    .map((part) => joined(part).trim())
    .filter((part) => part !== "");
}

/** The segmenter takes time that grows with the square of a text: it is given a stretch at a time. */
const STRETCH = 2_000;

function sentencesOf(text: string): readonly string[] {
  const sentences: string[] = [];
  let position = 0;
  let length = STRETCH;
  while (position < text.length) {
    const found = segmentsOf(SENTENCES, text.slice(position, position + length));
    const isEnd = position + length >= text.length;
    // The last one may go on behind the stretch.
    const whole = isEnd || (found.length === 1 && length >= 16 * STRETCH) ? found : found.slice(0, -1);
    for (const sentence of whole) {
      sentences.push(sentence);
      position += sentence.length;
    }
    length = whole.length === 0 ? length * 2 : STRETCH;
  }
  return sentences;
}

function segmentsOf(segmenter: Intl.Segmenter, text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function splitSentence(sentence: string, max: number): readonly Cuttable[] {
  const overlap = Math.min(OVERLAP_TOKENS, Math.floor(max / 8));
  const parts = cutByContent(toWords(sentence, max - overlap).map(toCuttable), evenLimits(max - overlap));
  return parts.map((part, index) => {
    const before = index === 0 ? "" : joined(lastWords(parts[index - 1] ?? [], overlap));
    return toCuttable(before + joined(part));
  });
}

/** Between words and nowhere else, without overlap: for lines of code. */
export function splitLine(line: string, max: number): readonly string[] {
  return cutByContent(toWords(line, max).map(toCuttable), evenLimits(max)).map(joined);
}

function lastWords(words: readonly Cuttable[], max: number): readonly Cuttable[] {
  let room = max;
  const first = words.findLastIndex(({ size }) => (room -= size) < 0);
  return words.slice(first + 1);
}

const LONG_WORD = 40;

/** With the white space behind each. Scripts that write words together are cut by a dictionary. */
function toWords(text: string, max: number): readonly string[] {
  return text.split(/(?<=\s)(?=\S)/u).flatMap((word) => {
    if (word.length <= LONG_WORD && countTokens(word) <= max) return [word];
    return toSlices(word, STRETCH)
      .flatMap((stretch) => segmentsOf(WORDS, stretch))
      .flatMap((segment) => (countTokens(segment) <= max ? [segment] : toSlices(segment, max)));
  });
}

/** A character has at most four bytes, and so at most four tokens. */
function toSlices(text: string, maxTokens: number): readonly string[] {
  return text.match(new RegExp(`.{1,${Math.max(1, Math.floor(maxTokens / 4))}}`, "gsu")) ?? [];
}

function toCuttable(text: string): Cuttable {
  return { text, size: countTokens(text) };
}

function joined(pieces: readonly Cuttable[]): string {
  return pieces.map(({ text }) => text).join("");
}
