import type { Database } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";

interface TitleRow {
  title: string;
}

// The first entries of a sheet are what people ask most; the shortest of those is what a button can hold. Every sheet
// gives one before any gives a second, so that what is offered shows how far the documents reach. An entry of a sheet is
// named by its file and its number in it.
const FAQ_TITLES = `
  with entry as (
    select distinct on (document_version.title)
           document_version.title, document.source_id,
           regexp_replace(document.external_id, '#[0-9]+$', '') as sheet,
           coalesce(substring(document.external_id from '#([0-9]+)$')::numeric, 1) as number
      from document
      join document_version on document_version.id = document.current_version_id
      join chunk on chunk.version_id = document_version.id and chunk.ord = 0
     where document.tenant_id = $1 and document_version.kind = 'faq' and chunk.is_current
       and chunk.acl && $2::text[]
     order by document_version.title, document.external_id
  ), first_entry as (
    select *, (row_number() over (partition by source_id, sheet order by number) - 1) / 5 as block from entry
  ), ranked as (
    select *, row_number() over (partition by source_id, sheet order by block, length(title), number) as turn
      from first_entry
  )
  select title from ranked order by turn, length(title), sheet, source_id limit $3::int`;

/**
 * Questions that the knowledge base answers, to be offered before the first one is asked: from as many FAQ sheets as
 * there are, each question once. May be none.
 */
export function suggestedQuestions(
  database: Database,
  tenantId: TenantId,
  audience: readonly string[],
  limit: number,
): Promise<readonly string[]> {
  return database.withTenant(tenantId, async (transaction) => {
    const { rows } = await transaction.query<TitleRow>(FAQ_TITLES, [tenantId, audience, limit]);
    return rows.map(({ title }) => title);
  });
}
