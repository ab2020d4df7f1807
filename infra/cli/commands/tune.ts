import { resolve } from "node:path";
import { InvalidArgumentError, type Command } from "commander";
import { stringify } from "yaml";
import type { FusionReport } from "../../../src/answering/evaluation/tune-fusion.js";
import type { TuningReport } from "../../../src/answering/evaluation/tune-threshold.js";
import { paragraph, reply, table, text } from "../../../src/commands/reply-blocks.js";
import type { CommandContext } from "../command-context.js";
import { createProgress } from "../progress.js";
import type { Terminal } from "../terminal.js";

interface TuneOptions extends FusionOptions {
  readonly risk?: number;
}

interface FusionOptions {
  readonly folds: number;
  readonly queries?: string;
  readonly qrels?: string;
  readonly json?: boolean;
}

/** How sure the promise about further answers is. */
const CERTAINTY = 0.9;

const FORMAT = `
DIR holds corpus.jsonl, queries.jsonl and qrels.tsv as for \`deskhand eval\`. Questions are searched for in a knowledge base
in memory that holds DIR's documents; no model is asked. Nothing is written: copy the lines that begin with "answering:" into
deskhand.yaml. Only where each question is judged better by what was fitted without it are there lines for the calibration.
Measure what they bring on other questions: on these it would look better than it is.

Example:
  $ deskhand tune threshold ./labelled --risk 0.1`;

const FUSION_FORMAT = `
DIR holds corpus.jsonl, queries.jsonl and qrels.tsv as for \`deskhand eval\`. It begins with the shipped weights, and each question
is judged by weights that were fitted without it: only where those are better, the lines for deskhand.yaml are printed. Nothing
is written, and no model is asked. Tune the threshold again afterwards: the confidence looks at the order.

Example:
  $ deskhand tune fusion ./labelled`;

export function addTuneCommands(program: Command, context: CommandContext): void {
  const tune = program.command("tune").description("Fits Deskhand to your own labelled questions.");
  addThreshold(tune, context);
  addFusion(tune, context);
}

function addFusion(tune: Command, { deps, terminal, loadConfig }: CommandContext): void {
  tune
    .command("fusion <DIR>")
    .description("Fits the order of what is found to labelled questions, and says whether that helps.")
    .option("--folds <N>", "parts of the questions that are judged by what was fitted to the others", toFolds, 5)
    .option("--queries <FILE>", "other questions than DIR/queries.jsonl")
    .option("--qrels <FILE>", "other grades than DIR/qrels.tsv")
    .option("--json", "print only the JSON object")
    .addHelpText("after", FUSION_FORMAT)
    .action(async (directory: string, options: FusionOptions) => {
      const config = await loadConfig();
      using progress = createProgress(deps.stderr);
      const asked = { ...pathsOf(directory, options), folds: options.folds };
      const report = await deps.tuneFusion(config, asked, progress.report, deps.signal);
      progress[Symbol.dispose]();
      if (options.json !== true) printFusion(terminal, report);
      terminal.printJson(report);
    });
}

function printFusion(
  terminal: Terminal,
  { queries, shipped, tuned, gain: [low, high], knowledge }: FusionReport,
): void {
  const rows = [
    ["as shipped", figure(shipped)],
    ["tuned", figure(tuned)],
    ["gain", `${figure(low)} to ${figure(high)}`],
  ];
  const verdict =
    knowledge === null
      ? `Tuning does not help for certain on ${queries} questions: keep the order as it is shipped.`
      : "Tuning helps on questions that it did not see. Tune the threshold again with these lines in place.";
  terminal.printReply(reply(table(["Order", "nDCG@10"], rows), paragraph(text(verdict))));
  terminal.print("");
  if (knowledge === null) return;
  terminal.print(stringify({ knowledge }).trimEnd());
  terminal.print("");
}

function pathsOf(directory: string, { queries, qrels }: FusionOptions) {
  return {
    directory: resolve(directory),
    distractors: null,
    typos: null,
    queries: queries === undefined ? null : resolve(queries),
    qrels: qrels === undefined ? null : resolve(qrels),
  };
}

