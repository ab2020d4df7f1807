import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import {
  compareRuns,
  type ChangedQuestion,
  type RunComparison,
} from "../../../src/answering/evaluation/compare-runs.js";
import { checkNoWorse } from "../../../src/answering/evaluation/figure-limits.js";
import { parseRun, type RecordedRun } from "../../../src/answering/evaluation/saved-run.js";
import { paragraph, reply, table, text } from "../../../src/commands/reply-blocks.js";
import { errorCode, UsageError } from "../../../src/ports/errors.js";
import type { CommandContext } from "../command-context.js";
import { JUDGED_FIGURES, judgedFigureOption } from "../figure-options.js";
import { comparisonReportPage, differenceRows, fittedText } from "../report/comparison-report.js";
import { checkWritable, writeResult } from "../result-file.js";
import type { Terminal } from "../terminal.js";

interface CompareOptions {
  readonly report?: string;
  /** Of `--no-worse`: commander takes it for the refusal of `--worse`, which is true unless a figure was named. */
  readonly worse: true | readonly string[];
  readonly json?: boolean;
}

/** Changed questions that a person is shown; the report and the JSON have more. */
const SHOWN = 8;

const HELP = `
Both files are of \`deskhand eval … --save FILE\`, over the same questions. A figure is better or worse only when
the whole 95 % interval of its difference is on that side.

Example:
  $ deskhand eval compare before.json after.json --no-worse right --no-worse auroc`;

export function addCompareCommand(parent: Command, { deps, terminal }: CommandContext): void {
  parent
    .command("compare <BEFORE> <AFTER>")
    .description("What became better or worse between two saved runs, question by question.")
    .option("--report <FILE>", "write a page (HTML) with the differences and what changed most")
    .option("--no-worse <FIGURE>", "fail when the figure became worse; may be given again", judgedFigureOption)
    .option("--json", "print only the JSON object")
    .addHelpText("after", HELP)
    .action(async (before: string, after: string, options: CompareOptions) => {
      await checkWritable([options.report]);
      const [one, other] = [await readRun(before), await readRun(after)];
      const judged = options.worse === true ? [] : options.worse;
      const strange = judged.filter((name) => !JUDGED_FIGURES[one.kind].includes(name));
      if (strange.length > 0) {
        throw new UsageError(`${strange.join(", ")}: runs of ${one.kind} have ${JUDGED_FIGURES[one.kind].join(", ")}.`);
      }
      const comparison = compareRuns(one, other);
      const head = { subject: `${before} → ${after}`, madeBy: deps.version, madeAt: new Date() };
      await writeResult(terminal, options.report, () => comparisonReportPage(comparison, head));
      const warning = fittedText(comparison);
      if (warning !== null) terminal.notice(`Warning: ${warning}`);
      if (options.json !== true) printComparison(terminal, comparison);
      terminal.printJson(comparison);
      checkNoWorse(judged, comparison);
    });
}

async function readRun(file: string): Promise<RecordedRun> {
  let saved: string;
  try {
    saved = await readFile(file, "utf8");
  } catch (cause) {
    throw new UsageError(`${file} cannot be read (${errorCode(cause)}).`, { cause });
  }
  return parseRun(saved, file);
}

function printComparison(terminal: Terminal, comparison: RunComparison): void {
  const { figures, changed, questions } = comparison;
  terminal.printReply(
    reply(
      table(["Figure", "Before", "After", "Difference", "Interval", "Verdict"], differenceRows(figures)),
      paragraph(text(`${questions} questions${changed.length === 0 ? "; none changed." : "; these changed most:"}`)),
      ...(changed.length === 0
        ? []
        : [table(["Question", "Before", "After", "Asked"], changed.slice(0, SHOWN).map(changedRow))]),
    ),
  );
  terminal.print("");
}

function changedRow({ id, question, before, after }: ChangedQuestion): readonly string[] {
  const judged = ({ isRight, score, decision }: ChangedQuestion["before"]): string =>
    `${isRight ? "right" : "wrong"} ${score.toFixed(2)}${decision === null ? "" : `, ${decision}`}`;
  return [id, judged(before), judged(after), question.length > 60 ? `${question.slice(0, 59)}…` : question];
}
