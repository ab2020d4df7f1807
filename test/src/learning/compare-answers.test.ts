import { expect, it } from "vitest";
import { compareAnswers } from "../../../src/learning/compare-answers.js";

const FINE = { id: "1", question: "Q?", answerable: true, isRight: true, decision: "answer", cited: ["a"] } as const;
const OPEN = { ...FINE, id: "2", answerable: false, isRight: false, decision: "hand-off", cited: [] } as const;

it("names what was right and would not be any more", () => {
  const after = [
    { ...FINE, isRight: false, cited: ["new"] },
    { ...OPEN, decision: "answer", cited: ["b"] },
  ] as const;
  expect(compareAnswers([FINE, OPEN], after, "new")).toEqual({
    kind: "checked",
    questions: 2,
    better: 0,
    worse: [
      { question: "Q?", before: "answered from a", after: "answered from this" },
      { question: "Q?", before: "handed to a person", after: "answered from b" },
    ],
  });
});

it("counts what becomes right, and leaves what is wrong both times", () => {
  const wrong = { ...FINE, isRight: false } as const;
  expect(compareAnswers([wrong, { ...wrong, id: "2" }], [FINE, { ...wrong, id: "2" }], "new")).toEqual({
    kind: "checked",
    questions: 2,
    better: 1,
    worse: [],
  });
});
