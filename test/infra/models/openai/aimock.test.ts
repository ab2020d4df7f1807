import { LLMock } from "@copilotkit/aimock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createOpenAiAnswerModel } from "../../../../infra/models/openai/answer-model.js";
import { createOpenAiEmbeddings } from "../../../../infra/models/openai/embeddings.js";
import { createOpenAiQuestionRewriter } from "../../../../infra/models/openai/question-rewriter.js";
import { draft, newDialects } from "./scene.js";

let mock: LLMock;

beforeEach(async () => {
  mock = new LLMock({ port: 0, strict: true });
  await mock.start();
});

afterEach(async () => {
  await mock.stop();
});

function answerModel() {
  const endpoint = { apiKey: "sk-mock", baseUrl: `${mock.url}/v1` };
  return createOpenAiAnswerModel({ ...endpoint, model: "gpt-6-luna", prices: null, dialects: newDialects() });
}

describe("against an emulator of OpenAI that others wrote", () => {
  it("a draft streams by the Responses API and ends complete", async () => {
    mock.onMessage(/standard delivery/u, { content: "Standard delivery takes 2 to 4 business days. [1]" });

    const drafted = await draft(answerModel());

    expect(drafted.text).toBe("Standard delivery takes 2 to 4 business days. [1]");
    expect(drafted.end?.finish).toBe("complete");
    expect(mock.getRequests().map(({ path }) => path)).toEqual(["/v1/responses"]);
  });

  it("a rate limit is waited for", async () => {
    mock.onMessage(/standard delivery/u, { content: "Two to four days. [1]" });
    mock.nextRequestError(429, { message: "slow down", type: "rate_limit_error", code: "rate_limit_exceeded" });

    await expect(draft(answerModel())).resolves.toMatchObject({ text: "Two to four days. [1]" });
  });

  it("a cut connection is no answer", async () => {
    mock.onMessage(/standard delivery/u, { content: "Two to four days. [1]" });
    mock.setChaos({ disconnectRate: 1 });

    await expect(draft(answerModel())).rejects.toMatchObject({ code: "model" });
  });

  it("a follow-up is rewritten by one request with a schema", async () => {
    mock.onMessage(/And express/u, { content: '{"question":"How long does express delivery take?"}' });
    const endpoint = { apiKey: "sk-mock", baseUrl: `${mock.url}/v1`, model: "gpt-6-luna", prices: null };
    const rewriter = createOpenAiQuestionRewriter({ ...endpoint, dialects: newDialects() });
    const history = [{ role: "customer", text: "How long does standard delivery take?" }] as const;

    const { question } = await rewriter.rewrite("And express?", history, new AbortController().signal);

    expect(question).toBe("How long does express delivery take?");
    expect(mock.getRequests().map(({ path }) => path)).toEqual(["/v1/responses"]);
  });

  it("embeddings are unit vectors of the dimensions asked for", async () => {
    mock.onEmbedding(/./u, { embedding: Array.from({ length: 256 }, (_, index) => Math.sin(index + 1)) });
    const endpoint = { apiKey: "sk-mock", baseUrl: `${mock.url}/v1`, model: "text-embedding-3-small" };
    const model = createOpenAiEmbeddings({ ...endpoint, dimensions: 256, purpose: "documents" });

    const vectors = await model.embed(["one", "two"], new AbortController().signal);

    expect(vectors).toHaveLength(2);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });
});
