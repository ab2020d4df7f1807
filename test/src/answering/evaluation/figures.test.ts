import { expect, it } from "vitest";
import { answersReport } from "../../../../src/answering/evaluation/evaluate-answers.js";
import { retrievalReport } from "../../../../src/answering/evaluation/evaluate-retrieval.js";
import { ANSWER_FIGURES, FIGURE_NAMES, RETRIEVAL_FIGURES } from "../../../../src/answering/evaluation/figures.js";
import { randomAnswers, retrievalRecord } from "../../../infra/cli/evaluation-runs.js";

function singleNumbers(report: object): readonly string[] {
  return Object.keys(report).filter((name) => !["intervals", "by"].includes(name));
}

it("the figures that can be limited are those that a report has", () => {
  expect([...FIGURE_NAMES.answers].sort()).toEqual([...singleNumbers(answersReport([]))].sort());
  expect([...FIGURE_NAMES.retrieval].sort()).toEqual([...singleNumbers(retrievalReport([], 0))].sort());
});

it("a figure that is compared is the one of the report", () => {
  const answers = randomAnswers(50);
  const found = Array.from({ length: 9 }, (_, index) => retrievalRecord(index, { ms: index }));
  const fromAnswers = Object.entries(ANSWER_FIGURES).map(([name, { of }]) => [name, of(answers)]);
  const fromSearches = Object.entries(RETRIEVAL_FIGURES).map(([name, { of }]) => [name, of(found)]);
  expect(answersReport(answers)).toMatchObject(Object.fromEntries(fromAnswers));
  expect(retrievalReport(found, 0)).toMatchObject(Object.fromEntries(fromSearches));
});
