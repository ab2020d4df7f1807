import fc from "fast-check";
import { expect, it } from "vitest";
import { NO_ID, WordIds } from "../../../src/text/word-ids.js";

const word = fc.string({ unit: fc.constantFrom("a", "b", "é", "7"), minLength: 1, maxLength: 6 });

it("numbers words in the order that they come, wherever they stand in a text", () => {
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 200 }), fc.array(word), (words, others) => {
      const ids = new WordIds();
      for (const [id, each] of words.entries()) expect(ids.add(`a${each}b`, 1, each.length + 1)).toBe(id);
      for (const each of [...words, ...others]) {
        const known = words.indexOf(each);
        expect(ids.find(`b${each}a`, 1, each.length + 1)).toBe(known === -1 ? NO_ID : known);
      }
      expect(ids.size).toBe(words.length);
    }),
  );
});
