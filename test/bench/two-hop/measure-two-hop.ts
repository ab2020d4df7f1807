import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { createHashedEmbeddings } from "../../../infra/models/local/hashed-embeddings.js";
import { localModels } from "../../../infra/models/wire-models.js";
import { createOpenAiAnswerModel } from "../../../infra/models/openai/answer-model.js";
import { createDialectChoice } from "../../../infra/models/openai/dialects.js";
import { createOpenAiResearchModel } from "../../../infra/models/openai/research-model.js";
import { createKnowledgeReader } from "../../../kb/reader/knowledge-reader.js";
import { createKnowledgeSearch } from "../../../kb/search/knowledge-search.js";
import { createAnswering } from "../../../src/answering/answering.js";
import { createConfidenceEstimate } from "../../../src/answering/confidence/estimate-confidence.js";
import { DEFAULT_ANSWER_SETTINGS, type Answering } from "../../../src/answering/contract.js";
import { DEFAULT_RESEARCH_LIMITS, type ResearchSettings } from "../../../src/answering/research/settings.js";
import { openEmbeddedTestDatabase } from "../../support/database.js";
import { syncToEnd, testKnowledge } from "../../support/knowledge.js";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { systemClock } from "../../../src/ports/clock.js";
import type { Database } from "../../../src/ports/database.js";
import { newId } from "../../../src/ports/ids.js";
import type { AnswerStage, NewAnswer } from "../../../src/ports/stores.js";
import { noVerifiedAnswers } from "../../fakes/no-verified-answers.js";
import type { FakeOpenAi } from "../../fakes/openai/fake-openai.js";
import { RecordingListener } from "../../fakes/recording-listener.js";

const questionSchema = z.object({
  id: z.string(),
  kb: z.enum(["demo", "kb-demo-zulip"]),
  text: z.string(),
  /** Each need is met by any one of its documents. */
  needs: z.array(z.array(z.string()).min(1)).min(2),
});

export type TwoHopQuestion = z.infer<typeof questionSchema>;

export function readTwoHopQuestions(): readonly TwoHopQuestion[] {
  const lines = readFileSync(join(import.meta.dirname, "questions.jsonl"), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => questionSchema.parse(JSON.parse(line)));
}

/** The whole of answering over a knowledge base, with models behind the fake endpoint; null researches nothing. */
export function answeringOver(
  database: Database,
  fake: FakeOpenAi,
  settings: ResearchSettings | null,
  answerSettings = DEFAULT_ANSWER_SETTINGS,
): Answering {
  const { apiKey, baseUrl } = fake;
  const options = {
    apiKey,
    baseUrl,
    model: "gpt-6-luna",
    prices: null,
    dialects: createDialectChoice(() => undefined),
  };
  const { embeddings, textVectors } = localModels();
  const search = createKnowledgeSearch({ database, embeddings: embeddings.questions, textVectors });
  const reader = createKnowledgeReader(database);
  return createAnswering({
    search,
    verified: noVerifiedAnswers,
    model: createOpenAiAnswerModel(options),
    rewriter: null,
    reranker: null,
    research: settings === null ? null : { model: createOpenAiResearchModel(options), reader, settings },
    clock: systemClock,
    newId,
    settings: answerSettings,
    estimateConfidence: createConfidenceEstimate(null, textVectors),
  });
}

export function researchBelow(below: number | null): ResearchSettings {
  return { from: 0, below, limits: DEFAULT_RESEARCH_LIMITS };
}

export async function ask(answering: Answering, question: string): Promise<NewAnswer> {
  const ids = { tenantId: "default", conversationId: newId(), inboxId: newId() };
  const request = { ...ids, question, history: [], audience: ["public"], mayStream: false };
  const { answer } = await answering.answer(request, new RecordingListener(), new AbortController().signal);
  return answer;
}

const foundSchema = z.array(z.looseObject({ chunkId: z.string(), externalId: z.string() }));
const packedSchema = z.array(z.looseObject({ chunkId: z.string() }));

/** The documents whose passages were given to generation. */
export function givenDocuments({ stages }: NewAnswer): ReadonlySet<string> {
  const found = ["retrieve", "research"].flatMap((name) =>
    foundSchema.parse(stageOf(stages, name)?.output["passages"] ?? []),
  );
  const names = new Map(found.map(({ chunkId, externalId }) => [chunkId, externalId]));
  const packed = packedSchema.parse(stageOf(stages, "pack")?.output["passages"] ?? []);
  return new Set(packed.flatMap(({ chunkId }) => names.get(chunkId) ?? []));
}

export function stageOf(stages: readonly AnswerStage[], name: string): AnswerStage | undefined {
  return stages.find(({ stage }) => stage === name);
}

export function areMet({ needs }: TwoHopQuestion, given: ReadonlySet<string>): boolean {
  return needs.every((documents) => documents.some((document) => given.has(document)));
}

/** A knowledge base in memory with the documents of a labelled folder. */
export async function openCorpus(directory: string): Promise<OpenDatabase> {
  const database = await openEmbeddedTestDatabase();
  const admin = testKnowledge(database, createHashedEmbeddings());
  const location = resolve(directory, "corpus.jsonl");
  await admin.addSource("default", { name: "corpus", kind: "jsonl", location, acl: ["public"] });
  await syncToEnd(admin, "corpus");
  return database;
}
