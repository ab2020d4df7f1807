import { afterEach, describe, expect, it } from "vitest";
import { createEndpointReranker } from "../../../../infra/models/rerank/endpoint-reranker.js";
import { RERANK_APIS, type RerankApi } from "../../../../infra/models/rerank/wire-formats.js";
import type { RerankPassage } from "../../../../src/ports/models.js";
import { FakeRerankEndpoint, type RerankFault } from "../../../fakes/rerank/fake-rerank-endpoint.js";

const passage = (text: string): RerankPassage => ({ title: "Page", headingPath: ["Page", "Part"], text });
const PASSAGES = [passage("About invoices."), passage("Standard delivery takes four days."), passage("Delivery.")];
const QUESTION = "standard delivery days";

const running: FakeRerankEndpoint[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((fake) => fake[Symbol.asyncDispose]()));
});

async function scene(api: RerankApi, options: Partial<Parameters<typeof createEndpointReranker>[0]> = {}) {
  const fake = await FakeRerankEndpoint.start(api);
  running.push(fake);
  const { url, apiKey } = fake;
  const reranker = createEndpointReranker({ api, url, apiKey, model: "rank-1", costPerThousand: 2, ...options });
  const ask = (signal = new AbortController().signal, passages: readonly RerankPassage[] = PASSAGES) =>
    reranker.rerank(QUESTION, passages, signal);
  return { fake, ask };
}

describe.each(RERANK_APIS)("an endpoint that speaks as %s does", (api) => {
  it("is asked once, and gives an order with scores, tokens and the set cost", async () => {
    const { fake, ask } = await scene(api);
    const { order, usage } = await ask();

    expect(order.map(({ place }) => place)).toEqual([1, 2, 0]);
    expect(order[0]?.score).toBe(1);
    expect(usage).toEqual({ calls: 1, inputTokens: api === "jina" ? 42 : 0, outputTokens: 0, cost: 0.002 });
    expect(fake.statuses).toEqual([200]);
    expect(JSON.stringify(fake.requests[0])).toContain("Page > Part\\nStandard delivery");
  });

  it.each<[string, RerankFault, string]>([
    ["a status of its own trouble", { kind: "status", status: 503 }, "unreachable"],
    ["too many requests", { kind: "status", status: 429 }, "rate-limited"],
    ["a used-up quota", { kind: "status", status: 402 }, "quota"],
    ["a page", { kind: "body", body: "<html>" }, "incomplete"],
    ["another form", { kind: "body", body: '{"data":[]}' }, "incomplete"],
    ["a place that was not offered", { kind: "ranking", ranking: [{ index: 3, score: 1 }] }, "incomplete"],
    ["a place below the first", { kind: "ranking", ranking: [{ index: -1, score: 1 }] }, "incomplete"],
    [
      "a place twice",
      {
        kind: "ranking",
        ranking: [
          { index: 1, score: 1 },
          { index: 1, score: 0.5 },
        ],
      },
      "incomplete",
    ],
    ["no place at all", { kind: "ranking", ranking: [] }, "incomplete"],
    ["more than a ranking can be", { kind: "body", body: " ".repeat(1_100_000) }, "incomplete"],
    ["a broken connection", { kind: "disconnects" }, "unreachable"],
  ])("fails after %s", async (_, fault, failure) => {
    const { fake, ask } = await scene(api);
    fake.fails(fault);
    await expect(ask()).rejects.toMatchObject({ code: "model", failure });
  });

  it("is refused with a wrong key, and without one", async () => {
    const wrong = await scene(api, { apiKey: "no" });
    await expect(wrong.ask()).rejects.toMatchObject({ failure: "auth" });
    const none = await scene(api, { apiKey: null });
    await expect(none.ask()).rejects.toMatchObject({ failure: "auth" });
    expect([...wrong.fake.statuses, ...none.fake.statuses]).toEqual([401, 401]);
  });

  it("refuses no passages, as the real one does", async () => {
    const { fake, ask } = await scene(api);
    await expect(ask(undefined, [])).rejects.toMatchObject({ failure: "rejected" });
    expect(fake.requests).toEqual([]);
  });

  it("takes the key to no other address", async () => {
    const [{ fake, ask }, other] = [await scene(api), await scene(api)];
    fake.fails({ kind: "redirect", to: other.fake.url });
    await expect(ask()).rejects.toMatchObject({ failure: "unreachable" });
    expect(other.fake.statuses).toEqual([]);
  });

  it("is given up when it says nothing in time", async () => {
    const { fake, ask } = await scene(api, { limits: { idleMs: 50, totalMs: 500 } });
    fake.fails({ kind: "stalls" });
    await expect(ask()).rejects.toMatchObject({ failure: "timeout" });
  });

  it("ends with the caller's own reason when the caller aborts", async () => {
    const { fake, ask } = await scene(api);
    fake.fails({ kind: "stalls" });
    const caller = new AbortController();
    const asked = ask(caller.signal);
    caller.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
  });
});

it("an endpoint is refused when it is asked in another's way", async () => {
  const { fake } = await scene("tei");
  const { url, apiKey } = fake;
  const reranker = createEndpointReranker({ api: "cohere", url, apiKey, model: "m", costPerThousand: 0 });
  const asked = reranker.rerank(QUESTION, PASSAGES, new AbortController().signal);
  await expect(asked).rejects.toMatchObject({ failure: "rejected" });
});
