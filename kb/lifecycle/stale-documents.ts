import type { Queryable } from "../../src/ports/database.js";
import { lastMoment } from "./document-rows.js";
import type { LibraryReader, StaleDocument, StaleReport } from "../../src/ports/document-library.js";

/** Documents that a report names at most. */
const LISTED = 200;

const STALE = `
  select source.name as source, document.external_id, version.title, source.owner,
         case when version.valid_until < clock_timestamp() then 'expired' else 'unchanged' end as reason,
         case when version.valid_until < clock_timestamp() then version.valid_until
              else coalesce(version.updated_at, version.created_at) end as since,
         count(*) over ()::int as total
    from document
    join source on source.id = document.source_id and source.tenant_id = $1
    join document_version as version on version.id = document.current_version_id and version.tenant_id = $1
   where document.tenant_id = $1 and source.removed_at is null and source.stepped_aside_at is null and not source.is_demo
     and (version.valid_until < clock_timestamp()
          or coalesce(version.updated_at, version.created_at) < clock_timestamp() - make_interval(days => $2::int))
     and ($3::text[] is null or exists (select from chunk where chunk.tenant_id = $1 and chunk.version_id = version.id
                                                            and chunk.acl && $3::text[]))
   order by since, source.name, document.external_id
   limit ${LISTED}`;

const OWNERLESS = `
  select source.name as source, count(document.id)::int as documents
    from source
    left join document on document.source_id = source.id and document.tenant_id = $1
          and document.current_version_id is not null
   where source.tenant_id = $1 and source.removed_at is null and source.stepped_aside_at is null
     and not source.is_demo and source.owner is null
   group by source.id
   order by source.name`;

interface StaleRow extends Pick<StaleDocument, "source" | "title" | "owner" | "reason"> {
  readonly external_id: string;
  readonly since: Date;
  readonly total: number;
}

export async function readStale(
  transaction: Queryable,
  { tenantId, audience }: LibraryReader,
  days: number,
): Promise<StaleReport> {
  const { rows } = await transaction.query<StaleRow>(STALE, [tenantId, days, audience]);
  const { rows: ownerless } = await transaction.query<StaleReport["ownerless"][number]>(OWNERLESS, [tenantId]);
  const documents = rows.map(({ source, external_id: externalId, title, owner, reason, since }) => {
    const at = reason === "expired" ? lastMoment(since) : since;
    return { source, externalId, title, owner, reason, since: at.toISOString() };
  });
  return { days, documents, total: rows[0]?.total ?? 0, ownerless };
}
