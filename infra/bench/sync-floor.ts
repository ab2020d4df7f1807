import type { Logger } from "../../src/ports/logger.js";
import { encodeParameters } from "../postgres/encode-parameters.js";
import { openDatabase } from "../postgres/open-database.js";
import { connectClient } from "../postgres/server-pool.js";

/**
 * What storing is compared with: the rows of a synced database, read in batches of documents, written into the same tables
 * of an empty one by a plain connection, each batch in one transaction, with the counts of terms and the sums kept at each
 * commit. No parsing, no run, no role, no triggers; only writing is timed. One message in, one out.
 */
export interface FloorJob {
  readonly fromUrl: string;
  readonly toUrl: string;
  readonly documentsPerTransaction: number;
}

export interface FloorResult {
  readonly storeMs: number;
  readonly documents: number;
  readonly chunks: number;
  readonly postings: number;
}

type Client = Awaited<ReturnType<typeof connectClient>>;

interface Step {
  /** Its rows as one row of lists; `$1` are the documents. */
  readonly read: string;
  /** Writes those lists. */
  readonly write: string;
}

const SETTINGS = { poolSize: 1, statementTimeoutMs: 120_000, connectionTimeoutMs: 5_000 };
const quiet: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A table that is written as it is read, by lists of its columns. */
function plain(table: string, columns: Readonly<Record<string, string>>, where: string): Step {
  const names = Object.keys(columns);
  const lists = names.map(
    (name) => `array_agg(${isList(columns[name]) ? `to_json(${name})::text` : name} order by ctid)`,
  );
  const parameters = names.map((name, index) => `$${index + 1}::${isList(columns[name]) ? "json" : columns[name]}[]`);
  const selected = names.map((name) =>
    isList(columns[name]) ? `array(select json_array_elements_text(new.${name}))` : `new.${name}`,
  );
  return {
    read: `select ${lists.map((list, index) => `${list} as c${index}`).join(", ")} from ${table} where ${where}`,
    write: `insert into ${table} (${names.join(", ")})
      select ${selected.join(", ")} from unnest(${parameters.join(", ")}) as new (${names.join(", ")})`,
  };
}

function isList(type: string | undefined): boolean {
  return type?.endsWith("[]") === true;
}

const TENANT = { tenant_id: "text" };
const OF_DOCUMENTS = "document_id = any($1::uuid[])";

