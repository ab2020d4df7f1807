import { expect, it } from "vitest";
import { longestStretch } from "../../support/longest-stretch.js";
import { englishTextVectors } from "../../../infra/models/local/word-vectors/english.js";
import { isKnown } from "../../../src/learning/question-meanings.js";
import { compareCases, regroup, type GroupedCase } from "../../../src/learning/regroup.js";
import { NO_TEXT_VECTORS } from "../../../src/text/word-vectors.js";

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
  await expect(regroup(CASES, [], englishTextVectors)).resolves.toEqual([[1], [0, 2]]);
  await expect(regroup([...CASES].reverse(), [], englishTextVectors)).resolves.toEqual([[1], [0, 2]]);
});

it("never joins two that people have had a hand in, and keeps what is in one together", async () => {
  const decided = (place: number, candidateId: string) => ({ ...CASES[place]!, candidateId, isUntouched: false });
  await expect(regroup([decided(0, "a"), decided(2, "b")], [], englishTextVectors)).resolves.toHaveLength(2);
  await expect(regroup([decided(0, "a"), decided(1, "a")], [], englishTextVectors)).resolves.toEqual([[0, 1]]);
});

it("is empty without cases", async () => {
  await expect(regroup([], [], englishTextVectors)).resolves.toEqual([]);
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
    const stretch = await longestStretch(() => regroup(cases, background, englishTextVectors));
    expect(stretch).toBeLessThan(100);
  },
);

const OTHER_QUESTIONS = [
  "Where is my invoice for May?",
  "The printer does not print in colour.",
  "How many people fit in the meeting room?",
  "Which browsers are supported?",
];

it("parts two things that are said in the same words, where what they mean tells them apart", async () => {
  const deleted = [
    "How do I delete my account for good?",
    "Please delete my whole account.",
    "Can my account be removed forever?",
    "I want my account erased.",
  ].map((question) => fresh(question, "Write to the support of your account, and name the account."));
  const inherited = [
    "My father died, what happens to his account?",
    "What becomes of an account after its owner is dead?",
    "Who gets an account when a person dies?",
    "Account of somebody deceased: what happens to it?",
  ].map((question) => fresh(question, "Write to the support of the account, and send the certificate."));
  const cases = [...deleted, ...inherited];
  await expect(regroup(cases, OTHER_QUESTIONS, NO_TEXT_VECTORS)).resolves.toHaveLength(1);
  await expect(regroup(cases, OTHER_QUESTIONS, englishTextVectors)).resolves.toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
  ]);
});

it("knows nothing of what is meant in another language", async () => {
  const german = fresh("Wie exportiere ich mein Archiv, und wo finde ich es?", "Öffnen Sie bitte die Einstellungen.");
  const { meanings } = await compareCases([german, CASES[0]!], [], englishTextVectors);
  expect(meanings.map(isKnown)).toEqual([false, true]);
});
