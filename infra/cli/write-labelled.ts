import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { readDataset } from "../../src/answering/evaluation/read-dataset.js";
import { count } from "../../src/commands/counted.js";
import { CASE_QUERY, type ExportedDocument, type LabelledCases } from "../../src/learning/label-case.js";
import { UsageError } from "../../src/ports/errors.js";

const documentSchema = z.object({ source: z.string(), externalId: z.string() });

export const labelledSchema: z.ZodType<LabelledCases> = z.object({
  queries: z.array(z.object({ id: z.string(), text: z.string(), document: documentSchema.nullable() })),
  documents: z.array(documentSchema.extend({ title: z.string(), text: z.string() })),
  leftOut: z.number(),
});

export interface WrittenLabels {
  readonly questions: number;
  /** That the folder did not have. */
  readonly documents: number;
  readonly leftOut: number;
}

export async function hasCorpus(folder: string): Promise<boolean> {
  const found = await stat(join(resolve(folder), "corpus.jsonl")).catch(() => null);
  return found?.isFile() ?? false;
}

/**
 * Puts labelled cases into a folder of labelled questions. Other questions stay as they are; those of cases are written anew, so
 * that what was taken back is gone. A document is the one that has its id already, or is added as `source/id`.
 * @throws {UsageError} for a folder that is not in the format; nothing is written then
 */
export async function writeLabelled(
  folder: string,
  { queries, documents, leftOut }: LabelledCases,
): Promise<WrittenLabels> {
  const directory = resolve(folder);
  const before = await readLines(directory);
  const known = new Set(before.corpus.map(idIn));
  const idOf = ({ source, externalId }: Pick<ExportedDocument, "source" | "externalId">) =>
    known.has(externalId) ? externalId : `${source}/${externalId}`;
  const ours = documents.filter((document) => !known.has(document.externalId));
  const replaced = new Set(ours.map(idOf));
  const corpus = [
    ...before.corpus.filter((line) => !replaced.has(idIn(line))),
    ...ours.map((document) => JSON.stringify({ id: idOf(document), title: document.title, text: document.text })),
  ];
  const questions = queries.map(({ id, text, document }) =>
    JSON.stringify({ id, text, answerable: document !== null, label: "not-helpful" }),
  );
  const grades = queries.flatMap(({ id, document }) => (document === null ? [] : [`${id}\t${idOf(document)}\t2`]));
  const isOther = (line: string) => !line.startsWith(CASE_QUERY);
  await mkdir(directory, { recursive: true });
  await write(directory, "corpus.jsonl", corpus);
  await write(directory, "queries.jsonl", [...before.queries.filter((line) => isOther(idIn(line))), ...questions]);
  await write(directory, "qrels.tsv", [...before.qrels.filter(isOther), ...grades]);
  return { questions: questions.length, documents: ours.filter((one) => !known.has(idOf(one))).length, leftOut };
}

interface FolderLines {
  readonly corpus: readonly string[];
  readonly queries: readonly string[];
  readonly qrels: readonly string[];
}

async function readLines(directory: string): Promise<FolderLines> {
  if (!(await hasCorpus(directory))) {
    const other = ["queries.jsonl", "qrels.tsv"].map((name) => stat(join(directory, name)).catch(() => null));
    if ((await Promise.all(other)).some((found) => found !== null)) {
      throw new UsageError(`${directory} has questions and no corpus.jsonl. Name another folder.`);
    }
    return { corpus: [], queries: [], qrels: ["query-id\tdoc-id\tgrade"] };
  }
  await readDataset({ directory });
  const linesOf = async (name: string) =>
    (await readFile(join(directory, name), "utf8")).split("\n").filter((line) => line.trim() !== "");
  return {
    corpus: await linesOf("corpus.jsonl"),
    queries: await linesOf("queries.jsonl"),
    qrels: await linesOf("qrels.tsv"),
  };
}

const rowSchema = z.object({ id: z.string() });

function idIn(line: string): string {
  return rowSchema.parse(JSON.parse(line)).id;
}

async function write(directory: string, name: string, lines: readonly string[]): Promise<void> {
  const file = join(directory, name);
  await writeFile(`${file}.new`, lines.map((line) => `${line}\n`).join(""));
  await rename(`${file}.new`, file);
}

export function writtenWords(folder: string, { questions, documents, leftOut }: WrittenLabels): string {
  const added = documents === 0 ? "" : `, ${count(documents, "document")} added`;
  const left =
    leftOut === 0
      ? ""
      : ` ${count(leftOut, "case")} left out: their document is gone. See them: deskhand learn cases labelled`;
  return `${count(questions, "labelled question")} in ${folder}${added}.${left}`;
}
