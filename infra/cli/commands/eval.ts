import { resolve } from "node:path";
import type { Command } from "commander";
import type { EvaluationRun } from "../../../src/answering/evaluation/evaluation-run.js";
import { questionsMark } from "../../../src/answering/evaluation/questions-mark.js";
import { checkLimits, type FigureLimit } from "../../../src/answering/evaluation/figure-limits.js";
import { runFile } from "../../../src/answering/evaluation/saved-run.js";
import type { Settings } from "../../config/settings.js";
import type { CommandContext } from "../command-context.js";
import { limitOption } from "../figure-options.js";
import { printFigures } from "../figures.js";
import { checkWritable, writeResult } from "../result-file.js";
import type { Evaluate } from "../program-dependencies.js";
import { createProgress } from "../progress.js";
import { settingsText } from "../report/settings-text.js";
import type { ReportHead } from "../report/page.js";
import { answersReportPage } from "../report/answers-report.js";
import { retrievalReportPage } from "../report/retrieval-report.js";
import { wholeNumber } from "../whole-number.js";
import { addCompareCommand } from "./eval-compare.js";

interface EvalOptions {
  readonly distractors?: string;
  readonly queries?: string;
  readonly qrels?: string;
  readonly typos?: number;
  readonly report?: string;
  readonly save?: string;
  readonly min?: readonly FigureLimit[];
  readonly max?: readonly FigureLimit[];
  readonly json?: boolean;
}

const FORMAT = `
DIR holds corpus.jsonl {"id","title","text"}, queries.jsonl {"id","text","answerable"} and qrels.tsv
(query id, document id and grade, parted by tabs). Nothing is written to your own knowledge base.
`;

interface EvaluationCommand<Run extends EvaluationRun> {
  readonly kind: Run["kind"];
  readonly description: string;
  readonly example: string;
  readonly evaluate: Evaluate<Run>;
  readonly page: (run: Run, head: ReportHead) => string;
}

export function addEvalCommands(program: Command, context: CommandContext): void {
  const evaluation = program.command("eval").description("Measures search and answers on labelled questions.");
  const retrieval = addEvaluation(evaluation, context, {
    kind: "retrieval",
    description: "How well the right document is found: nDCG, recall, MRR, success.",
    example: "deskhand eval retrieval ./labelled --min ndcg@10=0.7",
    evaluate: context.deps.evaluateRetrieval,
    page: retrievalReportPage,
  });
  retrieval.option("--typos <SEED>", "ask every question with one typing mistake, the same for a seed", wholeNumber);
  addEvaluation(evaluation, context, {
    kind: "answers",
    description: "How often the answer is right, and how well the confidence knows it.",
    example: "deskhand eval answers ./labelled --report answers.html --save answers.json",
    evaluate: context.deps.evaluateAnswers,
    page: answersReportPage,
  });
  addCompareCommand(evaluation, context);
}

function addEvaluation<Run extends EvaluationRun>(
  parent: Command,
  { deps, terminal, loadConfig }: CommandContext,
  { kind, description, example, evaluate, page }: EvaluationCommand<Run>,
): Command {
  return parent
    .command(`${kind} <DIR>`)
    .description(description)
    .option("--distractors <DIR>", "further documents without labels")
    .option("--queries <FILE>", "other questions than DIR/queries.jsonl")
    .option("--qrels <FILE>", "other grades than DIR/qrels.tsv")
    .option("--report <FILE>", "write a page (HTML) with plots, breakdown and the worst questions")
    .option("--save <FILE>", "write the run with every question (JSON), for `eval compare`")
    .option("--min <FIGURE=VALUE>", "fail when the figure is lower; may be given again", limitOption(kind, "min"))
    .option("--max <FIGURE=VALUE>", "fail when the figure is higher; may be given again", limitOption(kind, "max"))
    .option("--json", "print only the JSON object")
    .addHelpText("after", `${FORMAT}\nExamples:\n  $ deskhand eval ${kind} ./labelled --json\n  $ ${example}`)
    .action(async (directory: string, options: EvalOptions) => {
      await checkWritable([options.report, options.save]);
      using progress = createProgress(deps.stderr);
      const config = await loadConfig();
      const run = await evaluate(config, pathsOf(directory, options), progress.report, deps.signal);
      progress[Symbol.dispose]();
      const isFitted = kind === "answers" && isFittedTo(run, config.settings);
      if (isFitted) terminal.notice(FITTED);
      const settings = settingsText(config.settings);
      const head = { subject: resolve(directory), madeBy: deps.version, madeAt: new Date(), settings };
      const made = { by: head.madeBy, at: head.madeAt, settings, isFitted };
      await writeResult(terminal, options.save, () => runFile(run, made));
      await writeResult(terminal, options.report, () => page(run, head));
      printFigures(terminal, { ...run.figures }, options.json === true);
      checkLimits([...(options.min ?? []), ...(options.max ?? [])], run.figures);
    });
}

const FITTED =
  "Warning: the calibration in the settings was fitted to these very questions, so these figures look better than they are. " +
  "Measure it on other questions.";

function isFittedTo(run: EvaluationRun, { answering }: Settings): boolean {
  const mark = answering.calibration?.questions;
  return mark !== undefined && mark === questionsMark(run.questions.map(({ question: text }) => ({ text })));
}

function pathsOf(directory: string, { distractors, queries, qrels, typos }: EvalOptions) {
  return {
    directory: resolve(directory),
    distractors: absoluteOrNull(distractors),
    queries: absoluteOrNull(queries),
    qrels: absoluteOrNull(qrels),
    typos: typos ?? null,
  };
}

function absoluteOrNull(path: string | undefined): string | null {
  return path === undefined ? null : resolve(path);
}
