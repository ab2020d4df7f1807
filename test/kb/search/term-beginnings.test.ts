import fc from "fast-check";
import { expect, it } from "vitest";
import { TermBeginnings } from "../../../kb/search/term-beginnings.js";
import { stemWord } from "../../../src/text/stem.js";
import { STOP_WORDS, type Language } from "../../../src/text/stop-words.js";

const LANGUAGES = Object.keys(STOP_WORDS) as readonly Language[];

function mayBeStemmed(terms: readonly string[], word: string): boolean {
  return new TermBeginnings(terms).mayBeStemmed(`a ${word} b`, 2, 2 + word.length);
}

it("turns no word away from its own stem, in any language", () => {
  const words = fc.string({
    unit: fc.constantFrom(...Array.from("abcdefghilmnopqrstuvyzäéñßç")),
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(words, fc.constantFrom(...LANGUAGES), (word, language) => {
      const stem = stemWord(word, language);
      // No word of a language, and stemmers take doubled letters for an ending.
      fc.pre(stem !== "" && word[0] !== word[1]);
      expect(mayBeStemmed([stem], word), `${word} -> ${stem}`).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

it.each([
  ["english", "flies"],
  ["english", "dying"],
  ["english", "skis"],
  ["english", "early"],
  ["german", "maße"],
  ["german", "häuser"],
  ["french", "yeux"],
  ["spanish", "guías"],
] as const)("knows the %s word %s by its stem", (language, word) => {
  expect(mayBeStemmed([stemWord(word, language)], word)).toBe(true);
});

it("turns away what begins otherwise", () => {
  expect(mayBeStemmed(["password", "log"], "invoice")).toBe(false);
  expect(mayBeStemmed(["password", "log"], "patience")).toBe(false);
  expect(mayBeStemmed(["password", "log"], "pa")).toBe(false);
  expect(mayBeStemmed(["password", "log"], "logging")).toBe(true);
  expect(mayBeStemmed([], "password")).toBe(false);
});
