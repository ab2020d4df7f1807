import { expect, it } from "vitest";
import { regroup, type GroupedCase } from "../../../src/learning/regroup.js";

const EXPORT = "Open Settings, choose Backup, and press Export archive.";
const BADGE = "Lost badges are replaced at the front desk of the main building.";

function fresh(question: string, answer: string): GroupedCase {
  return { question, answer, candidateId: null, isUntouched: true };
}

const CASES = [
  fresh("How do I export my archive?", EXPORT),
  fresh("I have lost my badge.", BADGE),
  fresh("Where is the export of an archive?", EXPORT),
];

it("puts together what is about the same, whatever the order", () => {
  expect(regroup(CASES, [])).toEqual([[1], [0, 2]]);
  expect(regroup([...CASES].reverse(), [])).toEqual([[1], [0, 2]]);
});

it("never joins two that people have had a hand in, and keeps what is in one together", () => {
  const decided = (place: number, candidateId: string) => ({ ...CASES[place]!, candidateId, isUntouched: false });
  expect(regroup([decided(0, "a"), decided(2, "b")], [])).toHaveLength(2);
  expect(regroup([decided(0, "a"), decided(1, "a")], [])).toEqual([[0, 1]]);
});

it("is empty without cases", () => {
  expect(regroup([], [])).toEqual([]);
});
