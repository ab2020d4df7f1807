import { Option, type Command } from "commander";
import type { CommandContext } from "../command-context.js";
import { BENCH_VOCABULARIES, type BenchVocabulary } from "../program-dependencies.js";
import { printFigures } from "../figures.js";
import { createProgress } from "../progress.js";
import { wholeNumber } from "../whole-number.js";

interface BenchOptions {
  readonly chunks: number;
  readonly questions: number;
  readonly json?: boolean;
}

interface RetrievalOptions extends BenchOptions {
  readonly dimensions: number;
  readonly vocabulary: BenchVocabulary;
}

interface IngressOptions {
  readonly rate?: number;
  readonly seconds: number;
  readonly saturate: boolean;
  readonly json?: boolean;
}

interface RelayOptions {
  readonly handoffs: number;
  readonly seconds: number;
  readonly json?: boolean;
}

interface SyncOptions {
  readonly dir?: string;
  readonly embeddingMs: number;
  readonly json?: boolean;
}

export function addBenchCommands(program: Command, { deps, terminal, loadConfig }: CommandContext): void {
  const bench = program.command("bench").description("Measures how long things take on this machine.");
  bench
    .command("answer")
    .description("The time of an answer without the model's, beside the bare SQL of the same search.")
    .option("--chunks <N>", "how many chunks the measured knowledge base has", wholeNumber, 10_000)
    .option("--questions <N>", "how many questions are asked", wholeNumber, 300)
    .option("--json", "print only the JSON object")
    .addHelpText("after", "\nExample:\n  $ DATABASE_URL=postgres://… deskhand bench answer --json")
    .action(async ({ chunks, questions, json }: BenchOptions) => {
      using progress = createProgress(deps.stderr);
      const figures = await deps.benchAnswer(await loadConfig(), { chunks, questions }, progress.report, deps.signal);
      progress[Symbol.dispose]();
      printFigures(terminal, figures, json === true);
    });
  bench
    .command("ingress")
    .description("The time until a signed Slack event is stored and acknowledged, over HTTP into PostgreSQL.")
    .option("--rate <N>", "events a second instead of 100 and then 500", wholeNumber)
    .option("--seconds <N>", "how long, with --rate", wholeNumber, 20)
    .option("--no-saturate", "leave out how many events a second can be stored at all")
    .option("--json", "print only the JSON object")
    .addHelpText("after", "\nExample:\n  $ DATABASE_URL=postgres://… REDIS_URL=redis://… deskhand bench ingress --json")
    .action(async ({ rate, seconds, saturate, json }: IngressOptions) => {
      using progress = createProgress(deps.stderr);
      const phases = rate === undefined ? null : [{ perSecond: rate, seconds }];
      const figures = await deps.benchIngress(await loadConfig(), { phases, saturate }, progress.report, deps.signal);
      progress[Symbol.dispose]();
      printFigures(terminal, figures, json === true);
    });
  addRelayBench(bench, { deps, terminal, loadConfig });
  addSyncBench(bench, { deps, terminal, loadConfig });
  addRetrievalBench(bench, { deps, terminal, loadConfig });
}

function addRetrievalBench(
  bench: Command,
  { deps, terminal, loadConfig }: Pick<CommandContext, "deps" | "terminal" | "loadConfig">,
): void {
  bench
    .command("retrieval")
    .description("The time of a search in PostgreSQL, and what its graph of vectors misses, beside bare statements.")
    .option("--chunks <N>", "how many chunks the searched knowledge base has", wholeNumber, 10_000)
    .option("--dimensions <N>", "how long a vector is", wholeNumber, 512)
    .option("--questions <N>", "how many questions are asked", wholeNumber, 300)
    .addOption(
      new Option("--vocabulary <KIND>", "words of documents that are all about one product, or of many manuals")
        .choices(BENCH_VOCABULARIES)
        .default("one-product"),
    )
    .option("--json", "print only the JSON object")
    .addHelpText("after", "\nExample:\n  $ DATABASE_URL=postgres://… deskhand bench retrieval --chunks 100000 --json")
    .action(async ({ json, ...options }: RetrievalOptions) => {
      using progress = createProgress(deps.stderr);
      const figures = await deps.benchRetrieval(await loadConfig(), options, progress.report, deps.signal);
      progress[Symbol.dispose]();
      printFigures(terminal, figures, json === true);
    });
}

function addRelayBench(
  bench: Command,
  { deps, terminal, loadConfig }: Pick<CommandContext, "deps" | "terminal" | "loadConfig">,
): void {
  bench
    .command("relay")
    .description("The time from a message in a claimed handoff to its post on the other side, beside bare storing.")
    .option("--handoffs <N>", "how many are talked in at the same time", wholeNumber, 50)
    .option("--seconds <N>", "how long they talk", wholeNumber, 20)
    .option("--json", "print only the JSON object")
    .addHelpText("after", "\nExample:\n  $ DATABASE_URL=postgres://… deskhand bench relay --json")
    .action(async ({ handoffs, seconds, json }: RelayOptions) => {
      using progress = createProgress(deps.stderr);
      const figures = await deps.benchRelay(await loadConfig(), { handoffs, seconds }, progress.report, deps.signal);
      progress[Symbol.dispose]();
      printFigures(terminal, figures, json === true);
    });
}

function addSyncBench(
  bench: Command,
  { deps, terminal, loadConfig }: Pick<CommandContext, "deps" | "terminal" | "loadConfig">,
): void {
  bench
    .command("sync")
    .description(
      "The time of a first sync into PostgreSQL, of the same again and of small changes, beside bare storing.",
    )
    .option("--dir <DIR>", "the folder with corpus.jsonl instead of the demo documents")
    .option("--embedding-ms <N>", "how long the endpoint for embeddings takes for a request", wholeNumber, 20)
    .option("--json", "print only the JSON object")
    .addHelpText("after", "\nExample:\n  $ DATABASE_URL=postgres://… deskhand bench sync --dir docs --json")
    .action(async ({ dir, embeddingMs, json }: SyncOptions) => {
      using progress = createProgress(deps.stderr);
      const options = { directory: dir ?? null, embeddingMs };
      const figures = await deps.benchSync(await loadConfig(), options, progress.report, deps.signal);
      progress[Symbol.dispose]();
      printFigures(terminal, figures, json === true);
    });
}
