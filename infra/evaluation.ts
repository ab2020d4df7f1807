import { join } from "node:path";
import { featuresOf } from "../src/answering/confidence/features.js";
import { CONFIDENCE_MODEL } from "../src/answering/confidence/model.js";
import { topicWords } from "../src/answering/confidence/question-words.js";
import type { LabelledFeatures } from "../src/answering/confidence/recalibrate.js";
import { DEFAULT_ANSWER_SETTINGS, type AnswerListener } from "../src/answering/contract.js";
import { citedDocuments } from "../src/answering/cited-documents.js";
import type { EvaluationDataset } from "../src/answering/evaluation/dataset.js";
import { evaluateAnswers, type AnswersRun } from "../src/answering/evaluation/evaluate-answers.js";
import { evaluateRetrieval, type RetrievalRun } from "../src/answering/evaluation/evaluate-retrieval.js";
import { questionsMark } from "../src/answering/evaluation/questions-mark.js";
import { success } from "../src/answering/evaluation/metrics.js";
import { readDataset } from "../src/answering/evaluation/read-dataset.js";
import { toRankedQuestion, type RankedQuestion } from "../src/answering/evaluation/lambda-rank.js";
import { tuneFusion, type FusionReport } from "../src/answering/evaluation/tune-fusion.js";
import { tuneThreshold, type TuningOptions, type TuningReport } from "../src/answering/evaluation/tune-threshold.js";
import { UsageError } from "../src/ports/errors.js";
import { DEFAULT_TENANT, newId } from "../src/ports/ids.js";
import type { KnowledgeAdmin } from "../src/ports/knowledge.js";
import type { Logger } from "../src/ports/logger.js";
import { openKnowledge, type KnowledgeOptions, type KnowledgeStack } from "./app.js";
import type { EvaluationOptions, LoadedConfig, ReportProgress } from "./cli/program-dependencies.js";
import { wireModels, type Models } from "./models/wire-models.js";
import { openDatabase } from "./postgres/open-database.js";
import { wireAnswering } from "./wire-answering.js";

/** Everybody who asks in an evaluation reads what is public. */
const AUDIENCE = ["public"];

/** Passages asked for, so that ten documents are among them. */
const PASSAGES = 40;

/** Questions of one part when a confidence is fitted to the other parts. */
const FEWEST_OF_FOLD = 4;

/** Says nothing while the answer is made: an evaluation reads the trace. */
const silentListener: AnswerListener = {
  stage: () => Promise.resolve(),
  begin: () => Promise.resolve(false),
  sentence: () => Promise.resolve(true),
};

