import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";

/** What became of an item of a source when it was last read. */
export interface KnownItem {
  readonly externalId: string;
  readonly fingerprint: string;
  /** See {@link toStoredRevision}. */
  readonly revision: string | null;
  /** External ids of the documents it became. */
  readonly documents: readonly string[];
}

interface ItemRow {
  readonly external_id: string;
  readonly fingerprint: string;
  readonly revision: string | null;
  readonly documents: string[];
}

const KNOWN_ITEMS = `
  select external_id, fingerprint, revision, documents from source_item where tenant_id = $1 and source_id = $2::uuid`;

export async function readKnownItems(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
): Promise<ReadonlyMap<string, KnownItem>> {
  const { rows } = await transaction.query<ItemRow>(KNOWN_ITEMS, [tenantId, sourceId]);
  return new Map(
    rows.map(({ external_id: externalId, fingerprint, revision, documents }) => [
      externalId,
      { externalId, fingerprint, revision, documents },
    ]),
  );
}

const WRITE_ITEMS = `
  insert into source_item (tenant_id, source_id, external_id, fingerprint, revision, documents)
    select $1, $2::uuid, new.external_id, new.fingerprint, new.revision,
           array(select jsonb_array_elements_text(new.documents))
      from unnest($3::text[], $4::text[], $5::text[], $6::jsonb[]) as new (external_id, fingerprint, revision, documents)
    on conflict (source_id, external_id)
    do update set fingerprint = excluded.fingerprint, revision = excluded.revision, documents = excluded.documents`;

export async function writeItems(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
  items: readonly KnownItem[],
): Promise<void> {
  if (items.length === 0) return;
  await transaction.query(WRITE_ITEMS, [
    tenantId,
    sourceId,
    items.map((item) => item.externalId),
    items.map((item) => item.fingerprint),
    items.map((item) => item.revision),
    items.map((item) => JSON.stringify(item.documents)),
  ]);
}

const DELETE_ITEMS = `
  delete from source_item where tenant_id = $1 and source_id = $2::uuid and external_id = any($3::text[])`;

export async function deleteItems(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
  externalIds: readonly string[],
): Promise<void> {
  if (externalIds.length > 0) await transaction.query(DELETE_ITEMS, [tenantId, sourceId, externalIds]);
}
