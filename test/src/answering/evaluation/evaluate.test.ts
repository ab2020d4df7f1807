import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { containsSentence, evaluateAnswers } from "../../../../src/answering/evaluation/evaluate-answers.js";
import { evaluateRetrieval } from "../../../../src/answering/evaluation/evaluate-retrieval.js";
import { readDataset } from "../../../../src/answering/evaluation/read-dataset.js";
import type { Passage } from "../../../../src/ports/knowledge.js";

const CORPUS = [
  { id: "a", title: "Reset", text: "Press the button." },
  { id: "b", title: "Invoices", text: "Monthly." },
];
const QUERIES = [
  { id: "q1", text: "reset?", answerable: true, style: "plain", gold: "Press the button." },
  { id: "q2", text: "invoice?", answerable: true, history: [{ role: "user", text: "hi" }] },
  { id: "q3", text: "weather?", answerable: false, label: "out-of-scope" },
];
const lines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join("\n");

describe("an evaluation folder", () => {
  let directory: string;
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "deskhand-eval-"));
    write("corpus.jsonl", lines(CORPUS));
    write("queries.jsonl", lines(QUERIES));
    write("qrels.tsv", "query-id\tdoc-id\tgrade\nq1\ta\t2\nq2\tb\t1\n");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it.each([
    ["corpus.jsonl", '{"id":"a","title":"t","text":"x"}\n{"id":7}', /corpus\.jsonl, line 2: "id" must be a text/u],
    ["queries.jsonl", "not json", /queries\.jsonl, line 1: this is not JSON/u],
    ["queries.jsonl", '{"id":"q","text":"t","answerable":"yes"}', /line 1: "answerable" must be true or false/u],
    ["queries.jsonl", `${lines(QUERIES)}\n${lines(QUERIES)}`, /the id "q1" is there twice/u],
    ["qrels.tsv", "q1\ta\tgood", /qrels\.tsv, line 1: a row is query id, document id and a whole grade/u],
    ["qrels.tsv", "q1\tzzz\t1", /line 1: there is no document "zzz"/u],
  ])("is refused with file and line when %s holds %j", async (file, text, message) => {
    write(file, text);

    await expect(readDataset({ directory })).rejects.toThrow(message);
  });

  it("is refused when a file is missing", async () => {
    rmSync(join(directory, "qrels.tsv"));

    await expect(readDataset({ directory })).rejects.toMatchObject({ code: "usage" });
  });

  it("scores documents by their best passage and breaks figures down", async () => {
    const dataset = await readDataset({ directory });
    const found = (...ids: string[]): { passages: Passage[] } => ({
      passages: ids.map((externalId) => ({ externalId }) as Passage),
    });
    const { figures: report } = await evaluateRetrieval({
      dataset,
      search: (question) => Promise.resolve(question === "reset?" ? found("a", "a", "b") : found("a", "a", "b")),
    });

    expect(report).toMatchObject({ queries: 2, unlabelled: 1, "success@1": 0.5, "mrr@10": 0.75, "recall@5": 1 });
    expect(report["ndcg@10"]).toBeCloseTo((1 + 1 / Math.log2(3)) / 2, 9);
    expect(report.by.style?.["plain"]?.["ndcg@10"]).toBe(1);
  });

  it("counts an answer to an unanswerable question as wrong, and gives the history", async () => {
    const dataset = await readDataset({ directory });
    const histories: number[] = [];
    const { figures: report } = await evaluateAnswers({
      dataset,
      answer: (question, history) => {
        histories.push(history.length);
        const isReset = question === "reset?";
        return Promise.resolve({
          text: isReset ? "**Press** the button. [1]" : "No idea.",
          confidence: isReset ? 0.9 : 0.2,
          decision: isReset ? "answer" : "hand-off",
          citedDocumentExternalIds: ["a"],
        });
      },
    });

    expect(histories).toEqual([0, 1, 0]);
    expect(report).toMatchObject({ queries: 3, auroc: 1, answered: 1, escalated: 2, gold_found: 1, ties: 2 });
    expect(report.right).toBeCloseTo(1 / 3, 9);
    expect(report.by.label?.["out-of-scope"]?.right).toBe(0);
  });
});

describe("the gold sentence", () => {
  it("is found whatever the markup and spacing, and not when a word differs", () => {
    expect(containsSentence("1. **Press** the\n  button [2].", "Press the button.")).toBe(true);
    expect(containsSentence("Press no button.", "Press the button.")).toBe(false);
  });
});
