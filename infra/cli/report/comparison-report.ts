import type {
  ChangedQuestion,
  FigureDifference,
  QuestionOutcome,
  RunComparison,
} from "../../../src/answering/evaluation/compare-runs.js";
import { documentsText, figureText, intervalText } from "./figure-text.js";
import { html, type Html } from "./html.js";
import {
  figureTable,
  plotFigure,
  questionList,
  reportPage,
  section,
  type ListedQuestion,
  type ReportHead,
} from "./page.js";
import { differencePlot } from "./plots.js";

/** The report on two runs over the same questions. */
export function comparisonReportPage(comparison: RunComparison, head: ReportHead): string {
  const { kind, questions, figures, changed } = comparison;
  const warning = fittedText(comparison);
  return reportPage(`Comparison of two runs: ${kind}`, head, [
    ...(warning === null ? [] : [section("Not a fair comparison", html`<p>${warning}</p>`)]),
    section(
      "Differences",
      html`<p>
        ${questions} questions. A difference is the second run minus the first; its interval holds 95 % of 1,000
        resamples of the questions, the same ones for both runs. A figure is called better or worse only when the whole
        interval is on that side.
      </p>`,
      figureTable({ caption: "Every figure of both runs", columns: COLUMNS, rows: differenceRows(figures) }),
      html`<div class="plots">${differences(figures)}</div>`,
    ),
    section("Changed most", questionList(changed.map(listed), "No question changed.")),
  ]);
}

/** Null when neither run was fitted to what it is measured on. */
export function fittedText({ fitted_to_these: fitted }: RunComparison): string | null {
  if (fitted.length === 0) return null;
  const which = fitted.length === 2 ? "Both runs are" : `The run ${fitted.join()} is`;
  return `${which} of settings that were fitted to these very questions: what looks better here need not be. Compare on others.`;
}

const COLUMNS = ["Figure", "Before", "After", "Difference", "Interval", "Verdict"];

/** The rows of the table of differences, for the page and for the terminal. */
export function differenceRows(figures: RunComparison["figures"]): readonly (readonly string[])[] {
  return Object.entries(figures).map(([name, figure]) => [
    name,
    figureText(figure.before),
    figureText(figure.after),
    figureText(figure.difference),
    intervalText(figure.interval),
    figure.verdict,
  ]);
}

function differences(figures: RunComparison["figures"]): Html | string {
  const shares = Object.entries(figures).flatMap(([label, { unit, difference, interval }]) =>
    unit !== "share" || difference === null || interval === null
      ? []
      : [{ label, low: interval[0], middle: difference, high: interval[1] }],
  );
  if (shares.length === 0) return "";
  const plot = differencePlot(
    {
      id: "differences",
      title: "Differences with their intervals",
      description:
        "Each figure's difference between the runs, with its interval, about a dashed line at no difference.",
      xLabel: "second run minus first",
      yLabel: "",
    },
    shares,
  );
  return plotFigure("Differences with their intervals", plot, {
    caption: "Differences of shares",
    columns: ["Figure", "Difference", "Better", "Interval"],
    rows: shares.map(({ label, low, middle, high }) => [
      label,
      figureText(middle),
      betterText(figures[label]),
      intervalText([low, high]),
    ]),
  });
}

function betterText(figure: FigureDifference | undefined): string {
  return figure?.better ?? "–";
}

function listed({ id, question, before, after }: ChangedQuestion): ListedQuestion {
  return {
    id,
    question,
    facts: [
      ["Before", outcomeText(before)],
      ["After", outcomeText(after)],
    ],
  };
}

function outcomeText({ isRight, score, decision, documents }: QuestionOutcome): string {
  const judged = `${isRight ? "right" : "wrong"}, ${figureText(score)}`;
  return `${decision === null ? judged : `${judged}, ${decision}`}; ${documentsText(documents)}`;
}
