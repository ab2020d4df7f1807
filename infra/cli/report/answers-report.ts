import type { AnswersRun } from "../../../src/answering/evaluation/evaluate-answers.js";
import { isGiven } from "../../../src/answering/evaluation/evaluate-answers.js";
import { FIGURE_NAMES } from "../../../src/answering/evaluation/figures.js";
import { calibrationBins, riskSteps } from "../../../src/answering/evaluation/metrics.js";
import type { AnswerRecord } from "../../../src/answering/evaluation/question-records.js";
import { breakdownTables, documentsText, figuresTable, figureText, percentText } from "./figure-text.js";
import { html, type Html } from "./html.js";
import { plotFigure, questionList, reportPage, section, type ListedQuestion, type ReportHead } from "./page.js";
import { barPlot, curvePlot } from "./plots.js";

const LISTED = 10;
const BREAKDOWN = ["queries", "right", "answered", "answered_right", "auroc", "aurc", "coverage@risk10", "ece"];
const TEXT_SHOWN = 600;

/** The report on answers: how good they are, how true the confidence is, and where it misleads. */
export function answersReportPage({ figures, questions }: AnswersRun, head: ReportHead): string {
  const wrong = questions.filter(({ isRight }) => !isRight).toSorted((one, other) => other.confidence - one.confidence);
  const right = questions.filter(({ isRight }) => isRight).toSorted((one, other) => one.confidence - other.confidence);
  const groups = breakdownTables(figures.by, BREAKDOWN);
  return reportPage("Evaluation of answers", head, [
    section(
      "Figures",
      html`<p>
        An answer is right when the first document it cites is relevant. Every question's candidate answer counts, also
        when it would have gone to a person.
      </p>`,
      figuresTable(figures, FIGURE_NAMES.answers),
    ),
    section(
      "The confidence",
      html`<div class="plots">${riskCoverage(questions)}${reliability(questions)}${histogram(questions)}</div>`,
    ),
    ...(groups.length === 0 ? [] : [section("Breakdown", ...groups)]),
    section("Confident and wrong", questionList(wrong.slice(0, LISTED).map(listed), "No answer was wrong.")),
    section("Unsure and right", questionList(right.slice(0, LISTED).map(listed), "No answer was right.")),
  ]);
}

function listed(record: AnswerRecord): ListedQuestion {
  const { id, question, confidence, cited, grades, answerable, text } = record;
  const relevant = Object.keys(grades).filter((document) => (grades[document] ?? 0) >= 1);
  return {
    id,
    question,
    facts: [
      ["Confidence", figureText(confidence)],
      ["Outcome", isGiven(record) ? "answered" : "handed over"],
      ["Cited", documentsText(cited)],
      ["Relevant", answerable ? documentsText(relevant) : "none: not answerable"],
      ["Answer", text === "" ? "none" : text.length > TEXT_SHOWN ? `${text.slice(0, TEXT_SHOWN)}…` : text],
    ],
  };
}

function riskCoverage(questions: readonly AnswerRecord[]): Html {
  const points = riskSteps(questions).map(({ answered, wrong }) => ({
    x: answered / questions.length,
    y: wrong / answered,
  }));
  const last = points.at(-1)?.y ?? 0;
  const plot = curvePlot(
    {
      id: "risk",
      title: "Risk and coverage",
      description: `The share of wrong answers when only the most confident questions are answered. With all of them answered it is ${percentText(last)}.`,
      xLabel: "answered, of all questions",
      yLabel: "wrong, of the answered",
    },
    points,
    { areDotsDrawn: points.length < 3, isDiagonalDrawn: false },
  );
  const rows = Array.from({ length: 10 }, (_, tenth) => points.find(({ x }) => x >= (tenth + 1) / 10 - 1e-9)).map(
    (point) => (point === undefined ? ["–", "–"] : [percentText(point.x), percentText(point.y)]),
  );
  return plotFigure("Wrong answers by coverage", plot, {
    caption: "At each tenth",
    columns: ["Answered", "Wrong"],
    rows,
  });
}

function bins(questions: readonly AnswerRecord[]) {
  return calibrationBins(questions).map((bin, index) => ({
    ...bin,
    label: `${index * 10} – ${index * 10 + 10} %`,
    index,
  }));
}

function reliability(questions: readonly AnswerRecord[]): Html {
  const filled = bins(questions).filter(({ count }) => count > 0);
  const plot = curvePlot(
    {
      id: "reliability",
      title: "Reliability",
      description:
        "The real share of right answers at each stated confidence. On the dashed line the two are equal; below it, the confidence promises too much.",
      xLabel: "stated confidence",
      yLabel: "really right",
    },
    filled.map(({ confidence, right, count }) => ({ x: confidence / count, y: right / count })),
    { areDotsDrawn: true, isDiagonalDrawn: true },
  );
  return plotFigure("Stated and real chance of being right", plot, {
    caption: "Stated and real, by tenths of confidence",
    columns: ["Confidence", "Questions", "Stated", "Really right"],
    rows: filled.map(({ label, count, confidence, right }) => [
      label,
      String(count),
      percentText(confidence / count),
      percentText(right / count),
    ]),
  });
}

function histogram(questions: readonly AnswerRecord[]): Html {
  const all = bins(questions);
  const plot = barPlot(
    {
      id: "histogram",
      title: "Confidence of right and wrong answers",
      description: "How many questions had which confidence: right answers filled, wrong ones hatched above them.",
      xLabel: "confidence, lower end in %",
      yLabel: "questions",
    },
    all.map(({ index, right, count }) => ({ label: String(index * 10), right, wrong: count - right })),
  );
  return plotFigure("Confidence of right (filled) and wrong (hatched) answers", plot, {
    caption: "Right and wrong, by tenths of confidence",
    columns: ["Confidence", "Right", "Wrong"],
    rows: all.map(({ label, right, count }) => [label, String(right), String(count - right)]),
  });
}
