import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { readDataset } from "../../src/answering/evaluation/read-dataset.js";
import { count } from "../../src/commands/counted.js";
import { CASE_QUERY, type ExportedDocument, type LabelledCases } from "../../src/learning/label-case.js";
import type { CaseDocument } from "../../src/ports/answer-cases.js";
import { UsageError } from "../../src/ports/errors.js";

const documentSchema = z.object({ source: z.string(), externalId: z.string() });

export const labelledSchema: z.ZodType<LabelledCases> = z.object({
  queries: z.array(z.object({ id: z.string(), text: z.string(), document: documentSchema.nullable() })),
  documents: z.array(documentSchema.extend({ title: z.string(), text: z.string(), isNamedOnce: z.boolean() })),
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
 * that what was taken back is gone. A document keeps the line that was written of it before; else it is the one of the folder's
 * own that has its id, where no other source has a document of that id; else it is added as `source/id`.
 * @throws {UsageError} for a folder that is not in the format; nothing is written then
 */
export async function writeLabelled(
  folder: string,
  { queries, documents, leftOut }: LabelledCases,
): Promise<WrittenLabels> {
  const directory = resolve(folder);
  const before = await readLines(directory);
  const placed = placeIn(before.corpus.map(rowIn), documents);
  const idOf = ({ source, externalId }: CaseDocument) =>
    placed.find(({ document }) => document.source === source && document.externalId === externalId)?.id ?? "";
  const ours = placed.filter(({ place }) => place !== "folder's");
  const replaced = new Set(ours.map(({ id }) => id));
  const corpus = [
    ...before.corpus.filter((line) => !replaced.has(idIn(line))),
    ...ours.map(({ id, document: { source, externalId, title, text } }) =>
      JSON.stringify({ id, title, text, source, externalId }),
    ),
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
  const added = placed.filter(({ place }) => place === "new").length;
  return { questions: questions.length, documents: added, leftOut };
}

interface PlacedDocument {
  readonly document: ExportedDocument;
  readonly id: string;
  /** One of the folder's own is left as it is. */
  readonly place: "folder's" | "written-before" | "new";
}

/** Which line of the folder each document is. */
function placeIn(rows: readonly Row[], documents: readonly ExportedDocument[]): readonly PlacedDocument[] {
  const keyOf = ({ source, externalId }: CaseDocument) => JSON.stringify([source, externalId]);
  const writtenBefore = new Map(rows.flatMap((row) => (isOfSource(row) ? [[keyOf(row), row.id] as const] : [])));
  const own = new Set(rows.flatMap((row) => (isOfSource(row) ? [] : [row.id])));
  const taken = new Set(rows.map(({ id }) => id));
  return documents.map((document): PlacedDocument => {
    const known = writtenBefore.get(keyOf(document));
    if (known !== undefined) return { document, id: known, place: "written-before" };
    const { source, externalId, isNamedOnce } = document;
    if (isNamedOnce && own.has(externalId)) return { document, id: externalId, place: "folder's" };
    let id = `${source}/${externalId}`;
    while (taken.has(id)) id = `${source}/${id}`;
    taken.add(id);
    return { document, id, place: "new" };
  });
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

const rowSchema = z.object({
  id: z.string(),
  source: z.string().optional().catch(undefined),
  externalId: z.string().optional().catch(undefined),
});
type Row = z.infer<typeof rowSchema>;

function rowIn(line: string): Row {
  return rowSchema.parse(JSON.parse(line));
}

function idIn(line: string): string {
  return rowIn(line).id;
}

/** Whether it was written here, of a document of that source. */
function isOfSource(row: Row): row is Row & CaseDocument {
  return row.source !== undefined && row.externalId !== undefined;
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
