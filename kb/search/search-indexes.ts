import type { Queryable } from "../../src/ports/database.js";
import { newId, type TenantId } from "../../src/ports/ids.js";
import type { ChunkIndexer } from "./chunk-indexer-port.js";

type IndexKey = ChunkIndexer["indexKey"];

/**
 * How long an index that no longer serves is kept: while a process of before still runs with the other model, its syncs
 * must not embed everything anew.
 */
const KEPT_AFTER_SERVING_MINUTES = 60;

/** How long an index that no longer serves cannot win back: while processes are exchanged, those of before still sync. */
const ROLL_OUT_MINUTES = 15;

const FIND_INDEX = `
  select id from search_index where tenant_id = $1 and model = $2 and dimensions = $3::int and chunker = $4`;

const ADD_INDEX = `
  insert into search_index (id, tenant_id, model, dimensions, chunker, is_serving)
    select $5::uuid, $1, $2, $3::int, $4, not exists (select from search_index where tenant_id = $1 and is_serving)
  on conflict do nothing`;

/** The id of the index; the first one of a tenant serves from the beginning. */
export async function ensureIndex(transaction: Queryable, tenantId: TenantId, key: IndexKey): Promise<string> {
  const values = keyValues(tenantId, key);
  for (let attempt = 0; ; attempt += 1) {
    const { rows } = await transaction.query<{ id: string }>(FIND_INDEX, values);
    const [row] = rows;
    if (row !== undefined) return row.id;
    if (attempt > 1) throw new Error("unreachable: the search index was just written");
    await transaction.query(ADD_INDEX, [...values, newId()]);
  }
}

const holdsEveryChunk = (index: string) => `
  not exists (
    select from search_chunk as indexed
     where indexed.tenant_id = $1
       and not exists (
         select from chunk_embedding as embedded
          where embedded.tenant_id = $1 and embedded.index_id = ${index}.id and embedded.chunk_id = indexed.chunk_id))`;

const MAY_SERVE = `
  select index.id::text as id
    from search_index as index
    left join search_index as serving on serving.tenant_id = $1 and serving.is_serving
   where index.tenant_id = $1 and index.model = $2 and index.dimensions = $3::int and index.chunker = $4
     and not index.is_serving and ${holdsEveryChunk("index")}
     and (index.served_until is null
          or serving.id is null
          or index.served_until < clock_timestamp() - make_interval(mins => ${ROLL_OUT_MINUTES})
             and not ${holdsEveryChunk("serving")})`;

const STOP_SERVING = `
  update search_index set is_serving = false, served_until = clock_timestamp() where tenant_id = $1 and is_serving`;

const START_SERVING = `
  update search_index set is_serving = true, served_until = null where tenant_id = $1 and id = $2::uuid`;

/**
 * Makes it the serving one if it holds every chunk of the tenant. One that served before wins back only when the one that
 * took its place lacks chunks, which its own processes would have filled, and a roll-out is over: processes of two models
 * that sync in turns do not switch to and fro.
 */
export async function serveWhenComplete(transaction: Queryable, tenantId: TenantId, key: IndexKey): Promise<void> {
  const { rows } = await transaction.query<{ id: string }>(MAY_SERVE, keyValues(tenantId, key));
  const [index] = rows;
  if (index === undefined) return;
  await transaction.query(STOP_SERVING, [tenantId]);
  await transaction.query(START_SERVING, [tenantId, index.id]);
}

const SERVES = `
  select from search_index
   where tenant_id = $1 and model = $2 and dimensions = $3::int and chunker = $4 and is_serving`;

export async function isServing(transaction: Queryable, tenantId: TenantId, key: IndexKey): Promise<boolean> {
  const { rows } = await transaction.query(SERVES, keyValues(tenantId, key));
  return rows.length > 0;
}

// Its embeddings go with it.
const DROP_FORMER = `
  delete from search_index
   where tenant_id = $1 and not is_serving
     and served_until < clock_timestamp() - make_interval(mins => ${KEPT_AFTER_SERVING_MINUTES})`;

/** Drops indexes that stopped serving a while ago. */
export async function dropFormerIndexes(transaction: Queryable, tenantId: TenantId): Promise<void> {
  await transaction.query(DROP_FORMER, [tenantId]);
}

function keyValues(tenantId: TenantId, { model, dimensions, chunker }: IndexKey): readonly unknown[] {
  return [tenantId, model, dimensions, chunker];
}
