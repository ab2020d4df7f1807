import fc from "fast-check";
import { expect, it } from "vitest";
import { eachWrittenWord, writtenWords } from "../../../src/text/tokens.js";

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
      const normalised = pieces.join("").normalize("NFKC");
      const words: string[] = [];
      eachWrittenWord(normalised, (start, end) => words.push(normalised.slice(start, end)));
      expect(words).toEqual(writtenWords(normalised));
    }),
    { numRuns: 500 },
  );
});
