import type { Queryable } from "../../src/ports/database.js";
import { holdRun } from "./run-store.js";
import type { SyncContext } from "./sync-context.js";

/** Who may read a current version from now on, as its place says. */
export interface Closing {
  readonly versionId: string;
  readonly acl: readonly string[];
}

// Who may read under the old and the new audience alike. The audience `public` is everybody; `nobody:…` is nobody. No hash
// may make a later sync pass over what was closed.
const CLOSE = `
  with closing as (
    select new.version_id, array(select jsonb_array_elements_text(new.acl)) as acl
      from unnest($2::uuid[], $3::jsonb[]) as new (version_id, acl)
  ), closed as (
    update chunk
       set acl = case
             when 'public' = any(chunk.acl) then closing.acl
             when chunk.acl && closing.acl
               then array(select reader from unnest(chunk.acl) as reader where reader = any(closing.acl))
             else array[$4] end
      from closing
     where chunk.tenant_id = $1 and chunk.version_id = closing.version_id and not 'public' = any(closing.acl)
       and exists (select from unnest(chunk.acl) as reader
                    where reader <> all(closing.acl) and not starts_with(reader, 'nobody:'))
    returning chunk.version_id
  )
  update document_version set hash = ''
   where tenant_id = $1 and id in (select version_id from closed)
  returning document_id`;

// Whatever they say next is read, also if it is what they said before.
const READ_AGAIN = `
  update source_item set fingerprint = '', revision = null
   where tenant_id = $1 and source_id = $2::uuid
     and documents && array(select external_id from document where tenant_id = $1 and id = any($3::uuid[]))`;

/**
 * Closes current versions to those who may not read them any more, at once: their new text may take long to be indexed,
 * or may not be readable at all. Audiences that grew are left to the new version.
 */
export async function closeVersions(context: SyncContext, closings: readonly Closing[]): Promise<void> {
  const { database, tenantId, runId } = context;
  const narrow = closings.filter(({ acl }) => !acl.includes("public"));
  if (narrow.length === 0) return;
  await database.withTenant(tenantId, async (transaction) => {
    await holdRun(transaction, tenantId, runId);
    await closeWithin(transaction, context, narrow);
  });
}

async function closeWithin(
  transaction: Queryable,
  { tenantId, source, newId }: SyncContext,
  closings: readonly Closing[],
): Promise<void> {
  const versionIds = closings.map(({ versionId }) => versionId);
  const acls = closings.map(({ acl }) => JSON.stringify(acl));
  const values = [tenantId, versionIds, acls, `nobody:${newId()}`];
  const { rows } = await transaction.query<{ document_id: string }>(CLOSE, values);
  const documentIds = rows.map((row) => row.document_id);
  if (documentIds.length > 0) await transaction.query(READ_AGAIN, [tenantId, source.sourceId, documentIds]);
}
