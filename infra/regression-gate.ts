import { join, resolve } from "node:path";
import { citedDocuments } from "../src/answering/cited-documents.js";
import type { Answering, AnswerListener } from "../src/answering/contract.js";
import { evaluateAnswers } from "../src/answering/evaluation/evaluate-answers.js";
import type { EvaluationDataset } from "../src/answering/evaluation/dataset.js";
import { readDataset } from "../src/answering/evaluation/read-dataset.js";
import { compareAnswers } from "../src/learning/compare-answers.js";
import type { ProposedEntry, RegressionGate } from "../src/learning/regression-gate.js";
import type { Database } from "../src/ports/database.js";
import { DEFAULT_TENANT, newId } from "../src/ports/ids.js";
import type { KnowledgeAdmin } from "../src/ports/knowledge.js";
import { LEARNED_SOURCE, type KnowledgeEntries } from "../src/ports/knowledge-entries.js";
import type { Logger } from "../src/ports/logger.js";
import type { LoadedConfig } from "./cli/program-dependencies.js";
import type { Settings } from "./config/settings.js";
import type { Models } from "./models/wire-models.js";
import { openDatabase } from "./postgres/open-database.js";
import { wireAnswering } from "./wire-answering.js";

/** A knowledge base with what is written in it, as the questions are asked of. */
export interface ScratchKnowledge extends KnowledgeParts, AsyncDisposable {
  readonly admin: Pick<KnowledgeAdmin, "addSource" | "sync">;
  readonly entries: Pick<KnowledgeEntries, "release">;
}

type KnowledgeParts = Parameters<typeof wireAnswering>[0];
type SearchSettings = Pick<Settings["knowledge"], "ranking" | "synonyms" | "abbreviations" | "newerFirst"> & {
  readonly abbreviationsMaxAgeMs: number;
};

export interface RegressionGateDependencies {
  readonly config: LoadedConfig;
  readonly models: Models;
  readonly logger: Logger;
  /** What is answered from. */
  readonly entries: Pick<KnowledgeEntries, "list">;
  readonly openKnowledge: (database: Database, options: SearchSettings) => ScratchKnowledge;
}

const AUDIENCE = ["public"];
const WHOEVER = "deskhand";

/** Says nothing while the answer is made. */
const silentListener: AnswerListener = {
  stage: () => Promise.resolve(),
  begin: () => Promise.resolve(false),
  sentence: () => Promise.resolve(true),
};

/**
 * Asks the labelled questions twice, of their own documents and all that was learned before: without the entry and with it.
 * It happens in memory, by the models and settings that answer customers; nothing of it touches what they are answered from.
 */
export function createRegressionGate(deps: RegressionGateDependencies): RegressionGate {
  return {
    async check(tenantId, entry, signal) {
      const { evaluationSet } = deps.config.settings.learning;
      if (evaluationSet === null) return { kind: "unchecked" };
      const directory = resolve(evaluationSet);
      const dataset = await readDataset({ directory });
      const learned = (await deps.entries.list(tenantId, "published")).filter(
        ({ source, entryId }) => source === LEARNED_SOURCE && entryId !== entry.entryId,
      );
      await using scratch = await openScratch(deps);
      const location = join(directory, "corpus.jsonl");
      await scratch.admin.addSource(DEFAULT_TENANT, { name: "corpus", kind: "jsonl", location, acl: AUDIENCE });
      await sync(scratch, "corpus", signal);
      await publish(scratch, learned, signal);
      const before = await askAll(scratch, dataset, signal);
      await publish(scratch, [entry], signal);
      return compareAnswers(before, await askAll(scratch, dataset, signal), entry.entryId);
    },
  };
}

interface Scratch extends Pick<ScratchKnowledge, "admin" | "entries">, AsyncDisposable {
  readonly answering: Answering;
}

async function openScratch({ config, models, logger, openKnowledge }: RegressionGateDependencies): Promise<Scratch> {
  const database = await openDatabase({ kind: "embedded", directory: null }, logger);
  const { ranking, synonyms, abbreviations, newerFirst } = config.settings.knowledge;
  // What is published in between may explain an abbreviation.
  const searching = { ranking, synonyms, abbreviations, newerFirst, abbreviationsMaxAgeMs: 0 };
  const knowledge = openKnowledge(database, searching);
  return {
    ...knowledge,
    answering: wireAnswering(knowledge, models, config),
    async [Symbol.asyncDispose]() {
      await knowledge[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function publish(scratch: Scratch, entries: readonly ProposedEntry[], signal: AbortSignal): Promise<void> {
  if (entries.length === 0) return;
  for (const entry of entries) {
    await scratch.entries.release(DEFAULT_TENANT, { ...entry, source: LEARNED_SOURCE, writtenBy: WHOEVER }, "terminal");
  }
  await sync(scratch, LEARNED_SOURCE, signal);
}

async function sync({ admin }: Scratch, source: string, signal: AbortSignal): Promise<void> {
  for await (const step of admin.sync(DEFAULT_TENANT, source, { confirmRemovals: true }, signal)) {
    if (step.kind === "done") return;
  }
}

async function askAll({ answering }: Scratch, dataset: EvaluationDataset, signal: AbortSignal) {
  const { questions } = await evaluateAnswers({
    dataset,
    async answer(question, history) {
      const ids = { tenantId: DEFAULT_TENANT, conversationId: newId(), inboxId: newId() };
      const request = { ...ids, question, history, audience: AUDIENCE, mayStream: false };
      const { answer } = await answering.answer(request, silentListener, signal);
      const { text, confidence, decision } = answer;
      return { text, confidence, decision, citedDocumentExternalIds: citedDocuments(answer) };
    },
  });
  return questions;
}