const STEPS: readonly Step[] = [
  plain("document", { id: "uuid", ...TENANT, source_id: "uuid", external_id: "text" }, "id = any($1::uuid[])"),
  plain(
    "document_version",
    {
      ...{ id: "uuid", ...TENANT, document_id: "uuid", number: "int", hash: "text", kind: "text", title: "text" },
      ...{ body: "text", url: "text", updated_at: "timestamptz", lang: "text", edited_by: "text" },
      ...{ valid_from: "timestamptz", valid_until: "timestamptz", acl: "text[]" },
    },
    OF_DOCUMENTS,
  ),
  plain(
    "chunk",
    {
      ...{ id: "uuid", ...TENANT, document_id: "uuid", version_id: "uuid", ord: "int", heading_path: "text[]" },
      ...{ body: "text", variants: "text[]", acl: "text[]", is_current: "boolean", page: "int" },
    },
    OF_DOCUMENTS,
  ),
  {
    read: `select array_agg(id) as c0, array_agg(current_version_id) as c1 from document where id = any($1::uuid[])`,
    write: `update document set current_version_id = new.version_id
              from unnest($1::uuid[], $2::uuid[]) as new (id, version_id) where document.id = new.id`,
  },
  plain(
    "search_chunk",
    {
      ...{ chunk_id: "uuid", ...TENANT, document_id: "uuid", acl: "text[]", is_first: "boolean", title_length: "int" },
      ...{ heading_length: "int", question_length: "int", body_length: "int", document_heading_length: "int" },
      ...{ document_body_length: "int", valid_from: "timestamptz", valid_until: "timestamptz" },
    },
    OF_DOCUMENTS,
  ),
  {
    read: `select array_agg(tenant_id) as c0, array_agg(document_id) as c1, array_agg(chunk_id) as c2,
                  array_agg(terms) as c3, array_agg(firsts) as c4, array_agg(titles) as c5, array_agg(headings) as c6,
                  array_agg(questions) as c7, array_agg(bodies) as c8
             from (select tenant_id, document_id, chunk_id, string_agg(term, ' ') as terms,
                          string_agg(is_first::text, ' ') as firsts, string_agg(title::text, ' ') as titles,
                          string_agg(heading::text, ' ') as headings, string_agg(question::text, ' ') as questions,
                          string_agg(body::text, ' ') as bodies
                     from search_posting where ${OF_DOCUMENTS} group by tenant_id, document_id, chunk_id) as packed`,
    write: `insert into search_posting (tenant_id, term, document_id, chunk_id, is_first, title, heading, question, body)
      select new.tenant_id, posting.term, new.document_id, new.chunk_id, posting.is_first, posting.title,
             posting.heading, posting.question, posting.body
        from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                    $9::text[])
             as new (tenant_id, document_id, chunk_id, terms, firsts, titles, headings, questions, bodies)
       cross join lateral unnest(
               string_to_array(terms, ' '), string_to_array(firsts, ' ')::boolean[],
               string_to_array(titles, ' ')::smallint[], string_to_array(headings, ' ')::smallint[],
               string_to_array(questions, ' ')::smallint[], string_to_array(bodies, ' ')::smallint[])
             as posting (term, is_first, title, heading, question, body)
       order by posting.term collate "C"`,
  },
  {
    read: `select array_agg(tenant_id) as c0, array_agg(term) as c1, array_agg(chunks) as c2, array_agg(documents) as c3
             from (select tenant_id, term, count(*)::int as chunks, (count(*) filter (where is_first))::int as documents
                     from search_posting where ${OF_DOCUMENTS}
                    group by tenant_id, term order by tenant_id, term) as counted`,
    write: `insert into search_term as known (tenant_id, prefix, term, chunks, documents)
      select new.tenant_id, left(new.term, 2), new.term, new.chunks, new.documents
        from unnest($1::text[], $2::text[], $3::int[], $4::int[]) as new (tenant_id, term, chunks, documents)
      on conflict (tenant_id, prefix, term) do update
        set chunks = known.chunks + excluded.chunks, documents = known.documents + excluded.documents`,
  },
  {
    read: `select tenant_id as c0, count(*)::int as c1, (count(*) filter (where is_first))::int as c2,
                  sum(title_length)::int as c3, sum(heading_length)::int as c4, sum(question_length)::int as c5,
                  sum(body_length)::int as c6
             from search_chunk where ${OF_DOCUMENTS} group by tenant_id`,
    write: `insert into search_statistics as total
          (tenant_id, chunks, documents, title_length, heading_length, question_length, body_length)
      values ($1, $2::int, $3::int, $4::int, $5::int, $6::int, $7::int)
      on conflict (tenant_id) do update
        set chunks = total.chunks + excluded.chunks, documents = total.documents + excluded.documents,
            title_length = total.title_length + excluded.title_length,
            heading_length = total.heading_length + excluded.heading_length,
            question_length = total.question_length + excluded.question_length,
            body_length = total.body_length + excluded.body_length`,
  },
  plain(
    "source_item",
    { ...TENANT, source_id: "uuid", external_id: "text", fingerprint: "text", revision: "text", documents: "text[]" },
    `external_id in (select external_id from document where id = any($1::uuid[]))`,
  ),
];

const READ_VECTORS = `
  select tenant_id, index_id, chunk_id, text_hash, embedding::real[]::text as embedding
    from chunk_embedding where chunk_id in (select id from chunk where ${OF_DOCUMENTS})`;

const WRITE_VECTORS = `
  insert into chunk_embedding (tenant_id, index_id, chunk_id, text_hash, embedding)
    select new.tenant_id, new.index_id, new.chunk_id, new.text_hash,
           ($5::real[])[(place - 1) * $6::int + 1 : place * $6::int]::vector
      from unnest($1::text[], $2::uuid[], $3::uuid[], $4::bytea[]) with ordinality
           as new (tenant_id, index_id, chunk_id, text_hash, place)`;

