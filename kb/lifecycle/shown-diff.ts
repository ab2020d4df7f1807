import type { Queryable } from "../../src/ports/database.js";
import type { LibraryReader } from "../../src/ports/document-library.js";
import type { SyncDiff, SyncRemark } from "../../src/ports/knowledge.js";

// As for a list of documents: each is told to those who may read its current text, or its last one. What never became a
// document is told to those who may read the source.
const TOLD = `
  select named.external_id
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
     and case when newest.id is null then source.acl && $3::text[]
              else exists (select from chunk where chunk.tenant_id = $1 and chunk.version_id = newest.id
                                               and chunk.acl && $3::text[]) end`;

/** What a reader may know of a run of a source: without the names of documents that they may not read, which are counted. */
export async function shownDiff(
  transaction: Queryable,
  { tenantId, audience }: LibraryReader,
  diff: SyncDiff,
): Promise<SyncDiff> {
  if (audience === null) return diff;
  const remarks = [...diff.failed, ...diff.skipped, ...diff.remarks].map(({ externalId }) => externalId);
  const named = new Set([...diff.added, ...diff.changed, ...diff.removed, ...diff.heldRemovals, ...remarks]);
  const values = [tenantId, diff.runId, audience, [...named]];
  const { rows } = await transaction.query<{ external_id: string }>(TOLD, values);
  // What is said of the source as a whole has no name.
  const told = new Set(["", ...rows.map((row) => row.external_id)]);
  const hidden = [...named].filter((name) => !told.has(name)).length;
  if (hidden === 0) return diff;
  const ofNames = (names: readonly string[]) => names.filter((name) => told.has(name));
  const ofRemarks = (all: readonly SyncRemark[]) => all.filter(({ externalId }) => told.has(externalId));
  return {
    ...diff,
    added: ofNames(diff.added),
    changed: ofNames(diff.changed),
    removed: ofNames(diff.removed),
    heldRemovals: ofNames(diff.heldRemovals),
    failed: ofRemarks(diff.failed),
    skipped: ofRemarks(diff.skipped),
    remarks: ofRemarks(diff.remarks),
    hidden,
  };
}
