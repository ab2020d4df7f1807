import type { AnswerCase, CaseDocument, CaseLabel } from "../ports/answer-cases.js";
import type { CoreStores } from "../ports/stores.js";
import type { DocumentLibrary, LibraryReader } from "../ports/document-library.js";
import { NotFoundError } from "../ports/errors.js";
import type { TenantId } from "../ports/ids.js";

export interface CaseDesk {
  withCases<T>(tenantId: TenantId, work: (cases: CoreStores["answerCases"]) => Promise<T>): Promise<T>;
  readonly library: Pick<DocumentLibrary, "document" | "documents">;
  /** Names of all sources. */
  sources(): Promise<readonly string[]>;
}

export interface CaseReviewer extends LibraryReader {
  readonly actor: string;
}

/**
 * Says what the answer ought to have come from. @param label null: it is left, and no question to be asked again
 * @throws {NotFoundError} also for a document that the reviewer may not read
 */
export async function labelCase(
  desk: CaseDesk,
  who: CaseReviewer,
  code: string,
  label: CaseLabel | null,
): Promise<AnswerCase> {
  const document = label?.document ?? null;
  if (document !== null) await desk.library.document(who, document.source, document.externalId);
  return desk.withCases(who.tenantId, async (cases) => {
    const { caseId } = await cases.lock(code, who.audience);
    await cases.label(caseId, label, who.actor);
    return cases.lock(caseId, who.audience);
  });
}

/** Cases that were labelled, as labelled questions, with the documents that their labels name. */
export interface LabelledCases {
  readonly queries: readonly LabelledQuery[];
  readonly documents: readonly ExportedDocument[];
  /** Labelled with a document that is gone, or that the reader may not read. */
  readonly leftOut: number;
}

export interface LabelledQuery {
  readonly id: string;
  readonly text: string;
  /** Null: no document answers it. */
  readonly document: CaseDocument | null;
}

export interface ExportedDocument extends CaseDocument {
  readonly title: string;
  readonly text: string;
  /** No other source has a document of that id. */
  readonly isNamedOnce: boolean;
}

/** Every question that this names begins so. */
export const CASE_QUERY = "case-";

/** @param withCorpus also all other documents that everybody may read, for a folder that has none yet */
export async function labelledCases(
  desk: CaseDesk,
  reader: LibraryReader,
  withCorpus: boolean,
): Promise<LabelledCases> {
  const labelled = await desk.withCases(reader.tenantId, (cases) => cases.list("labelled", reader.audience));
  const sources = await desk.sources();
  const documents = new Map<string, FoundDocument>();
  const queries: LabelledQuery[] = [];
  for (const { caseId, question: text, label } of labelled) {
    const document = label?.document ?? null;
    const isThere = document === null || (await keep(desk, reader, document, documents));
    if (isThere) queries.push({ id: `${CASE_QUERY}${caseId}`, text, document });
  }
  if (withCorpus) {
    const everybody = { tenantId: reader.tenantId, audience: ["public"] };
    for (const source of sources) {
      for (const { externalId } of (await desk.library.documents(everybody, source, null)).documents) {
        await keep(desk, everybody, { source, externalId }, documents);
      }
    }
  }
  const leftOut = labelled.length - queries.length;
  const exported: ExportedDocument[] = [];
  for (const document of documents.values()) {
    // A folder without documents of its own has none that it could be taken for.
    const isNamedOnce = withCorpus || (await isOnlyIn(desk, reader, document, sources));
    exported.push({ ...document, isNamedOnce });
  }
  return { queries, documents: exported, leftOut };
}

async function isOnlyIn(
  { library }: CaseDesk,
  reader: LibraryReader,
  { source, externalId }: CaseDocument,
  sources: readonly string[],
): Promise<boolean> {
  for (const other of sources) {
    if (other !== source && (await find(library, reader, { source: other, externalId })) !== null) return false;
  }
  return true;
}

type FoundDocument = Omit<ExportedDocument, "isNamedOnce">;

/** Null for one that is gone, or that the reader may not read. */
async function find(
  library: CaseDesk["library"],
  reader: LibraryReader,
  { source, externalId }: CaseDocument,
): Promise<FoundDocument | null> {
  try {
    const { title, body: text, state } = await library.document(reader, source, externalId);
    return state === "removed" || state === "expired" ? null : { source, externalId, title, text };
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

async function keep(
  { library }: CaseDesk,
  reader: LibraryReader,
  document: CaseDocument,
  documents: Map<string, FoundDocument>,
): Promise<boolean> {
  const key = JSON.stringify([document.source, document.externalId]);
  if (documents.has(key)) return true;
  const found = await find(library, reader, document);
  if (found !== null) documents.set(key, found);
  return found !== null;
}
