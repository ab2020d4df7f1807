import { expect, it } from "vitest";
import { longestStretch } from "../../support/longest-stretch.js";
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

it("puts together what is about the same, whatever the order", async () => {
  await expect(regroup(CASES, [])).resolves.toEqual([[1], [0, 2]]);
  await expect(regroup([...CASES].reverse(), [])).resolves.toEqual([[1], [0, 2]]);
});

it("never joins two that people have had a hand in, and keeps what is in one together", async () => {
  const decided = (place: number, candidateId: string) => ({ ...CASES[place]!, candidateId, isUntouched: false });
  await expect(regroup([decided(0, "a"), decided(2, "b")], [])).resolves.toHaveLength(2);
  await expect(regroup([decided(0, "a"), decided(1, "a")], [])).resolves.toEqual([[0, 1]]);
});

it("is empty without cases", async () => {
  await expect(regroup([], [])).resolves.toEqual([]);
});

it(
  "holds nothing else up for more than a tenth of a second, with as many cases as are compared",
  { timeout: 60_000 },
  async () => {
    const words = [
      "archive",
      "badge",
      "export",
      "invoice",
      "printer",
      "token",
      "backup",
      "notebook",
      "refund",
      "license",
    ];
    const pick = (seed: number) => words[(seed * 7_919) % words.length] ?? "";
    const cases = Array.from({ length: 400 }, (_, place) => {
      const topic = `${pick(place)} ${pick(place + 3)} ${pick(Math.floor(place / 10))}`;
      const steps = Array.from(
        { length: 12 },
        (_step, step) => `Open page ${step} of the ${pick(place + step)} settings.`,
      );
      return fresh(`How do I change the ${topic} number ${place}?`, `For the ${topic}: ${steps.join(" ")}`);
    });
    const background = cases.slice(0, 300).map(({ question }) => `${question} Please help me with it.`);
    const stretch = await longestStretch(() => regroup(cases, background));
    expect(stretch).toBeLessThan(100);
  },
);
