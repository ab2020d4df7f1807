import type { RetrievalRun } from "../../../src/answering/evaluation/evaluate-retrieval.js";
import { SCORES } from "../../../src/answering/evaluation/evaluate-retrieval.js";
import { FIGURE_NAMES } from "../../../src/answering/evaluation/figures.js";
import type { RetrievalRecord } from "../../../src/answering/evaluation/question-records.js";
import { breakdownTables, documentsText, figuresTable, figureText } from "./figure-text.js";
import { html, type Html } from "./html.js";
import { plotFigure, questionList, reportPage, section, type ListedQuestion, type ReportHead } from "./page.js";
import { barPlot } from "./plots.js";

const LISTED = 30;
const DEPTH = 10;

/** The report on retrieval: how well the documents are found, and for which questions they are not. */
export function retrievalReportPage({ figures, questions }: RetrievalRun, head: ReportHead): string {
  const missed = questions
    .map((record) => ({ record, missing: missingOf(record) }))
    .filter(({ missing }) => missing.length > 0)
    .sort((one, other) => SCORES["ndcg@10"](one.record) - SCORES["ndcg@10"](other.record));
  const groups = breakdownTables(figures.by, ["queries", ...Object.keys(SCORES)]);
  const shown = missed.slice(0, LISTED);
  return reportPage("Evaluation of retrieval", head, [
    section(
      "Figures",
      figuresTable(figures, FIGURE_NAMES.retrieval),
      html`<div class="plots">${places(questions)}</div>`,
    ),
    ...(groups.length === 0 ? [] : [section("Breakdown", ...groups)]),
    section(
      "Missed documents",
      html`<p>
        ${missed.length} of ${questions.length} questions have a relevant document that is not among the first
        ${DEPTH}${missed.length > shown.length ? `; these are the ${shown.length} worst` : ""}.
      </p>`,
      questionList(
        shown.map(({ record, missing }) => listed(record, missing)),
        "None was missed.",
      ),
    ),
  ]);
}

function missingOf({ ranked, grades }: RetrievalRecord): readonly string[] {
  const first = new Set(ranked.slice(0, DEPTH));
  return Object.entries(grades).flatMap(([document, grade]) => (grade >= 1 && !first.has(document) ? document : []));
}

function listed(record: RetrievalRecord, missing: readonly string[]): ListedQuestion {
  const { id, question, asked, ranked } = record;
  const places = missing.map((document) => {
    const index = ranked.indexOf(document);
    return index === -1 ? `${document} (not found)` : `${document} (place ${index + 1})`;
  });
  return {
    id,
    question,
    facts: [
      ...(asked === question ? [] : [["Asked as", asked] as const]),
      ["nDCG@10", figureText(SCORES["ndcg@10"](record))],
      ["Missed", places.join(", ")],
      ["Found first", documentsText(ranked.slice(0, 3))],
    ],
  };
}

const PLACES = [
  { label: "1", from: 1, to: 1 },
  { label: "2", from: 2, to: 2 },
  { label: "3", from: 3, to: 3 },
  { label: "4–5", from: 4, to: 5 },
  { label: "6–10", from: 6, to: 10 },
  { label: "later", from: 11, to: Number.POSITIVE_INFINITY },
] as const;

function places(questions: readonly RetrievalRecord[]): Html {
  const found = questions.map(({ ranked, grades }) => ranked.findIndex((document) => (grades[document] ?? 0) >= 1) + 1);
  const bars = PLACES.map(({ label, from, to }) => {
    const count = found.filter((place) => place >= from && place <= to).length;
    return from > DEPTH ? { label, right: 0, wrong: count } : { label, right: count, wrong: 0 };
  });
  const never = { label: "never", right: 0, wrong: found.filter((place) => place === 0).length };
  const all = [...bars, never];
  const plot = barPlot(
    {
      id: "places",
      title: "Place of the first relevant document",
      description: `At how many questions the first relevant document stood where: within the first ${DEPTH} filled, later or never hatched.`,
      xLabel: "place",
      yLabel: "questions",
    },
    all,
  );
  return plotFigure("Place of the first relevant document", plot, {
    caption: "Questions by place",
    columns: ["Place", "Questions"],
    rows: all.map(({ label, right, wrong }) => [label, String(right + wrong)]),
  });
}
