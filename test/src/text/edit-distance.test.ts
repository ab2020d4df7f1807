import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance } from "../../../src/text/edit-distance.js";

describe("the edit distance", () => {
  it.each([
    ["password", "password", 0],
    ["pasword", "password", 1],
    ["passwrod", "password", 1],
    ["invoise", "invoice", 1],
    ["settngs", "setting", 2],
    ["abc", "xyz", 3],
  ])("from %s to %s is %i, up to the limit", (one, other, distance) => {
    expect(editDistance(one, other, 2)).toBe(Math.min(distance, 3));
  });

  it("is the same both ways", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (one, other) => {
        expect(editDistance(one, other, 3)).toBe(editDistance(other, one, 3));
      }),
    );
  });
});
