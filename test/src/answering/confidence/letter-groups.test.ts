import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { letterGroups, likeness, normalise } from "../../../../src/answering/confidence/letter-groups.js";

/** The Dice coefficient as it is defined, over bags of three letters. */
function diceOf(one: string, other: string): number {
  const [left, right] = [bagOf(one), bagOf(other)];
  const total = left.length + right.length;
  if (total === 0) return 0;
  let shared = 0;
  for (const group of right) {
    const at = left.indexOf(group);
    if (at === -1) continue;
    shared += 1;
    left.splice(at, 1);
  }
  return (2 * shared) / total;
}

function bagOf(normalised: string): string[] {
  return Array.from({ length: normalised.length }, (_, at) => ` ${normalised} `.slice(at, at + 3));
}

describe("the likeness of two texts in letters", () => {
  it("is the Dice coefficient of their groups of three, whatever they are and as often as it is asked", () => {
    const text = fc.oneof(fc.string({ unit: "grapheme", maxLength: 400 }), fc.stringMatching(/^[ab ]{0,60}$/u));
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), (question, lines) => {
        const asked = normalise(question);
        const groups = letterGroups(asked);
        for (const line of lines.map(normalise)) expect(likeness(groups, line)).toBe(diceOf(asked, line));
      }),
    );
  });
});
