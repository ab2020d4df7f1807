import { z } from "zod";
import type { RankedPlace } from "../../../src/ports/models.js";

export const RERANK_APIS = ["cohere", "jina", "tei"] as const;

/** How an endpoint for reranking is spoken to: Cohere's, Jina's (vLLM's too), or Text Embeddings Inference's. */
export type RerankApi = (typeof RERANK_APIS)[number];

export interface WireQuestion {
  readonly model: string;
  readonly query: string;
  readonly documents: readonly string[];
}

interface WireReply {
  readonly order: readonly RankedPlace[];
  /** As far as the endpoint counts them. */
  readonly inputTokens: number;
}

interface WireFormat {
  readonly body: (question: WireQuestion) => object;
  readonly reply: z.ZodType<WireReply>;
}

const results = z.object({
  results: z.array(z.object({ index: z.number().int(), relevance_score: z.number() })),
  usage: z.object({ total_tokens: z.number().nonnegative().optional() }).nullish(),
  meta: z.object({ tokens: z.object({ input_tokens: z.number().nonnegative().optional() }).nullish() }).nullish(),
});

const resultsReply = results.transform(({ results: found, usage, meta }) => ({
  order: found.map(({ index, relevance_score: score }) => ({ place: index, score })),
  inputTokens: usage?.total_tokens ?? meta?.tokens?.input_tokens ?? 0,
}));

const rankReply = z.array(z.object({ index: z.number().int(), score: z.number() })).transform((found) => ({
  order: found.map(({ index, score }) => ({ place: index, score })),
  inputTokens: 0,
}));

export const WIRE_FORMATS: Readonly<Record<RerankApi, WireFormat>> = {
  cohere: {
    body: ({ model, query, documents }) => ({ model, query, documents, top_n: documents.length }),
    reply: resultsReply,
  },
  jina: {
    body: ({ model, query, documents }) => ({
      model,
      query,
      documents,
      top_n: documents.length,
      return_documents: false,
    }),
    reply: resultsReply,
  },
  // It serves one model; without `truncate` a passage that is too long for it is refused.
  tei: { body: ({ query, documents }) => ({ query, texts: documents, truncate: true }), reply: rankReply },
};
