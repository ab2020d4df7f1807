import type { Logger } from "../../src/ports/logger.js";
import type {
  AnswerModel,
  EmbeddingModel,
  GroundingJudge,
  QuestionRewriter,
  Reranker,
  ResearchModel,
} from "../../src/ports/models.js";
import type { TextVectors } from "../../src/text/word-vectors.js";
import type { LoadedConfig } from "../cli/program-dependencies.js";
import { createExtractiveModel } from "./local/extractive-model.js";
import { createHashedEmbeddings } from "./local/hashed-embeddings.js";
import { englishTextVectors } from "./local/word-vectors/english.js";
import { createOpenAiAnswerModel } from "./openai/answer-model.js";
import { createDialectChoice } from "./openai/dialects.js";
import { createOpenAiEmbeddings } from "./openai/embeddings.js";
import { createEndpointReranker } from "./rerank/endpoint-reranker.js";
import { OPENAI_PRICES } from "./openai/prices.js";
import { createOpenAiGroundingJudge } from "./openai/grounding-judge.js";
import { createOpenAiListwiseReranker } from "./openai/listwise-reranker.js";
import { createOpenAiQuestionRewriter } from "./openai/question-rewriter.js";
import { createOpenAiResearchModel } from "./openai/research-model.js";

export interface Models {
  /** One vector space, asked with different patience. */
  readonly embeddings: { readonly documents: EmbeddingModel; readonly questions: EmbeddingModel };
  /** Texts as they are compared in meaning, in this process. */
  readonly textVectors: TextVectors;
  readonly answers: AnswerModel;
  /** Null where follow-ups are made to stand alone by rule only. */
  readonly rewriter: QuestionRewriter | null;
  /** Null where the order of the search is kept. */
  readonly reranker: Reranker | null;
  /** Null where the local check of a draft stands alone. */
  readonly judge: GroundingJudge | null;
  /** Null where no model could look further. */
  readonly researcher: ResearchModel | null;
}

/** The models that are set up: those of the endpoint where there is one, else Deskhand's own, which call nobody. */
export function wireModels({ environment, settings }: LoadedConfig, logger: Logger): Models {
  const reranker = wireReranker({ environment, settings });
  if (environment.openai === null) return { ...localModels(), reranker };
  const { apiKey, baseUrl } = environment.openai;
  const { answer, embedding, dimensions } = settings.models;
  const endpoint = { apiKey: apiKey === "" ? "none" : apiKey, baseUrl };
  const dialects = createDialectChoice(({ api, effort }) => {
    logger.info("model endpoint understood", { method: api, step: `thinking-${effort ?? "unset"}` });
  });
  const writing = { ...endpoint, model: answer, prices: baseUrl === null ? OPENAI_PRICES : null, dialects };
  const vectors = { ...endpoint, model: embedding, dimensions };
  return {
    embeddings: {
      documents: createOpenAiEmbeddings({ ...vectors, purpose: "documents" }),
      questions: createOpenAiEmbeddings({ ...vectors, purpose: "questions" }),
    },
    textVectors: englishTextVectors,
    answers: createOpenAiAnswerModel(writing),
    rewriter: createOpenAiQuestionRewriter(writing),
    reranker: settings.answering.rerank.kind === "llm" ? createOpenAiListwiseReranker(writing) : reranker,
    judge: settings.answering.grounding.judge === "llm" ? createOpenAiGroundingJudge(writing) : null,
    researcher: createOpenAiResearchModel(writing),
  };
}

/** The reranking model at an endpoint of its own; null when there is none, or when another one is wanted. */
export function wireReranker({ environment, settings }: LoadedConfig): Reranker | null {
  const { kind, api, model, costPerThousand } = settings.answering.rerank;
  if (kind !== "endpoint" || environment.rerank === null) return null;
  return createEndpointReranker({ ...environment.rerank, api, model: model ?? api, costPerThousand });
}

/** Deskhand's own models: hashed embeddings, and answers by quoting. Nothing of theirs rewrites a question. */
export function localModels(): Models {
  const embeddings = createHashedEmbeddings();
  return {
    embeddings: { documents: embeddings, questions: embeddings },
    textVectors: englishTextVectors,
    answers: createExtractiveModel(),
    rewriter: null,
    reranker: null,
    judge: null,
    researcher: null,
  };
}