/** How well the right document is found, on a knowledge base in memory that holds only the evaluation's documents. */
export async function runRetrievalEvaluation(
  config: LoadedConfig,
  options: EvaluationOptions,
  logger: Logger,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<RetrievalRun> {
  await using scene = await prepare(wireModels(config, logger), options, logger, report, signal, searchOf(config));
  const { dataset, knowledge } = scene;
  return await evaluateRetrieval({
    dataset,
    ...(options.typos === null ? {} : { typos: options.typos }),
    search: (text) =>
      knowledge.search.search({ tenantId: DEFAULT_TENANT, text, audience: AUDIENCE, limit: PASSAGES }, signal),
    onProgress: (done, total) => report(done, total, "questions"),
  });
}

/** How often the answer is right, and how well the confidence knows it. */
export async function runAnswersEvaluation(
  config: LoadedConfig,
  options: EvaluationOptions,
  logger: Logger,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<AnswersRun> {
  const models = wireModels(config, logger);
  await using scene = await prepare(models, options, logger, report, signal, searchOf(config));
  const answering = wireAnswering(scene.knowledge, models, config);
  return await evaluateAnswers({
    dataset: scene.dataset,
    onProgress: (done, total) => report(done, total, "questions"),
    async answer(question, history) {
      const ids = { tenantId: DEFAULT_TENANT, conversationId: newId(), inboxId: newId() };
      const request = { ...ids, question, history, audience: AUDIENCE, mayStream: false };
      const { answer } = await answering.answer(request, silentListener, signal);
      return {
        text: answer.text,
        confidence: answer.confidence,
        decision: answer.decision,
        citedDocumentExternalIds: citedDocuments(answer),
      };
    },
  });
}

/**
 * Fits the confidence to the folder's questions. An answer counts as right when the first passage's document is relevant;
 * nothing is generated. @throws {UsageError} when there are too few questions, or nothing is found for any.
 */
export async function runThresholdTuning(
  config: LoadedConfig,
  options: EvaluationOptions & TuningOptions,
  logger: Logger,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<TuningReport> {
  const models = wireModels(config, logger);
  await using scene = await prepare(models, options, logger, report, signal, searchOf(config));
  const { queries, grades } = scene.dataset;
  const labelled: LabelledFeatures[] = [];
  for (const { id, text, answerable } of queries) {
    const limit = DEFAULT_ANSWER_SETTINGS.retrievedPassages;
    const request = { tenantId: DEFAULT_TENANT, text, audience: AUDIENCE, limit };
    const found = await scene.knowledge.search.search(request, signal);
    const document = found.passages[0]?.externalId ?? "";
    const isRight = answerable && success([document], grades.get(id) ?? new Map<string, number>()) === 1;
    labelled.push({
      features: featuresOf(text, found, models.textVectors),
      document,
      words: topicWords(text),
      isRight,
    });
    report(labelled.length, queries.length, "questions");
  }
  if (labelled.filter(({ features }) => features !== null).length < options.folds * FEWEST_OF_FOLD) {
    throw new UsageError(
      `${options.directory} has too few questions for which something is found: write at least ${options.folds * FEWEST_OF_FOLD}.`,
    );
  }
  const tuned = tuneThreshold(CONFIDENCE_MODEL, labelled, options);
  const { calibration, ...answering } = tuned.answering;
  if (calibration === undefined) return tuned;
  const marked = { ...calibration, questions: questionsMark(queries) };
  return { ...tuned, answering: { ...answering, calibration: marked } };
}

/**
 * Fits the order of passages to the folder's questions, beginning with the shipped weights whatever the settings say.
 * @throws {UsageError} when there are too few answerable questions.
 */
export async function runFusionTuning(
  config: LoadedConfig,
  options: EvaluationOptions & Pick<TuningOptions, "folds">,
  logger: Logger,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<FusionReport> {
  let found: Parameters<typeof toRankedQuestion>[0] = [];
  const { synonyms, abbreviations, newerFirst } = config.settings.knowledge;
  const observed: KnowledgeOptions = {
    synonyms,
    abbreviations,
    newerFirst,
    observe: (ranked) => (found = [...ranked]),
  };
  await using scene = await prepare(wireModels(config, logger), options, logger, report, signal, observed);
  const { queries, grades } = scene.dataset;
  const answerable = queries.filter(({ id }) => [...(grades.get(id)?.values() ?? [])].some((grade) => grade >= 1));
  const questions: Omit<RankedQuestion, "weight">[] = [];
  for (const { id, text } of answerable) {
    found = [];
    await scene.knowledge.search.search(
      { tenantId: DEFAULT_TENANT, text, audience: AUDIENCE, limit: PASSAGES },
      signal,
    );
    questions.push(toRankedQuestion(found, grades.get(id) ?? new Map<string, number>()));
    report(questions.length, answerable.length, "questions");
  }
  if (questions.filter(({ documents }) => documents.length > 0).length < options.folds * FEWEST_OF_FOLD) {
    throw new UsageError(
      `${options.directory} has too few answerable questions for which something is found: write at least ${options.folds * FEWEST_OF_FOLD}.`,
    );
  }
  return tuneFusion(scene.knowledge.shippedRanking, questions, options);
}

/** What is measured is found and ordered as it is where it is answered. */
function searchOf({ settings }: LoadedConfig): KnowledgeOptions {
  const { ranking, synonyms, abbreviations, newerFirst } = settings.knowledge;
  return { ranking, synonyms, abbreviations, newerFirst };
}

interface Scene extends AsyncDisposable {
  readonly dataset: EvaluationDataset;
  readonly knowledge: KnowledgeStack;
}

async function prepare(
  models: Models,
  options: EvaluationOptions,
  logger: Logger,
  report: ReportProgress,
  signal: AbortSignal,
  knowledgeOptions: KnowledgeOptions,
): Promise<Scene> {
  const dataset = await readDataset(options);
  const database = await openDatabase({ kind: "embedded", directory: null }, logger);
  const knowledge = openKnowledge(database, models, logger, knowledgeOptions);
  const scene: Scene = {
    dataset,
    knowledge,
    async [Symbol.asyncDispose]() {
      await knowledge[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
  try {
    await load(knowledge.admin, "corpus", options.directory, report, signal);
    if (options.distractors !== null) await load(knowledge.admin, "distractors", options.distractors, report, signal);
    return scene;
  } catch (error) {
    await scene[Symbol.asyncDispose]();
    throw error;
  }
}

async function load(
  admin: KnowledgeAdmin,
  name: string,
  directory: string,
  report: ReportProgress,
  signal: AbortSignal,
): Promise<void> {
  const location = join(directory, "corpus.jsonl");
  await admin.addSource(DEFAULT_TENANT, { name, kind: "jsonl", location, acl: AUDIENCE });
  for await (const progress of admin.sync(DEFAULT_TENANT, name, { confirmRemovals: false }, signal)) {
    if (progress.kind === "document") report(progress.done, progress.total, "documents");
  }
}
