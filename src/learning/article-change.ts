import { createTwoFilesPatch } from "diff";
import type { Candidate, NearArticle } from "../ports/candidates.js";
import type { DocumentLibrary, LibraryReader } from "../ports/document-library.js";
import { NotFoundError } from "../ports/errors.js";
import type { KnowledgeEntries, KnowledgeEntry } from "../ports/knowledge-entries.js";
import type { OriginalTexts } from "../ports/original-texts.js";
import { proposeEdit } from "./propose-edit.js";

/** What an article would say if it said what an agent has answered. */
export interface ArticleChange {
  readonly source: string;
  readonly externalId: string;
  readonly title: string;
  readonly url: string | null;
  /** Of an entry, which is changed here. All else is changed at its source. */
  readonly entry: KnowledgeEntry | null;
  readonly body: string;
  /** A unified diff; empty where the article says it already. */
  readonly diff: string;
  /** Whether the diff is one of the very file, by its path, so that programs can apply it. */
  readonly isPatch: boolean;
}

export interface ArticleDesk {
  readonly library: Pick<DocumentLibrary, "document">;
  readonly entries: Pick<KnowledgeEntries, "list">;
  readonly originals: OriginalTexts;
}

/** Null where no article is near, or it is gone, or the reader may not read it. */
export async function articleChange(
  desk: ArticleDesk,
  reader: LibraryReader,
  candidate: Candidate,
  signal: AbortSignal,
): Promise<ArticleChange | null> {
  const { article } = candidate;
  if (article === null) return null;
  const { source, externalId } = article;
  const document = await orNull(desk.library.document(reader, source, externalId));
  if (document === null || document.state === "removed") return null;
  const entry = article.isEntry ? await entryOf(desk, reader, article) : null;
  if (article.isEntry && entry === null) return null;
  const original = article.isEntry ? null : await desk.originals.read(reader.tenantId, source, externalId, signal);
  const before = entry?.answer ?? original ?? document.body;
  const after = proposeEdit({ body: before, headingPath: article.headingPath }, candidate) ?? before;
  const { title, url } = document;
  const place = { source, externalId, title, url, entry, isPatch: original !== null };
  return { ...place, body: after, diff: diffOf(original === null ? title : externalId, before, after) };
}

async function entryOf({ entries }: ArticleDesk, { tenantId }: LibraryReader, { externalId }: NearArticle) {
  return (await entries.list(tenantId, "published")).find(({ entryId }) => entryId === externalId) ?? null;
}

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

function diffOf(name: string, before: string, after: string): string {
  if (before === after) return "";
  const patch = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, "", "", { context: 3 });
  return patch.replace(/^=+\n/u, "").replaceAll(/^((?:---|\+\+\+) .*)\t$/gmu, "$1");
}
