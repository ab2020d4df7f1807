import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";

/** What became of an item of a source when it was last read. */
export interface KnownItem {
  readonly externalId: string;
  readonly fingerprint: string;
  /** External ids of the documents it became. */
  readonly documents: readonly string[];
}

const KNOWN_ITEMS = `
  select external_id, fingerprint, documents from source_item where tenant_id = $1 and source_id = $2::uuid`;

export async function readKnownItems(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
): Promise<ReadonlyMap<string, KnownItem>> {
  const { rows } = await transaction.query<{ external_id: string; fingerprint: string; documents: string[] }>(
    KNOWN_ITEMS,
    [tenantId, sourceId],
  );
  return new Map(
    rows.map((row) => [
      row.external_id,
      { externalId: row.external_id, fingerprint: row.fingerprint, documents: row.documents },
    ]),
  );
}

const WRITE_ITEMS = `
  insert into source_item (tenant_id, source_id, external_id, fingerprint, documents)
    select $1, $2::uuid, new.external_id, new.fingerprint, array(select jsonb_array_elements_text(new.documents))
      from unnest($3::text[], $4::text[], $5::jsonb[]) as new (external_id, fingerprint, documents)
    on conflict (source_id, external_id)
    do update set fingerprint = excluded.fingerprint, documents = excluded.documents`;

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
