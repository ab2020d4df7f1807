import { describe, expect, it } from "vitest";
import type { AnswerResult, EstimateConfidence } from "../../../src/answering/contract.js";
import { rerankPassages } from "../../../src/answering/stages/rerank.js";
import { ModelError, type Reranker } from "../../../src/ports/models.js";
import { says } from "../../fakes/scripted-answer-model.js";
import { GOOD, RETURNS, SHIPPING, answerWith, textOf } from "./answering-scene.js";

describe("a reranker", () => {
  const SECOND_FIRST = {
    order: [{ place: 1, score: 0.9 }],
    usage: { calls: 1, inputTokens: 30, outputTokens: 4, cost: 0.001 },
  };
  const rerankerThat = (rerank: Reranker["rerank"]): Reranker => ({ id: "ranker", promptVersion: "p-1", rerank });
  /** Both passages have words of it. */
  const request = { question: "How many business days does standard delivery of an order take?" };
  const stageOf = ({ answer }: AnswerResult) => answer.stages.find(({ stage }) => stage === "rerank");
  const RETURNED = "You can send an order back within 30 days. [1]";

  it("orders what the answer is written from; the trace holds the call and its cost", async () => {
    const asked: (readonly [string, number])[] = [];
    const reranker = rerankerThat((question, passages) => {
      asked.push([question, passages.length]);
      return Promise.resolve(SECOND_FIRST);
    });
    const { result, model } = await answerWith({ scripts: [says(RETURNED)], request, reranker });

    expect(asked).toEqual([[request.question, 2]]);
    expect(model.requests[0]?.passages.map(({ title }) => title)).toEqual([RETURNS.title, SHIPPING.title]);
    expect(result.tried[0]?.documentId).toBe(RETURNS.documentId);
    expect(stageOf(result)).toMatchObject({
      model: "ranker",
      promptVersion: "p-1",
      cost: 0.001,
      output: {
        passages: [{ chunkId: RETURNS.chunkId, place: 1, score: 0.9 }],
        isFirstNew: true,
        degraded: false,
        failure: null,
        calls: 1,
        inputTokens: 30,
      },
    });
  });

  it("changes nothing of the confidence, which is of the search's order", async () => {
    const judged: (string | undefined)[] = [];
    const estimateConfidence: EstimateConfidence = (_, { passages }) => {
      judged.push(passages[0]?.title);
      return { value: 0.9, parts: {} };
    };
    const reranker = rerankerThat(() => Promise.resolve(SECOND_FIRST));
    const { result } = await answerWith({ scripts: [says(RETURNED)], request, reranker, estimateConfidence });
    expect(judged).toEqual([SHIPPING.title]);
    expect(result.answer.stages.map(({ stage }) => stage)).toEqual([
      ...[
        "language",
        "intent",
        "standalone",
        "policy",
        "verified",
        "retrieve",
        "confidence",
        "rerank",
        "pack",
        "generate",
        "ground",
        "decide",
      ],
    ]);
  });

  it.each<[string, Reranker["rerank"], string, number]>([
    ["fails", () => Promise.reject(new ModelError("unreachable", "rerank")), "unreachable", 0],
    [
      "fails after it was paid",
      () => Promise.reject(new ModelError("incomplete", "rerank", { usage: SECOND_FIRST.usage })),
      "incomplete",
      0.001,
    ],
    ["breaks", () => Promise.reject(new TypeError("no")), "TypeError", 0],
    [
      "names what was not offered",
      () => Promise.resolve({ ...SECOND_FIRST, order: [{ place: 2, score: 1 }] }),
      "unusable",
      0.001,
    ],
    ["names nothing", () => Promise.resolve({ ...SECOND_FIRST, order: [] }), "unusable", 0.001],
  ])("that %s leaves the order of the search, and is told in the trace", async (_, rerank, failure, cost) => {
    const { result, model } = await answerWith({ scripts: [says(GOOD)], request, reranker: rerankerThat(rerank) });

    expect(model.requests[0]?.passages[0]?.title).toBe(SHIPPING.title);
    expect(textOf(result)).toContain("Standard delivery");
    expect(stageOf(result)).toMatchObject({
      cost,
      output: { passages: [], isFirstNew: false, degraded: true, failure },
    });
  });

  it("that says nothing in time is given up", async () => {
    const found = [SHIPPING, RETURNS];
    const silent = rerankerThat(() => new Promise(() => undefined));
    const stage = await rerankPassages(silent, "q", found, new AbortController().signal, 20);
    expect(stage).toMatchObject({ failure: "timeout", passages: found });
  });
});
