import type { Database } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import {
  EXACT_BELOW_CHUNKS,
  MAX_INDEXED_DIMENSIONS,
  vectorIndexName,
  type VectorIndexes,
} from "../../src/ports/vector-indexes.js";
import { toDatabaseError } from "./database-error.js";
import { connectClient, type ServerSettings } from "./server-pool.js";

interface WantedRow {
  readonly id: string;
  readonly dimensions: number;
  readonly chunks: number;
}

interface PresentRow {
  readonly name: string;
  readonly is_valid: boolean;
}

type Client = Awaited<ReturnType<typeof connectClient>>;

// One that has shrunk keeps its graph for a while, so that documents that come and go do not make and drop it each time.
const WANTED = `
  select index.id::text as id, index.dimensions, total.chunks::int as chunks
    from search_index as index
    join search_statistics as total on total.tenant_id = $1
   where index.tenant_id = $1 and index.is_serving and index.dimensions <= ${MAX_INDEXED_DIMENSIONS}
     and total.chunks >= ${EXACT_BELOW_CHUNKS / 2}`;

// Below row-level security not even the owner sees whose index it is: the comment says so.
const PRESENT = `
  select relation.relname as name, index.indisvalid as is_valid
    from pg_index as index
    join pg_class as relation on relation.oid = index.indexrelid
   where index.indrelid = 'chunk_embedding'::regclass and starts_with(relation.relname, $1)
     and coalesce(obj_description(relation.oid, 'pg_class'), $2) = $2`;

/** Any number that nothing else locks: one process at a time makes indexes. */
const LOCK = 7_246_511;

/** With fewer links the nearest are missed where vectors have no short way to each other; see docs/decisions. */
const GRAPH = { links: 32, breadth: 200 } as const;
/** A graph is made several times faster when it fits into memory. */
const MEMORY_MB = { least: 64, most: 1_024 } as const;
const LINK_BYTES = 930;

/** Makes the graphs over connections of their own: outside of a transaction, so that nobody who writes waits. */
export function createVectorIndexes(database: Database, settings: ServerSettings): VectorIndexes {
  return {
    async keep(tenantId, signal) {
      const wanted = await database.withTenant(tenantId, async (transaction) => {
        const { rows } = await transaction.query<WantedRow>(WANTED, [tenantId]);
        return rows;
      });
      const client = await connectClient(settings, null);
      const cut = () => void client.end();
      signal.addEventListener("abort", cut);
      try {
        signal.throwIfAborted();
        await keepAlone(client, tenantId, wanted);
      } catch (error) {
        throw toDatabaseError(error);
      } finally {
        signal.removeEventListener("abort", cut);
        await client.end();
      }
    },
  };
}

async function keepAlone(client: Client, tenantId: TenantId, wanted: readonly WantedRow[]): Promise<void> {
  const { rows: locks } = await client.query<{ is_held: boolean }>("select pg_try_advisory_lock($1) as is_held", [
    LOCK,
  ]);
  if (locks[0]?.is_held !== true) return;
  const { rows: present } = await client.query<PresentRow>(PRESENT, [vectorIndexName(""), tenantId]);
  const names = new Set(wanted.map(({ id }) => vectorIndexName(id)));
  const made = new Set<string>();
  for (const { name, is_valid: isValid } of present) {
    if (isValid && names.has(name)) made.add(name);
    else await client.query(`drop index concurrently if exists ${name}`);
  }
  for (const index of wanted) {
    if (!made.has(vectorIndexName(index.id)) && index.chunks >= EXACT_BELOW_CHUNKS) await make(client, tenantId, index);
  }
}

async function make(client: Client, tenantId: TenantId, { id, dimensions, chunks }: WantedRow): Promise<void> {
  const name = vectorIndexName(id);
  const megabytes = Math.ceil((chunks * (dimensions * 2 + LINK_BYTES)) / 1e6);
  const memory = Math.min(Math.max(megabytes, MEMORY_MB.least), MEMORY_MB.most);
  await client.query(`set maintenance_work_mem = '${memory}MB'`);
  await client.query(`
    create index concurrently ${name} on chunk_embedding
      using hnsw ((embedding::halfvec(${dimensions})) halfvec_cosine_ops)
      with (m = ${GRAPH.links}, ef_construction = ${GRAPH.breadth})
      where index_id = '${id}'`);
  await client.query(`comment on index ${name} is ${client.escapeLiteral(tenantId)}`);
}
