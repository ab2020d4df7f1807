import fc from "fast-check";
import { expect, it } from "vitest";
import { eachWrittenWord, inOneForm, writtenWords } from "../../../src/text/tokens.js";

const piece = fc.constantFrom(
  "a",
  "B7",
  "wi",
  "fi",
  ".",
  "-",
  "'",
  "’",
  " ",
  "\n",
  "/",
  "@",
  "&",
  "_",
  "!",
  "é",
  "漢",
  "ﬁ",
  "😀",
  "e\u0301",
);

it("visits the words that are written, in texts of all kinds", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = inOneForm(pieces.join(""));
      const words: string[] = [];
      eachWrittenWord(text, (start, end) => words.push(text.slice(start, end)) > 0);
      expect(words).toEqual(writtenWords(pieces.join("")));
    }),
    { numRuns: 500 },
  );
});

it("stops when it is told to", () => {
  const words: string[] = [];
  eachWrittenWord("one two three", (start, end) => words.push("one two three".slice(start, end)) < 2);
  expect(words).toEqual(["one", "two"]);
});
