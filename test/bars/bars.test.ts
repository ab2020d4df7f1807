import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { measure } from "./measure.js";

const databaseUrl = process.env["TEST_DATABASE_URL"];
const dataDirectory = process.env["TEST_DATA_DIR"];

/** nDCG@10 of plain BM25 over all questions; docs/decisions/0007-learned-ranking.md. */
const BM25_NDCG: readonly { readonly dataset: string; readonly distractors?: string; readonly bm25: number }[] = [
  { dataset: "kb-demo-zulip", bm25: 0.644 },
  { dataset: "kb-demo-zulip", distractors: "kb-scale", bm25: 0.526 },
  { dataset: "kb-demo-logingov", bm25: 0.532 },
  { dataset: "stackfaq", bm25: 0.734 },
  { dataset: "stackfaq-esc", bm25: 0.778 },
  { dataset: "banking77-oos", bm25: 0.809 },
  { dataset: "clinc150-oos", bm25: 0.868 },
];

describe("the demo knowledge base without a key", () => {
  test("quotes the gold sentence for seven of ten answerable questions, in at most 80 words", async () => {
    const figures = await measure(["eval", "answers", "kb/demo/questions"]);
    expect(figures["gold_found"]).toBeGreaterThanOrEqual(0.7);
    expect(figures["answer_words_p50"]).toBeLessThanOrEqual(80);
  });
});

describe.skipIf(dataDirectory === undefined)("labelled data sets (needs TEST_DATA_DIR)", () => {
  test("kb-demo-zulip: nDCG@10 is at least 0.69 without a key", async () => {
    const figures = await measure(["eval", "retrieval", join(dataDirectory ?? "", "kb-demo-zulip")]);
    expect(figures["ndcg@10"]).toBeGreaterThanOrEqual(0.69);
  });

  test("nDCG@10 is on the mean at least 1.12 times that of BM25, below it nowhere, and 0.63 among 4,140 other pages", async () => {
    const ratios: number[] = [];
    for (const { dataset, distractors, bm25 } of BM25_NDCG) {
      const further = distractors === undefined ? [] : ["--distractors", join(dataDirectory ?? "", distractors)];
      const figures = await measure(["eval", "retrieval", join(dataDirectory ?? "", dataset), ...further]);
      const ndcg = Number(figures["ndcg@10"]);
      console.log(`${dataset} ${distractors ?? ""}: ${ndcg.toFixed(3)}`);
      if (distractors !== undefined) expect(ndcg).toBeGreaterThanOrEqual(0.63);
      ratios.push(ndcg / bm25);
    }
    expect(Math.min(...ratios)).toBeGreaterThanOrEqual(1);
    expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length).toBeGreaterThanOrEqual(1.12);
  }, 600_000);

  test("kb-demo-zulip: right answers are told from wrong ones by the confidence (AUROC 0.9, AURC 0.24)", async () => {
    const figures = await measure(["eval", "answers", join(dataDirectory ?? "", "kb-demo-zulip")]);
    expect(figures["auroc"]).toBeGreaterThanOrEqual(0.9);
    expect(figures["aurc"]).toBeLessThanOrEqual(0.24);
  });
});

describe.skipIf(databaseUrl === undefined)("10,000 chunks on PostgreSQL (needs TEST_DATABASE_URL)", () => {
  // Milliseconds depend on the machine and what else it does: the ratio is the guard, the figures are printed. It varies by a
  // tenth from run to run, so the middle one of three counts.
  test("a whole answer takes at most three times as long as its search statements alone, and finding a 20th of it", async () => {
    const ratios: number[] = [];
    for (let run = 0; run < 3; run += 1) {
      const figures = await measure(["bench", "answer"], { DATABASE_URL: databaseUrl ?? "" });
      console.log(JSON.stringify(figures));
      expect(figures["retrieval_share_p95"]).toBeLessThanOrEqual(0.05);
      ratios.push(Number(figures["ratio"]));
    }
    expect(ratios.toSorted((one, other) => one - other)[1]).toBeLessThanOrEqual(3);
  }, 600_000);
});

describe.skipIf(databaseUrl === undefined)("50 handoffs at the same time (needs TEST_DATABASE_URL)", () => {
  test("each message is relayed once, 19 of 20 within 1.5 seconds", async () => {
    const figures = await measure(["bench", "relay"], { DATABASE_URL: databaseUrl ?? "" });
    console.log(JSON.stringify(figures));
    expect(figures).toMatchObject({ lost: 0, unexpected: 0 });
    expect(figures["p95_ms"]).toBeLessThanOrEqual(1_500);
  });
});
