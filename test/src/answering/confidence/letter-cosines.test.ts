import { describe, expect, it } from "vitest";
import { letterCosines } from "../../../../src/answering/confidence/letter-cosines.js";

describe("the cosines of texts in letters", () => {
  it("are 1 to itself, 0 to what shares no group, and the same both ways", () => {
    const cosinesOf = letterCosines(["block my card", "block the card", "zzz qqq"]);
    const [own, near, far] = cosinesOf(0);

    expect(own).toBeCloseTo(1, 10);
    expect(near).toBeGreaterThan(0.3);
    expect(near).toBeLessThan(1);
    expect(far).toBe(0);
    expect(cosinesOf(1)[0]).toBeCloseTo(near ?? 0, 10);
  });

  it("count a group for less the more of the texts hold it", () => {
    const others = ["how do i pay", "how do i leave", "how do i vote"];
    const [, alone] = letterCosines(["how do i block", "how do i freeze"])(0);
    const [, among] = letterCosines(["how do i block", "how do i freeze", ...others])(0);

    expect(among).toBeLessThan(alone ?? 0);
  });

  it("know texts without letters", () => {
    expect([...letterCosines(["", "card"])(0)]).toEqual([0, 0]);
  });
});
