import fc from "fast-check";
import { expect, it } from "vitest";
import { WordTable } from "../../../src/text/word-table.js";

const word = fc.string({ unit: fc.constantFrom("a", "b", "é", "7"), minLength: 1, maxLength: 6 });

it("knows its words, and no other, wherever they stand in a text", () => {
  fc.assert(
    fc.property(fc.uniqueArray(word), fc.array(word), (words, others) => {
      const table = new WordTable(words);
      for (const each of [...words, ...others]) {
        expect(table.placeOf(`a${each}b`, 1, each.length + 1)).toBe(words.indexOf(each));
      }
    }),
  );
});
