import type { Readable, Writable } from "node:stream";
import type { AnswersRun } from "../../src/answering/evaluation/evaluate-answers.js";
import type { RetrievalRun } from "../../src/answering/evaluation/evaluate-retrieval.js";
import type { EvaluationRun } from "../../src/answering/evaluation/evaluation-run.js";
import type { FusionReport } from "../../src/answering/evaluation/tune-fusion.js";
import type { TuningOptions, TuningReport } from "../../src/answering/evaluation/tune-threshold.js";
import type { Operations } from "../../src/commands/operations.js";
import type { NewSource } from "../../src/ports/knowledge.js";
import type { Reply } from "../../src/ports/reply.js";
import type { EnvironmentConfig } from "../config/environment.js";
import type { Settings } from "../config/settings.js";
import type { ProcessRole } from "../process-role.js";

/** The environment and `deskhand.yaml`, both checked. */
export interface LoadedConfig {
  readonly environment: EnvironmentConfig;
  readonly settings: Settings;
}

export interface TerminalOutput extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

interface TerminalInput extends Readable {
  readonly isTTY?: boolean;
}

/** How far long work has come. */
export type ReportProgress = (done: number, total: number, what: string) => void;

/** What was measured; printed as one JSON object. */
export type Figures = Readonly<Record<string, unknown>>;

export interface EvaluationOptions {
  /** The folder with corpus.jsonl, queries.jsonl and qrels.tsv. */
  readonly directory: string;
  readonly distractors: string | null;
  readonly queries: string | null;
  readonly qrels: string | null;
  /** The seed of a typing mistake in every question; null: they are asked as they are. Retrieval only. */
  readonly typos: number | null;
}

export interface BenchmarkOptions {
  readonly chunks: number;
  readonly questions: number;
}

/**
 * What made-up documents are like. `manuals`: words are as frequent as in product manuals, and a document repeats its own, so
 * that lists of postings are as long as there (figures in docs/decisions/0010-near-vectors.md). `one-product`: two words of
 * three come from the demo documents, as if all were about one product, and lists are several times as long.
 */
export const BENCH_VOCABULARIES = ["one-product", "manuals"] as const;
export type BenchVocabulary = (typeof BENCH_VOCABULARIES)[number];

export interface RetrievalBenchmarkOptions extends BenchmarkOptions {
  readonly dimensions: number;
  readonly vocabulary: BenchVocabulary;
}

export interface IngressBenchmarkOptions {
  /** Null for the usual ones. */
  readonly phases: readonly { readonly perSecond: number; readonly seconds: number }[] | null;
  readonly saturate: boolean;
}

export interface RelayBenchmarkOptions {
  /** How many are talked in at the same time. */
  readonly handoffs: number;
  readonly seconds: number;
}

export interface SyncBenchmarkOptions {
  /** The folder with corpus.jsonl; null for the demo documents. */
  readonly directory: string | null;
  readonly embeddingMs: number;
}

/** All that the commands reach outside of themselves. */
export interface ProgramDependencies {
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: TerminalInput;
  readonly stdout: TerminalOutput;
  readonly stderr: TerminalOutput;
  /** Aborts when the user wants the program to stop. */
  readonly signal: AbortSignal;
  /** 0 ok, 1 failed, 2 bad usage. */
  readonly setExitCode: (code: 0 | 1 | 2) => void;
  /** Looks at location and options alone. @throws {UsageError} naming all that is wrong with them */
  readonly checkSourceOptions: (source: NewSource) => void;
  /** Through a running server where one holds the database, else on the database itself. */
  readonly openOperations: (config: LoadedConfig) => Promise<Operations & AsyncDisposable>;
  /** Resolves when the server has stopped, after `signal` aborts. */
  readonly startServer: (config: LoadedConfig, role: ProcessRole, signal: AbortSignal) => Promise<void>;
  readonly migrate: (config: LoadedConfig) => Promise<{ readonly schemaVersion: number }>;
  readonly evaluateRetrieval: Evaluate<RetrievalRun>;
  readonly evaluateAnswers: Evaluate<AnswersRun>;
  readonly tuneThreshold: (
    config: LoadedConfig,
    options: EvaluationOptions & TuningOptions,
    report: ReportProgress,
    signal: AbortSignal,
  ) => Promise<TuningReport>;
  readonly tuneFusion: (
    config: LoadedConfig,
    options: EvaluationOptions & Pick<TuningOptions, "folds">,
    report: ReportProgress,
    signal: AbortSignal,
  ) => Promise<FusionReport>;
  readonly benchAnswer: (
    config: LoadedConfig,
    options: BenchmarkOptions,
    report: ReportProgress,
    signal: AbortSignal,
  ) => Promise<Figures>;
  readonly benchRetrieval: (
    config: LoadedConfig,
    options: RetrievalBenchmarkOptions,
    report: ReportProgress,
    signal: AbortSignal,
  ) => Promise<Figures>;
  readonly benchIngress: (
    config: LoadedConfig,
    options: IngressBenchmarkOptions,
    report: ReportProgress,
    signal: AbortSignal,
  ) => Promise<Figures>;
  readonly benchRelay: (
    config: LoadedConfig,
    options: RelayBenchmarkOptions,
    report: ReportProgress,
    signal: AbortSignal,
  ) => Promise<Figures>;
  readonly benchSync: (
    config: LoadedConfig,
    options: SyncBenchmarkOptions,
    report: ReportProgress,
    signal: AbortSignal,
  ) => Promise<Figures>;
  readonly renderReply: (reply: Reply, options: { readonly width: number; readonly color: boolean }) => string;
}

export type Evaluate<Run extends EvaluationRun> = (
  config: LoadedConfig,
  options: EvaluationOptions,
  report: ReportProgress,
  signal: AbortSignal,
) => Promise<Run>;
