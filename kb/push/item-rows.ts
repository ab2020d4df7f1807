import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { PushedItem } from "./pushed-item.js";

/** A statement takes so much of a push. */
const BYTES_PER_STATEMENT = 4_000_000;

const LOCK_SOURCE = `
  select id from source
   where tenant_id = $1 and name = $2 and kind = 'push' and removed_at is null and stepped_aside_at is null
     for no key update`;

/**
 * Null when there is no such source. One push to a source at a time: the numbers of its changes are then seen in the order
 * in which they were given, and a listing that saw one has seen all before it.
 */
export async function lockPushSource(
  transaction: Queryable,
  tenantId: TenantId,
  sourceName: string,
): Promise<string | null> {
  const { rows } = await transaction.query<{ id: string }>(LOCK_SOURCE, [tenantId, sourceName]);
  return rows[0]?.id ?? null;
}

// Bytes go as base64: both databases take a list of texts.
const STORE = `
  insert into stored_item (tenant_id, source_id, external_id, media_type, bytes, facts, changed_by)
    select $1, $2::uuid, new.external_id, new.media_type, decode(new.content, 'base64'), new.facts, $7
      from unnest($3::text[], $4::text[], $5::text[], $6::jsonb[]) as new (external_id, media_type, content, facts)
    on conflict (source_id, external_id)
    do update set change = default, media_type = excluded.media_type, bytes = excluded.bytes, facts = excluded.facts,
                  changed_at = clock_timestamp(), changed_by = excluded.changed_by
     where (stored_item.media_type, stored_item.bytes, stored_item.facts)
             is distinct from (excluded.media_type, excluded.bytes, excluded.facts)
  returning external_id`;

/** Whose push it is, and where it goes. */
export interface PushPlace {
  readonly tenantId: TenantId;
  readonly sourceId: string;
  readonly actor: string;
}

/** Resolves with the ids of those that are not what was stored before. */
export async function storeItems(
  transaction: Queryable,
  { tenantId, sourceId, actor }: PushPlace,
  items: readonly PushedItem[],
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const group of groupBySize(items)) {
    const { rows } = await transaction.query<{ external_id: string }>(STORE, [
      tenantId,
      sourceId,
      group.map((item) => item.externalId),
      group.map((item) => item.mediaType),
      group.map((item) => Buffer.from(item.bytes).toString("base64")),
      group.map((item) => JSON.stringify(item.facts)),
      actor,
    ]);
    changed.push(...rows.map((row) => row.external_id));
  }
  return changed;
}

function groupBySize(items: readonly PushedItem[]): readonly (readonly PushedItem[])[] {
  const groups: { items: PushedItem[]; bytes: number }[] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (last !== undefined && last.bytes + item.bytes.length <= BYTES_PER_STATEMENT) {
      last.items.push(item);
      last.bytes += item.bytes.length;
    } else groups.push({ items: [item], bytes: item.bytes.length });
  }
  return groups.map((group) => group.items);
}

const MARK_REMOVED = `
  update stored_item set change = default, bytes = null, facts = '{}', changed_at = clock_timestamp(), changed_by = $4
   where tenant_id = $1 and source_id = $2::uuid and external_id = any($3::text[]) and bytes is not null
  returning external_id`;

/** Resolves with the ids of those that were there. */
export async function markRemoved(
  transaction: Queryable,
  { tenantId, sourceId, actor }: PushPlace,
  externalIds: readonly string[],
): Promise<readonly string[]> {
  if (externalIds.length === 0) return [];
  const values = [tenantId, sourceId, externalIds, actor];
  const { rows } = await transaction.query<{ external_id: string }>(MARK_REMOVED, values);
  return rows.map((row) => row.external_id);
}

interface ChangeRow {
  readonly external_id: string;
  readonly change: string;
  readonly is_removed: boolean;
}

export interface ItemChange {
  readonly externalId: string;
  readonly change: bigint;
  readonly isRemoved: boolean;
}

const CHANGES_SINCE = `
  select external_id, change::text as change, bytes is null as is_removed
    from stored_item
   where tenant_id = $1 and source_id = $2::uuid and change > $3::bigint
   order by stored_item.change`;

export async function readChanges(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
  since: bigint,
): Promise<readonly ItemChange[]> {
  const values = [tenantId, sourceId, since.toString()];
  const { rows } = await transaction.query<ChangeRow>(CHANGES_SINCE, values);
  return rows.map((row) => ({
    externalId: row.external_id,
    change: BigInt(row.change),
    isRemoved: row.is_removed,
  }));
}

const FORGET_REMOVED = `
  delete from stored_item
   where tenant_id = $1 and source_id = $2::uuid and bytes is null and change <= $3::bigint`;

/** Of what was removed up to this change, nothing has to be told any more. */
export async function forgetRemoved(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
  upTo: bigint,
): Promise<void> {
  await transaction.query(FORGET_REMOVED, [tenantId, sourceId, upTo.toString()]);
}

interface ContentRow {
  readonly media_type: string;
  readonly bytes: Uint8Array | null;
  readonly facts: unknown;
  readonly change: string;
}

const READ_ITEM = `
  select media_type, bytes, facts, change::text as change from stored_item
   where tenant_id = $1 and source_id = $2::uuid and external_id = $3`;

/** Null when there is none any more. */
export async function readStoredItem(
  transaction: Queryable,
  tenantId: TenantId,
  sourceId: string,
  externalId: string,
): Promise<(ContentRow & { readonly bytes: Uint8Array }) | null> {
  const { rows } = await transaction.query<ContentRow>(READ_ITEM, [tenantId, sourceId, externalId]);
  const [row] = rows;
  if (row === undefined || row.bytes === null) return null;
  return { ...row, bytes: row.bytes };
}
