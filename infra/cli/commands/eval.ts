import { resolve } from "node:path";
import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import { printFigures } from "../figures.js";
import type { Evaluate } from "../program-dependencies.js";
import { createProgress } from "../progress.js";
import { wholeNumber } from "../whole-number.js";

interface EvalOptions {
  readonly distractors?: string;
  readonly queries?: string;
  readonly qrels?: string;
  readonly typos?: number;
  readonly json?: boolean;
}

const FORMAT = `
DIR holds corpus.jsonl {"id","title","text"}, queries.jsonl {"id","text","answerable"} and qrels.tsv
(query id, document id and grade, parted by tabs). Nothing is written to your own knowledge base.
`;

export function addEvalCommands(program: Command, context: CommandContext): void {
  const evaluation = program.command("eval").description("Measures search and answers on labelled questions.");
  const retrieval = addEvaluation(evaluation, context, {
    name: "retrieval",
    description: "How well the right document is found: nDCG, recall, MRR, success.",
    evaluate: context.deps.evaluateRetrieval,
  });
  retrieval.option("--typos <SEED>", "ask every question with one typing mistake, the same for a seed", wholeNumber);
  addEvaluation(evaluation, context, {
    name: "answers",
    description: "How often the answer is right, and how well the confidence knows it.",
    evaluate: context.deps.evaluateAnswers,
  });
}

function addEvaluation(
  parent: Command,
  { deps, terminal, loadConfig }: CommandContext,
  { name, description, evaluate }: { name: string; description: string; evaluate: Evaluate },
): Command {
  return parent
    .command(`${name} <DIR>`)
    .description(description)
    .option("--distractors <DIR>", "further documents without labels")
    .option("--queries <FILE>", "other questions than DIR/queries.jsonl")
    .option("--qrels <FILE>", "other grades than DIR/qrels.tsv")
    .option("--json", "print only the JSON object")
    .addHelpText("after", `${FORMAT}\nExample:\n  $ deskhand eval ${name} ./labelled --json`)
    .action(async (directory: string, options: EvalOptions) => {
      using progress = createProgress(deps.stderr);
      const figures = await evaluate(
        await loadConfig(),
        {
          directory: resolve(directory),
          distractors: absoluteOrNull(options.distractors),
          queries: absoluteOrNull(options.queries),
          qrels: absoluteOrNull(options.qrels),
          typos: options.typos ?? null,
        },
        progress.report,
        deps.signal,
      );
      progress[Symbol.dispose]();
      printFigures(terminal, figures, options.json === true);
    });
}

function absoluteOrNull(path: string | undefined): string | null {
  return path === undefined ? null : resolve(path);
}
