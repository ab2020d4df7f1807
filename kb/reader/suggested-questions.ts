import type { Database } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";

interface TitleRow {
  title: string;
}

// One question of each of the largest FAQ sheets would need their sizes; the first entries of a sheet are what people
// ask most, so these come first.
const FAQ_TITLES = `
  select document_version.title
    from document
    join document_version on document_version.id = document.current_version_id
    join chunk on chunk.version_id = document_version.id and chunk.ord = 0
   where document.tenant_id = $1 and document_version.kind = 'faq' and chunk.is_current
     and chunk.acl && $2::text[]
   order by length(document.external_id), document.external_id
   limit $3::int`;

/** Questions that the knowledge base answers, to be offered before the first one is asked. May be none. */
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
