import { expect, it } from "vitest";
import { TermBeginnings } from "../../../kb/search/term-beginnings.js";
import { stemWord } from "../../../src/text/stem.js";
import { STOP_WORDS, type Language } from "../../../src/text/stop-words.js";

const LANGUAGES = Object.keys(STOP_WORDS) as readonly Language[];

function mayBeStemmed(terms: readonly string[], word: string): boolean {
  return new TermBeginnings(terms).mayBeStemmed(`a ${word} b`, 2, 2 + word.length);
}

it.each(LANGUAGES)("turns no word of %s away from its own stem", (language) => {
  const turnedAway = [...STOP_WORDS[language]].filter((word) => !mayBeStemmed([stemWord(word, language)], word));
  expect(turnedAway).toEqual([]);
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
