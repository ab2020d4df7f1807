import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { DocumentKind } from "../../src/ports/models.js";
import { CHUNKER } from "../chunking/chunk-document.js";
import type { Chunk } from "../chunking/chunk-document.js";
import { blocksToMarkdown } from "../parsing/blocks-to-markdown.js";
import type { ParsedDocument } from "../parsing/parsed-document.js";
import type { FetchedItem } from "../sources/source.js";
import { sourceTextHash } from "./document-hash.js";
import type { KnownDocument } from "./document-store.js";
import type { VersionText } from "./plan-versions.js";
import type { SyncContext } from "./sync-context.js";

/**
 * The text that a person restored and that stays in the place of the document's own, as that is what it was then. Null
 * where nobody restored one, or the source has another text by now.
 */
export async function readKeptText(
  context: SyncContext,
  document: ParsedDocument,
  known: KnownDocument | undefined,
  signal: AbortSignal,
): Promise<VersionText | null> {
  const restored = known?.restored ?? null;
  if (restored?.sourceTextHash !== sourceTextHash(document)) return null;
  const { versionId, sourceTextHash: hash } = restored;
  const { database, tenantId } = context;
  const stored = await database.withTenant(tenantId, (transaction) => readStored(transaction, tenantId, versionId));
  const { externalId, url } = document;
  const chunks = (await cutAgain(context, externalId, stored, signal)) ?? stored.chunks;
  return { ...stored, chunks, url, sourceTextHash: hash };
}

type StoredText = Omit<VersionText, "url" | "sourceTextHash">;

interface StoredRow {
  readonly kind: DocumentKind;
  readonly title: string;
  readonly body: string;
  readonly updated_at: Date | null;
  readonly lang: string | null;
  readonly edited_by: string | null;
}

interface ChunkRow {
  readonly heading_path: string[];
  readonly body: string;
  readonly variants: string[];
  readonly page: number | null;
}

const VERSION = `
  select kind, title, body, updated_at, lang, edited_by from document_version where tenant_id = $1 and id = $2::uuid`;

const CHUNKS = `
  select heading_path, body, variants, page from chunk where tenant_id = $1 and version_id = $2::uuid order by ord`;

async function readStored(transaction: Queryable, tenantId: TenantId, versionId: string): Promise<StoredText> {
  const { rows } = await transaction.query<StoredRow>(VERSION, [tenantId, versionId]);
  const [row] = rows;
  if (row === undefined)
    throw new Error("unreachable: versions go with their documents alone, and the run holds those");
  const { rows: chunks } = await transaction.query<ChunkRow>(CHUNKS, [tenantId, versionId]);
  const { kind, title, body, updated_at: updatedAt, lang, edited_by: editedBy } = row;
  return {
    ...{ kind, title, body, lang, editedBy },
    updatedAt: updatedAt?.toISOString() ?? null,
    chunks: chunks.map(({ heading_path: headingPath, ...rest }) => ({ headingPath, ...rest })),
  };
}

/**
 * Read from its Markdown and cut as everything is cut now. Null where that does not give the same text again, or would
 * lose its pages or bring up what was no passage before: the cut that it has is better then.
 */
async function cutAgain(
  { parse, chunker = CHUNKER }: SyncContext,
  externalId: string,
  { kind, title, body, chunks }: StoredText,
  signal: AbortSignal,
): Promise<readonly Chunk[] | null> {
  const [first, ...others] = chunks;
  if (first === undefined || chunks.some(({ page }) => page !== null)) return null;
  const { variants } = first;
  const line = { id: externalId, title, kind, text: body, variants };
  const item: FetchedItem = { externalId, mediaType: LINE, bytes: Buffer.from(JSON.stringify(line)) };
  const [outcome] = await parse([item], signal);
  const document = outcome?.ok === true ? outcome.documents[0] : undefined;
  if (document === undefined || document.title !== title || blocksToMarkdown(document.blocks) !== body) return null;
  // A page of questions is of the same kind as a question, and was cut into several.
  const isQuestionAndAnswer = kind === "faq" && (others.length === 0 || variants.length > 0);
  const cut = chunker.cut({ ...document, isQuestionAndAnswer });
  const before = wordsOf(chunks);
  return [...wordsOf(cut)].every((word) => before.has(word)) ? cut : null;
}

const LINE = "application/vnd.deskhand.corpus-line+json";

function wordsOf(chunks: readonly Chunk[]): ReadonlySet<string> {
  return new Set(
    chunks.flatMap(({ headingPath, body }) => [...headingPath, body].join(" ").match(/[\p{L}\p{N}]+/gu) ?? []),
  );
}
