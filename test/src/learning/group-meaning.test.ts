import { expect, it } from "vitest";
import { addMeanings, areNearInMeaning, meaningOf } from "../../../src/learning/group-meaning.js";
import { toLengthOne } from "../../../src/text/word-vectors.js";

/** Questions that have their topic in common, and something of their own each. */
function questions(topic: number, count: number): readonly Float32Array[] {
  return Array.from({ length: count }, (_, place) => {
    const vector = new Float32Array(16);
    vector[topic] = 1;
    vector[4 + topic * 4 + place] = 0.6;
    return toLengthOne(vector);
  });
}

it("halves of one thing are near each other, two things are not", () => {
  const [one, other] = [questions(0, 4), questions(1, 4)];
  const near = (left: readonly Float32Array[], right: readonly Float32Array[]) =>
    areNearInMeaning(meaningOf(left), meaningOf(right), 0.7);
  expect(near([...one, ...one.slice(0, 2)], one)).toBe(true);
  expect(near(one, other)).toBe(false);
});

it("too few questions, and questions of which nothing is known, do not keep groups apart", () => {
  const unknown = Array.from({ length: 4 }, () => new Float32Array(16));
  const three = meaningOf(questions(0, 3));
  expect(areNearInMeaning(three, meaningOf(questions(1, 2)), 0.7)).toBe(true);
  expect(areNearInMeaning(three, meaningOf(unknown), 0.7)).toBe(true);
  expect(areNearInMeaning(three, meaningOf([...unknown, ...questions(1, 2)]), 0.7)).toBe(true);
});

it("the meaning of a group does not depend on how it came together", () => {
  const [first, second, third] = questions(0, 3).map((question) => meaningOf([question]));
  expect(addMeanings(addMeanings(first!, second!), third!)).toEqual(meaningOf(questions(0, 3)));
});