interface VectorRow {
  readonly tenant_id: string;
  readonly index_id: string;
  readonly chunk_id: string;
  readonly text_hash: Buffer;
  readonly embedding: string;
}

type Write = readonly [text: string, values: readonly unknown[]];

async function readBatch(from: Client, documents: readonly string[]): Promise<readonly Write[]> {
  const writes: Write[] = [];
  for (const { read, write } of STEPS) {
    const { rows } = await from.query<Record<string, unknown>>(read, [documents]);
    for (const row of rows) writes.push([write, Object.values(row)]);
  }
  const { rows } = await from.query<VectorRow>(READ_VECTORS, [documents]);
  const vectors = rows.map((row) => Float32Array.from(row.embedding.slice(1, -1).split(","), Number));
  const columns = [
    rows.map((row) => row.tenant_id),
    rows.map((row) => row.index_id),
    rows.map((row) => row.chunk_id),
    rows.map((row) => row.text_hash),
  ];
  return [...writes, [WRITE_VECTORS, [...columns, vectors, vectors[0]?.length ?? 0]]];
}

async function writeBatch(to: Client, writes: readonly Write[]): Promise<number> {
  const startedAt = performance.now();
  await to.query("begin");
  for (const [text, values] of writes) await to.query(text, encodeParameters(values));
  await to.query("commit");
  return performance.now() - startedAt;
}

const WITHOUT_TRIGGERS = `
  alter table chunk disable trigger user; alter table search_chunk disable trigger user;
  alter table search_posting disable trigger user`;

const PARENTS = ["source", "search_index"] as const;

async function prepare(from: Client, to: Client): Promise<void> {
  await to.query(WITHOUT_TRIGGERS);
  for (const table of PARENTS) {
    const { rows } = await from.query<{ row: unknown }>(`select to_json(${table}) as row from ${table}`);
    for (const { row } of rows) {
      await to.query(`insert into ${table} select * from json_populate_record(null::${table}, $1)`, [
        JSON.stringify(row),
      ]);
    }
  }
}

async function run({ fromUrl, toUrl, documentsPerTransaction }: FloorJob): Promise<FloorResult> {
  await (await openDatabase({ kind: "postgres", url: toUrl, ...SETTINGS }, quiet))[Symbol.asyncDispose]();
  const from = await connectClient({ url: fromUrl, ...SETTINGS }, null);
  const to = await connectClient({ url: toUrl, ...SETTINGS }, null);
  try {
    await prepare(from, to);
    const { rows } = await from.query<{ id: string }>("select id from document order by id");
    let storeMs = 0;
    for (let start = 0; start < rows.length; start += documentsPerTransaction) {
      const documents = rows.slice(start, start + documentsPerTransaction).map((row) => row.id);
      storeMs += await writeBatch(to, await readBatch(from, documents));
    }
    return { storeMs, ...(await compare(from, to)) };
  } finally {
    await from.end();
    await to.end();
  }
}

const COUNTS = `
  select (select count(*) from document where current_version_id is not null)::int as documents,
         (select count(*) from search_chunk)::int as chunks, (select count(*) from search_posting)::int as postings,
         (select count(*) from chunk_embedding)::int as vectors, (select count(*) from source_item)::int as items,
         (select count(*) from search_term)::int as terms, (select sum(chunks) from search_term)::int as uses,
         (select sum(body_length) from search_statistics)::int as lengths`;

interface Counts {
  readonly documents: number;
  readonly chunks: number;
  readonly postings: number;
}

/** @throws when the floor wrote something else: then it is no floor. */
async function compare(from: Client, to: Client): Promise<Counts> {
  const read = async (client: Client) => (await client.query<Counts>(COUNTS)).rows[0];
  const [original, copy] = [await read(from), await read(to)];
  if (original === undefined || JSON.stringify(original) !== JSON.stringify(copy)) {
    throw new TypeError(`the floor wrote ${JSON.stringify(copy)} instead of ${JSON.stringify(original)}`);
  }
  const { documents, chunks, postings } = original;
  return { documents, chunks, postings };
}

process.on("message", (job: FloorJob) => {
  run(job).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
