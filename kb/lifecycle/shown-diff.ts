import type { Queryable } from "../../src/ports/database.js";
import type { LibraryReader } from "../../src/ports/document-library.js";
import type { SyncDiff, SyncRemark } from "../../src/ports/knowledge.js";
import { itemNamed } from "../sync/repeated-id.js";
import { REMOVED_DOCUMENTS_KEPT_DAYS } from "./removed-documents.js";

// As for a list of documents: each is told to those who may read its current text, or its last one. What could not be read
// and never became a document is told to those who may read the source. An older run may name what was a document once and
// is deleted by now, so it tells nothing of what is none.
const TOLD = `
  select named.external_id, newest.id is not null as is_document
    from sync_run as run
    join source on source.tenant_id = $1 and source.id = run.source_id
   cross join unnest($4::text[]) as named (external_id)
    left join document on document.tenant_id = $1 and document.source_id = source.id
          and document.external_id = named.external_id
    left join lateral (select version.id from document_version as version
                        where version.tenant_id = $1 and version.document_id = document.id
                        order by (version.id is not distinct from document.current_version_id) desc, version.number desc
                        limit 1) as newest on true
   where run.tenant_id = $1 and run.id = $2::uuid
     and case when newest.id is null
              then source.acl && $3::text[] and run.started_at > clock_timestamp() - make_interval(days => $5::int)
              else exists (select from chunk where chunk.tenant_id = $1 and chunk.version_id = newest.id
                                               and chunk.acl && $3::text[]) end`;

interface ToldRow {
  readonly external_id: string;
  readonly is_document: boolean;
}

/** What a reader may know of a run of a source: without the names of documents that they may not read, which are counted. */
export async function shownDiff(
  transaction: Queryable,
  { tenantId, audience }: LibraryReader,
  diff: SyncDiff,
): Promise<SyncDiff> {
  if (audience === null) return diff;
  const before = namesIn(diff);
  const values = [tenantId, diff.runId, audience, [...before].map(itemNamed), REMOVED_DOCUMENTS_KEPT_DAYS];
  const { rows } = await transaction.query<ToldRow>(TOLD, values);
  const documents = new Set(rows.flatMap((row) => (row.is_document ? [row.external_id] : [])));
  // What is said of the source as a whole has no name.
  const items = new Set(["", ...rows.map((row) => row.external_id)]);
  const ofNames = (names: readonly string[]) => names.filter((name) => documents.has(name));
  const ofRemarks = (all: readonly SyncRemark[]) =>
    all.filter(
      ({ externalId, acl }) =>
        items.has(itemNamed(externalId)) && (acl === undefined || acl.some((token) => audience.includes(token))),
    );
  const shown = {
    ...diff,
    added: ofNames(diff.added),
    changed: ofNames(diff.changed),
    removed: ofNames(diff.removed),
    heldRemovals: ofNames(diff.heldRemovals),
    failed: ofRemarks(diff.failed),
    skipped: ofRemarks(diff.skipped),
    remarks: ofRemarks(diff.remarks),
  };
  const hidden = before.size - namesIn(shown).size;
  return hidden === 0 ? diff : { ...shown, hidden };
}

/** All that a run names: documents and items, and an empty name for what is said of the whole source. */
export function namesIn(diff: SyncDiff): ReadonlySet<string> {
  const remarks = [...diff.failed, ...diff.skipped, ...diff.remarks].map(({ externalId }) => externalId);
  return new Set([...diff.added, ...diff.changed, ...diff.removed, ...diff.heldRemovals, ...remarks]);
}
