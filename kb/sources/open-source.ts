import { stat } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "../../src/ports/errors.js";
import type { SourceKind } from "../../src/ports/knowledge.js";
import { confluenceKind } from "./confluence-kind.js";
import { entriesKind } from "./entries-source.js";
import { pushKind } from "../push/push-kind.js";
import { createFolderSource } from "./folder-source.js";
import { gitKind } from "./git-kind.js";
import { createJsonlSource } from "./jsonl-source.js";
import { githubKind } from "./github-kind.js";
import { slackKind } from "./slack-kind.js";
import { sharepointKind } from "./sharepoint-kind.js";
import type { Source } from "./source.js";
import { webKind } from "./web-kind.js";
import { notionKind } from "./notion-kind.js";
import { zendeskKind } from "./zendesk-kind.js";
import { refuseOptions } from "./source-kind.js";
import type { SourceKindDefinition, SourcePlace, SourceRecord, SourceServices } from "./source-kind.js";

const CORPUS_FILE = "corpus.jsonl";

/** A folder that holds a `corpus.jsonl` is that corpus. */
const folder: SourceKindDefinition = {
  checkOptions: refuseOptions,
  async check(record) {
    refuseOptions(record);
    const { location } = record;
    const stats = await statOf(location);
    if (stats.isDirectory()) return;
    throw new UsageError(`${location} is not a folder. Add the folder it lies in, or a .jsonl file as kind jsonl.`);
  },
  async open({ location }) {
    const corpus = path.join(location, CORPUS_FILE);
    return (await isFile(corpus)) ? createJsonlSource(corpus) : createFolderSource(location);
  },
};

const jsonl: SourceKindDefinition = {
  checkOptions: refuseOptions,
  async check(record) {
    refuseOptions(record);
    const { location } = record;
    const stats = await statOf(location);
    if (!stats.isDirectory() || (await isFile(path.join(location, CORPUS_FILE)))) return;
    throw new UsageError(`${location} holds no ${CORPUS_FILE}. Name the file, or add the folder as kind folder.`);
  },
  async open({ location }) {
    const corpus = path.join(location, CORPUS_FILE);
    return createJsonlSource((await isFile(corpus)) ? corpus : location);
  },
};

/** One line for each kind that can be synced. */
const KINDS: Partial<Record<SourceKind, SourceKindDefinition>> = {
  folder,
  jsonl,
  git: gitKind,
  push: pushKind,
  web: webKind,
  entries: entriesKind,
  zendesk: zendeskKind,
  confluence: confluenceKind,
  notion: notionKind,
  slack: slackKind,
  github: githubKind,
  sharepoint: sharepointKind,
};

/** Opens the place that a source's record points at. @throws {UsageError} for a kind that this version does not read. */
export async function openSource(record: SourceRecord, place: SourcePlace): Promise<Source> {
  return definitionOf(record.kind).open(record, place);
}

/** @throws {UsageError} when there is nothing of the source's kind at its location. */
export async function checkSourceRecord(record: SourceRecord, services: SourceServices): Promise<void> {
  await definitionOf(record.kind).check(record, services);
}

/** Looks at location and options alone. @throws {UsageError} naming all that is wrong with them and what is right */
export function checkSourceOptions(record: SourceRecord): void {
  definitionOf(record.kind).checkOptions(record);
}

function definitionOf(kind: SourceKind): SourceKindDefinition {
  const definition = KINDS[kind];
  if (definition !== undefined) return definition;
  throw new UsageError(`Sources of the kind ${kind} are not read. There are: ${Object.keys(KINDS).join(", ")}.`);
}

async function statOf(location: string) {
  if (!path.isAbsolute(location)) throw new UsageError(`${location} is not an absolute path.`);
  const stats = await stat(location).catch(() => null);
  if (stats === null) throw new UsageError(`${location} is not there. Check the path.`);
  return stats;
}

async function isFile(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => null);
  return stats?.isFile() ?? false;
}
