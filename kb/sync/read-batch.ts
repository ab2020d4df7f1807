import { errorCode } from "../../src/ports/errors.js";
import { BINARY_CONTENT } from "../parsing/binary-content.js";
import type { ParsedDocument } from "../parsing/parsed-document.js";
import { ItemError } from "../sources/source.js";
import type { FetchedItem, ItemFailure, Source, SourceItem } from "../sources/source.js";
import { itemFingerprint } from "./document-hash.js";
import type { KnownItem } from "./item-store.js";
import type { SyncContext } from "./sync-context.js";

/** What a batch of items holds. Every item is in exactly one of the lists. */
export interface ReadBatch {
  readonly parsed: readonly { readonly item: KnownItem; readonly documents: readonly ParsedDocument[] }[];
  readonly unchanged: readonly KnownItem[];
  readonly failures: readonly ItemFailure[];
  /** Text by their names, and none by what they hold. */
  readonly skipped: readonly ItemFailure[];
}

/**
 * Fetches items, passes over those that are as they were, and parses the others in the sandbox.
 * @param isSettled whether what an unchanged item became before is all there
 */
export async function readBatch(
  context: SyncContext,
  source: Source,
  items: readonly SourceItem[],
  known: ReadonlyMap<string, KnownItem>,
  isSettled: (item: KnownItem) => boolean,
  signal: AbortSignal,
): Promise<ReadBatch> {
  const fetched = await Promise.all(items.map((item) => fetchItem(source, item.externalId, signal)));
  const failures = fetched.flatMap((result) => ("failure" in result ? [result.failure] : []));
  const unchanged: KnownItem[] = [];
  const toParse: { item: FetchedItem; fingerprint: string }[] = [];
  for (const item of fetched.flatMap((result) => ("item" in result ? [result.item] : []))) {
    const fingerprint = itemFingerprint(item, context.source.acl);
    const before = known.get(item.externalId);
    if (before?.fingerprint === fingerprint && isSettled(before)) unchanged.push(before);
    else toParse.push({ item, fingerprint });
  }
  const outcomes = await context.parse(
    toParse.map(({ item }) => item),
    signal,
  );
  const skipped: ItemFailure[] = [];
  const parsed: ReadBatch["parsed"][number][] = [];
  for (const [index, { item, fingerprint }] of toParse.entries()) {
    const { externalId } = item;
    const outcome = outcomes[index];
    if (outcome?.ok === true) {
      const documents = outcome.documents.map((document) => document.externalId);
      parsed.push({ item: { externalId, fingerprint, documents }, documents: outcome.documents });
    } else if (outcome !== undefined) {
      const list = outcome.failure.code === BINARY_CONTENT ? skipped : failures;
      list.push({ externalId, ...outcome.failure });
    }
  }
  return { parsed, unchanged, failures, skipped };
}

type FetchResult = { readonly item: FetchedItem } | { readonly failure: ItemFailure };

async function fetchItem(source: Source, externalId: string, signal: AbortSignal): Promise<FetchResult> {
  try {
    return { item: await source.fetch(externalId, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ItemError) return { failure: { externalId, code: error.code, message: error.message } };
    const message = "Reading failed. Check that the source can be reached; the next sync tries again.";
    return { failure: { externalId, code: errorCode(error), message } };
  }
}