function addThreshold(tune: Command, { deps, terminal, loadConfig }: CommandContext): void {
  tune
    .command("threshold <DIR>")
    .description("Fits the confidence to labelled questions, and finds the threshold for the risk that you accept.")
    .option("--risk <SHARE>", "accepted share of wrong answers (default: answering.acceptedRisk)", toShare)
    .option("--folds <N>", "parts of the questions that are judged by what was fitted to the others", toFolds, 5)
    .option("--queries <FILE>", "other questions than DIR/queries.jsonl")
    .option("--qrels <FILE>", "other grades than DIR/qrels.tsv")
    .option("--json", "print only the JSON object")
    .addHelpText("after", FORMAT)
    .action(async (directory: string, options: TuneOptions) => {
      const config = await loadConfig();
      using progress = createProgress(deps.stderr);
      const risk = options.risk ?? config.settings.answering.acceptedRisk;
      const tuning = { risk, certainty: CERTAINTY, folds: options.folds };
      const report = await deps.tuneThreshold(
        config,
        { ...pathsOf(directory, options), ...tuning },
        progress.report,
        deps.signal,
      );
      progress[Symbol.dispose]();
      if (options.json !== true) printReport(terminal, report);
      terminal.printJson(report);
    });
}

function printReport(terminal: Terminal, report: TuningReport): void {
  const { shipped, recalibrated, risk_coverage: curve } = report;
  const row = (name: string, pick: (figures: TuningReport["shipped"]) => string): readonly string[] => [
    name,
    pick(shipped),
    pick(recalibrated),
  ];
  terminal.printReply(
    reply(
      table(
        ["Figure", "As shipped", "Recalibrated"],
        [
          row("auroc", ({ auroc }) => figure(auroc)),
          row("aurc", ({ aurc }) => figure(aurc)),
          row("answered at 5 % wrong", (figures) => percent(figures["coverage@risk5"])),
          row("answered at 10 % wrong", (figures) => percent(figures["coverage@risk10"])),
          row("answered at 20 % wrong", (figures) => percent(figures["coverage@risk20"])),
          row("calibration error", ({ ece }) => figure(ece)),
          row("a perfect score's", ({ perfect_ece: [low, high] }) => `${figure(low)} - ${figure(high)}`),
          ["gain in squared error", "", `${figure(report.gain[0])} to ${figure(report.gain[1])}`],
        ],
      ),
      table(
        ["Answered", "Wrong"],
        curve.map(({ coverage, risk }) => [percent(coverage), percent(risk)]),
      ),
      paragraph(text(verdict(report))),
      paragraph(
        text(
          report.is_better
            ? "Recalibrating helps on questions that it did not see. Measure it on other questions than these."
            : `Recalibrating does not help for certain on ${report.queries} questions: keep the confidence as it is shipped.`,
        ),
      ),
    ),
  );
  terminal.print("");
  terminal.print(stringify({ answering: report.answering }).trimEnd());
  terminal.print("");
}

function verdict({ choice, is_guaranteed, accepted_risk, certainty, fewest_for_guarantee }: TuningReport): string {
  const accepted = percent(accepted_risk);
  if (choice === null) return `At no threshold were at most ${accepted} of the answers wrong: all go to a person.`;
  const does =
    `At ${figure(choice.threshold)}, ${percent(choice.coverage)} of these questions are answered and ` +
    `${percent(choice.risk)} of the answers are wrong.`;
  return is_guaranteed
    ? `${does} Further answers keep to ${accepted} with ${percent(certainty)} certainty.`
    : `${does} That is no promise for further ones: it takes at least ${fewest_for_guarantee} answers without a wrong one, ` +
        `and more with one. At most ${percent(choice.riskBound)} are wrong with ${percent(certainty)} certainty.`;
}

function figure(value: number | null): string {
  return value === null ? "-" : value.toFixed(3);
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function toShare(value: string): number {
  const share = Number(value);
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError("It is a number above 0 and below 1, like 0.05.");
  return share;
}

function toFolds(value: string): number {
  const folds = Number(value);
  if (!Number.isInteger(folds) || folds < 2 || folds > 20) {
    throw new InvalidArgumentError("It is a whole number from 2 to 20.");
  }
  return folds;
}
