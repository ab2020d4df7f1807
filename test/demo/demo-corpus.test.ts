import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readDataset } from "../../src/answering/evaluation/read-dataset.js";
import { demoCorpus, demoQuestions } from "./demo-corpus.js";

const file = join(demoQuestions, "corpus.jsonl");

it("the corpus beside the demo questions is what the product reads from the demo documents", async () => {
  const corpus = await demoCorpus();
  // To renew it after a change of the documents: UPDATE_DEMO_CORPUS=1 npx vitest run test/demo
  if (process.env["UPDATE_DEMO_CORPUS"] === "1") await writeFile(file, corpus);

  expect(await readFile(file, "utf8")).toBe(corpus);
});

it("every gold sentence of the demo questions stands in a document that answers its question", async () => {
  const { documents, queries, grades } = await readDataset({ directory: demoQuestions });
  const plain = (text: string) => text.replace(/[*_`\\]/gu, "").replace(/\s+/gu, " ");
  const astray = queries.filter(({ id, gold }) => {
    if (gold === null) return false;
    const answering = documents.filter((document) => grades.get(id)?.get(document.id) === 2);
    return !answering.some(({ text }) => plain(text).includes(plain(gold)));
  });

  expect(astray.map(({ id }) => id)).toEqual([]);
  expect(queries.filter(({ answerable }) => answerable)).toHaveLength(40);
  expect(queries.filter(({ answerable }) => !answerable)).toHaveLength(20);
});
