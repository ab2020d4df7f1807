import { errorCode } from "../../src/ports/errors.js";
import { CHUNKER } from "../chunking/chunk-document.js";
import { BINARY_CONTENT } from "../parsing/binary-content.js";
import type { ParsedDocument } from "../parsing/parsed-document.js";
import { ItemError } from "../sources/source.js";
import type { FetchedItem, ItemFailure, Source, SourceItem } from "../sources/source.js";
import { withAudience } from "./document-audience.js";
import { bytesHashOf, fromStoredRevision, itemFingerprint, readingBasis, toStoredRevision } from "./document-hash.js";
import type { KnownItem } from "./item-store.js";
import type { SyncContext } from "./sync-context.js";

/** What a batch of items holds. Every item is in exactly one of the lists. */
export interface ReadBatch {
  readonly parsed: readonly ParsedItem[];
  readonly unchanged: readonly KnownItem[];
  /** Unchanged by what they hold, of another revision than before. */
  readonly touched: readonly KnownItem[];
  readonly failures: readonly ItemFailure[];
  /** Text by their names, and none by what they hold. */
  readonly skipped: readonly ItemFailure[];
  /** Of the failed and the skipped, those whose readers the place named. */
  readonly restricted: readonly RestrictedItem[];
}

/** What it holds could not be read; who may read it is known all the same. */
export interface RestrictedItem {
  readonly externalId: string;
  readonly acl: readonly string[];
}

interface ParsedItem {
  readonly item: KnownItem;
  readonly documents: readonly ParsedDocument[];
  /** As the place names them. */
  readonly editedBy: string | null;
  /** Of a line of a corpus, which is one document: whatever changes in it is a change of the document. */
  readonly bytesHash: string | null;
}

export interface KnownItems {
  readonly items: ReadonlyMap<string, KnownItem>;
  /** Whether what an unchanged item became before is all there. */
  isSettled(item: KnownItem): boolean;
}

/** Passes over items that are as they were, by their revision or by their bytes, and parses the others in the sandbox. */
export async function readBatch(
  context: SyncContext,
  source: Source,
  items: readonly SourceItem[],
  known: KnownItems,
  signal: AbortSignal,
): Promise<ReadBatch> {
  const reading: Reading = {
    context,
    source,
    known,
    basis: readingBasis(context.source.acl, context.chunker ?? CHUNKER),
    signal,
  };
  const looks = await Promise.all(items.map((item) => lookAt(reading, item)));
  const toParse = looks.flatMap((look) => (look.kind === "changed" ? [look] : []));
  const outcomes = await context.parse(
    toParse.map(({ fetched }) => fetched),
    signal,
  );
  const failures = looks.flatMap((look) => (look.kind === "failed" ? [look.failure] : []));
  const skipped: ItemFailure[] = [];
  const restricted: RestrictedItem[] = [];
  const parsed: ParsedItem[] = [];
  for (const [index, { fetched, fingerprint, revision }] of toParse.entries()) {
    const { externalId } = fetched;
    const outcome = outcomes[index];
    if (outcome?.ok === true) {
      const documents = outcome.documents.map((document) => document.externalId);
      const item = { externalId, fingerprint, revision, documents };
      const audience = { source: context.source, told: fetched.facts?.acl ?? null };
      parsed.push({
        item,
        documents: outcome.documents.map((document) => withAudience(document, audience)),
        editedBy: fetched.facts?.editedBy ?? null,
        bytesHash: bytesHashOf(fetched),
      });
    } else if (outcome !== undefined) {
      const list = outcome.failure.code === BINARY_CONTENT ? skipped : failures;
      const { code, message } = outcome.failure;
      const acl = fetched.facts?.acl ?? outcome.failure.acl ?? null;
      list.push({ externalId, code, message, ...(acl === null ? {} : { acl }) });
      if (acl !== null) restricted.push({ externalId, acl });
    }
  }
  const unchanged = looks.flatMap((look) => (look.kind === "unchanged" ? [look.item] : []));
  const touched = looks.flatMap((look) => (look.kind === "touched" ? [look.item] : []));
  return { parsed, unchanged, touched, failures, skipped, restricted };
}

interface Reading {
  readonly context: SyncContext;
  readonly source: Source;
  readonly known: KnownItems;
  readonly basis: string;
  readonly signal: AbortSignal;
}

type Look =
  | { readonly kind: "unchanged" | "touched"; readonly item: KnownItem }
  | {
      readonly kind: "changed";
      readonly fetched: FetchedItem;
      readonly fingerprint: string;
      readonly revision: string | null;
    }
  | { readonly kind: "failed"; readonly failure: ItemFailure };

async function lookAt(reading: Reading, listed: SourceItem): Promise<Look> {
  const { context, source, known, basis, signal } = reading;
  const { externalId } = listed;
  const found = known.items.get(externalId);
  const before = found !== undefined && known.isSettled(found) ? found : undefined;
  const last = fromStoredRevision(before?.revision ?? null, basis);
  if (before !== undefined && last !== null && last === listed.revision) return { kind: "unchanged", item: before };
  try {
    const fetched = await source.fetch({ ...listed, known: last }, signal);
    if (fetched === "unchanged") return stillThere(externalId, before);
    const revision = toStoredRevision(fetched.revision ?? listed.revision, basis);
    const fingerprint = itemFingerprint(fetched, context.source.acl, context.chunker ?? CHUNKER);
    if (before?.fingerprint !== fingerprint) return { kind: "changed", fetched, fingerprint, revision };
    return before.revision === revision
      ? { kind: "unchanged", item: before }
      : { kind: "touched", item: { ...before, revision } };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: "failed", failure: { externalId, ...failureOf(error) } };
  }
}

/** @throws a source that says so of an item that it was not asked to compare has a fault. */
function stillThere(externalId: string, before: KnownItem | undefined): Look {
  if (before === undefined) throw new TypeError(`unreachable: ${externalId} was never read and cannot be unchanged`);
  return { kind: "unchanged", item: before };
}

function failureOf(error: unknown): Omit<ItemFailure, "externalId"> {
  if (error instanceof ItemError) return { code: error.code, message: error.message };
  const message = "Reading failed. Check that the source can be reached; the next sync tries again.";
  return { code: errorCode(error), message };
}
