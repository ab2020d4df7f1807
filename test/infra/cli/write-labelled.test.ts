import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeLabelled } from "../../../infra/cli/write-labelled.js";
import { readDataset } from "../../../src/answering/evaluation/read-dataset.js";
import type { ExportedDocument, LabelledCases } from "../../../src/learning/label-case.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "deskhand-labelled-"));
});
afterEach(async () => rm(folder, { recursive: true }));

const documentOf = (source: string, externalId: string, isNamedOnce: boolean): ExportedDocument => ({
  ...{ source, externalId, isNamedOnce },
  title: `${externalId} of ${source}`,
  text: `What ${source} says.`,
});

function labelled(...documents: readonly ExportedDocument[]): LabelledCases {
  const queries = documents.map(({ source, externalId }, place) => ({
    id: `case-${place}`,
    text: `What does ${source} say?`,
    document: { source, externalId },
  }));
  return { queries, documents, leftOut: 0 };
}

async function fill(...ids: readonly string[]): Promise<void> {
  const lines = ids.map((id) => JSON.stringify({ id, title: id, text: "Own." }));
  await writeFile(join(folder, "corpus.jsonl"), lines.join("\n"));
  await writeFile(join(folder, "queries.jsonl"), '{"id":"q1","text":"Mine?"}\n');
  await writeFile(join(folder, "qrels.tsv"), `query-id\tdoc-id\tgrade\nq1\t${ids[0]}\t2\n`);
}

/** What answers each labelled question, in the words of the folder. */
async function answers(): Promise<readonly (string | undefined)[]> {
  const { documents } = await readDataset({ directory: folder });
  const grades = (await readFile(join(folder, "qrels.tsv"), "utf8")).split("\n").map((line) => line.split("\t"));
  const ids = grades.filter(([query = ""]) => query.startsWith("case-")).map(([, id]) => id);
  return ids.map((wanted) => documents.find(({ id }) => id === wanted)?.text);
}

it("takes a document for none that another source has under the same id, however often it is written", async () => {
  await fill("reset.md");
  const cases = labelled(documentOf("docs", "reset.md", false), documentOf("faq", "reset.md", false));
  await expect(writeLabelled(folder, cases)).resolves.toMatchObject({ documents: 2 });
  await expect(answers()).resolves.toEqual(["What docs says.", "What faq says."]);
  const written = await readFile(join(folder, "corpus.jsonl"), "utf8");
  await expect(writeLabelled(folder, cases)).resolves.toMatchObject({ documents: 0 });
  await expect(readFile(join(folder, "corpus.jsonl"), "utf8")).resolves.toBe(written);
});

it("writes over no document of the folder's own, whatever it is called", async () => {
  await fill("docs/reset.md");
  await writeLabelled(folder, labelled(documentOf("docs", "reset.md", true)));
  await expect(answers()).resolves.toEqual(["What docs says."]);
  const { documents } = await readDataset({ directory: folder });
  expect(documents.find(({ id }) => id === "docs/reset.md")?.text).toBe("Own.");
});

it("takes a document for the folder's own of its id where only one source has it", async () => {
  await fill("reset.md");
  await expect(writeLabelled(folder, labelled(documentOf("docs", "reset.md", true)))).resolves.toMatchObject({
    documents: 0,
  });
  await expect(answers()).resolves.toEqual(["Own."]);
});
