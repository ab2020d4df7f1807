import { nearestInGraph } from "../../src/ports/vector-indexes.js";
import { analyze } from "../../src/text/analyze.js";
import { encodeParameters } from "../postgres/encode-parameters.js";
import { connectClient } from "../postgres/server-pool.js";

type Client = Awaited<ReturnType<typeof connectClient>>;

const TOP = 20;

const TABLES = ["search_index", "search_chunk", "search_posting", "search_term", "chunk_embedding"];

const READ_INDEX = `
  select id::text as id, (select count(*)::int from search_chunk) as chunks,
         (select avg(title_length + heading_length + question_length + body_length)::float8 from search_chunk) as mean
    from search_index where is_serving`;

interface IndexRow {
  readonly id: string;
  readonly chunks: number;
  readonly mean: number;
}

// BM25 with the usual constants; the idf travels with the question. Lists are read whole, by the index; lengths are joined by hashing.
const LEXICAL = `
  select posting.chunk_id,
         sum(wanted.idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / $3::float8))) as score
    from unnest($1::text[], $2::float8[]) as wanted (term, idf)
    cross join lateral (
      select chunk_id, (title + heading + question + body)::float8 as count
        from search_posting where tenant_id = 'default' and term = wanted.term
      offset 0
    ) as posting
    join (
      select chunk_id, (title_length + heading_length + question_length + body_length)::float8 as length from search_chunk
      offset 0
    ) as indexed using (chunk_id)
   group by posting.chunk_id
   order by score desc
   limit ${TOP}`;

const exactly = (indexId: string) => `
  select chunk_id::text as id from chunk_embedding
   where index_id = '${indexId}' order by embedding <=> $1::vector limit ${TOP}`;

const nearly = (indexId: string, dimensions: number) => `
  select chunk_id::text as id from chunk_embedding
   where index_id = '${indexId}'
   order by embedding::halfvec(${dimensions}) <=> $1::vector::halfvec(${dimensions}) limit ${TOP}`;

/**
 * What retrieval is compared with: the nearest 20 by the graph and the best 20 by exact BM25 over the words that carry a
 * topic, one after the other over a plain connection. No tenant, no audience, no misspelt words, no texts.
 */
export class RetrievalFloor {
  readonly #client: Client;
  readonly #index: IndexRow;
  readonly #dimensions: number;
  /** How many chunks hold a term. */
  readonly #uses: ReadonlyMap<string, number>;

  private constructor(client: Client, index: IndexRow, dimensions: number, uses: ReadonlyMap<string, number>) {
    this.#client = client;
    this.#index = index;
    this.#dimensions = dimensions;
    this.#uses = uses;
  }

  /** On a database that is thrown away: its tables no longer ask the owner for a tenant. */
  static async open(url: string, dimensions: number): Promise<RetrievalFloor> {
    const client = await connectClient(
      { url, poolSize: 1, statementTimeoutMs: 120_000, connectionTimeoutMs: 5_000 },
      null,
    );
    for (const table of TABLES) await client.query(`alter table ${table} no force row level security`);
    await client.query("vacuum analyze");
    const { rows } = await client.query<IndexRow>(READ_INDEX);
    const [index] = rows;
    if (index === undefined) throw new Error("unreachable: what was loaded is served");
    const terms = await client.query<{ term: string; chunks: number }>("select term, chunks::int from search_term");
    const uses = terms.rows.map(({ term, chunks }) => [term, chunks] as const);
    // The planner would rather compare and sort all of a table that fits into memory.
    await client.query(
      `set hnsw.ef_search = ${nearestInGraph(index.chunks)}; set enable_sort = off; set enable_nestloop = off; set jit = off`,
    );
    return new RetrievalFloor(client, index, dimensions, new Map(uses));
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  async search(question: string, vector: Float32Array): Promise<void> {
    await this.nearest(vector);
    const words = analyze(question, "english").flatMap(({ term, isWeak }) => (isWeak ? [] : [term]));
    const terms = [...new Set(words)];
    const { chunks, mean } = this.#index;
    const idf = terms.map((term) => {
      const uses = this.#uses.get(term) ?? 0;
      return Math.log(1 + (chunks - uses + 0.5) / (uses + 0.5));
    });
    await this.#client.query({ name: "lexical", text: LEXICAL, values: [terms, idf, mean] });
  }

  /** By the graph. */
  async nearest(vector: Float32Array): Promise<readonly string[]> {
    return this.#ids("nearly", nearly(this.#index.id, this.#dimensions), vector);
  }

  async exactlyNearest(vector: Float32Array): Promise<readonly string[]> {
    return this.#ids("exactly", exactly(this.#index.id), vector);
  }

  async #ids(name: string, text: string, vector: Float32Array): Promise<readonly string[]> {
    const { rows } = await this.#client.query<{ id: string }>({ name, text, values: encodeParameters([vector]) });
    return rows.map(({ id }) => id);
  }
}
