import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode, UsageError } from "../../ports/errors.js";
import type { ConversationTurn } from "../../ports/models.js";
import {
  GROUP_FIELDS,
  type EvaluationDataset,
  type EvaluationDocument,
  type EvaluationQuery,
  type GroupField,
} from "./dataset.js";

export interface DatasetPaths {
  readonly directory: string;
  /** A folder with more documents, without labels. */
  readonly distractors?: string | null;
  /** Other files than the folder's own. */
  readonly queries?: string | null;
  readonly qrels?: string | null;
}

/**
 * Reads a folder in the evaluation format. Distractors follow the folder's own documents.
 * @throws {UsageError} with file and line, for a file that is missing, a row that cannot be read, an id that is there
 * twice, or a grade for a question or document that is not there.
 */
export async function readDataset(paths: DatasetPaths): Promise<EvaluationDataset> {
  const queriesFile = paths.queries ?? join(paths.directory, "queries.jsonl");
  const own = await readDocuments(join(paths.directory, "corpus.jsonl"));
  const distractors = paths.distractors == null ? [] : await readDocuments(join(paths.distractors, "corpus.jsonl"));
  const queries = uniqueById(await readRows(queriesFile, toQuery), queriesFile);
  const documents = uniqueById([...own, ...distractors], join(paths.distractors ?? paths.directory, "corpus.jsonl"));
  const grades = await readGrades(
    paths.qrels ?? join(paths.directory, "qrels.tsv"),
    new Set(documents.map(({ id }) => id)),
  );
  return { documents, queries, grades };
}

function readDocuments(file: string): Promise<readonly EvaluationDocument[]> {
  return readRows(file, (row) => ({ id: text(row, "id"), title: text(row, "title"), text: text(row, "text") }));
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${errorCode(error)}): the evaluation format needs it`, {
      cause: error,
    });
  }
}

async function readRows<Row>(file: string, toRow: (row: Fields) => Row): Promise<readonly Row[]> {
  const lines = (await readText(file)).split("\n");
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      return [toRow(toFields(JSON.parse(line)))];
    } catch (error) {
      throw new UsageError(`${file}, line ${index + 1}: ${reason(error)}`, { cause: error });
    }
  });
}

type Fields = ReadonlyMap<string, unknown>;

class RowError extends UsageError {}

function reason(error: unknown): string {
  return error instanceof RowError ? error.message : "this is not JSON";
}

function toFields(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RowError("a row is one JSON object");
  }
  return new Map(Object.entries(value));
}

function text(row: Fields, name: string): string {
  const value = row.get(name);
  if (typeof value !== "string") throw new RowError(`"${name}" must be a text`);
  return value;
}

function optionalText(row: Fields, name: string): string | null {
  return (row.get(name) ?? null) === null ? null : text(row, name);
}

function toQuery(row: Fields): EvaluationQuery {
  const answerable = row.get("answerable") ?? true;
  if (typeof answerable !== "boolean") throw new RowError(`"answerable" must be true or false`);
  return {
    id: text(row, "id"),
    text: text(row, "text"),
    answerable,
    history: toHistory(row.get("history") ?? []),
    gold: optionalText(row, "gold"),
    groups: toGroups(row),
  };
}

function toGroups(row: Fields): EvaluationQuery["groups"] {
  const groups: Partial<Record<GroupField, string>> = {};
  for (const field of GROUP_FIELDS) {
    const value = optionalText(row, field);
    if (value !== null) groups[field] = value;
  }
  return groups;
}

function toHistory(value: unknown): readonly ConversationTurn[] {
  if (!Array.isArray(value)) throw new RowError(`"history" must be a list`);
  return value.map((turn: unknown) => {
    const fields = toFields(turn);
    const role = text(fields, "role");
    // In this format "agent" is whoever answered; to the bot that was itself.
    if (role !== "user" && role !== "agent") throw new RowError(`a "role" in "history" is "user" or "agent"`);
    return { role: role === "user" ? "customer" : "bot", text: text(fields, "text") };
  });
}

function uniqueById<Row extends { readonly id: string }>(rows: readonly Row[], file: string): readonly Row[] {
  const seen = new Set<string>();
  for (const { id } of rows) {
    if (seen.has(id)) throw new UsageError(`${file}: the id "${id}" is there twice`);
    seen.add(id);
  }
  return rows;
}

async function readGrades(file: string, documents: ReadonlySet<string>): Promise<EvaluationDataset["grades"]> {
  const grades = new Map<string, Map<string, number>>();
  for (const [index, line] of (await readText(file)).split("\n").entries()) {
    const columns = line.replace(/\r$/u, "").split("\t");
    if (line.trim() === "" || (index === 0 && columns[0] === "query-id")) continue;
    const [query, document, grade] = columns;
    if (query === undefined || document === undefined || grade === undefined || !/^\d+$/u.test(grade)) {
      throw new UsageError(
        `${file}, line ${index + 1}: a row is query id, document id and a whole grade, parted by tabs`,
      );
    }
    if (!documents.has(document)) {
      throw new UsageError(`${file}, line ${index + 1}: there is no document "${document}" in the corpus`);
    }
    const ofQuery = grades.get(query) ?? new Map<string, number>();
    grades.set(query, ofQuery.set(document, Number(grade)));
  }
  return grades;
}
