import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { vectorOfText } from "../../../infra/bench/text-vector.js";
import type { OpenDatabase } from "../../../infra/postgres/open-database.js";
import { searchVector } from "../../../kb/search/vector-search.js";
import { DEFAULT_TENANT, newId } from "../../../src/ports/ids.js";
import { EXACT_BELOW_CHUNKS, nearestInGraph } from "../../../src/ports/vector-indexes.js";
import { openServerDatabase } from "../../support/server-database.js";
import { testServerUrl } from "../../support/database.js";

const MODEL = { id: "made-up", dimensions: 16 };
const NEVER = new AbortController().signal;

const GRAPHS = `
  select relname as name from pg_class where starts_with(relname, 'chunk_embedding_hnsw_')`;

/** Chunks of one document; every hundredth may be read by staff too. Only what a search of vectors looks at is written. */
async function fill(database: OpenDatabase): Promise<string> {
  const [source, document, version, index] = [newId(), newId(), newId(), newId()];
  const ids = Array.from({ length: EXACT_BELOW_CHUNKS }, () => newId());
  await database.withTenant(DEFAULT_TENANT, async (transaction) => {
    const insert = (text: string, values: readonly unknown[]) => transaction.query(text, [DEFAULT_TENANT, ...values]);
    await insert(
      `insert into source (id, tenant_id, name, kind, location, acl) values ($2, $1, 'made up', 'folder', '/', '{public}')`,
      [source],
    );
    await insert(`insert into document (id, tenant_id, source_id, external_id) values ($3, $1, $2, 'page')`, [
      source,
      document,
    ]);
    await insert(
      `insert into document_version (id, tenant_id, document_id, number, hash, kind, title, body, acl)
         values ($3, $1, $2, 1, '', 'page', 'Page', '', '{public}')`,
      [document, version],
    );
    const acl = `case when place % 100 = 0 then array['public', 'staff'] else array['public'] end`;
    await insert(
      `insert into chunk (id, tenant_id, document_id, version_id, ord, heading_path, body, acl, is_current)
         select id, $1, $2, $3, place, '{}', '', ${acl}, true from unnest($4::uuid[]) with ordinality as new (id, place)`,
      [document, version, ids],
    );
    await insert(
      `insert into search_chunk (chunk_id, tenant_id, document_id, acl, is_first, title_length, heading_length,
                                 question_length, body_length, document_heading_length, document_body_length)
         select id, $1, $2, ${acl}, place = 1, 1, 0, 0, 1, 0, 1 from unnest($3::uuid[]) with ordinality as new (id, place)`,
      [document, ids],
    );
    await insert(
      `insert into search_index (id, tenant_id, model, dimensions, chunker, is_serving) values ($2, $1, $3, $4, '', true)`,
      [index, MODEL.id, MODEL.dimensions],
    );
    await insert(
      `insert into chunk_embedding (tenant_id, index_id, chunk_id, embedding)
         select $1, $2, id, ($4::real[])[(place - 1) * $5::int + 1 : place * $5::int]::vector
           from unnest($3::uuid[]) with ordinality as new (id, place)`,
      [index, ids, ids.map((id) => vectorOfText(id, MODEL.dimensions)), MODEL.dimensions],
    );
  });
  return index;
}

it.each([
  [0, 200],
  [10_000, 200],
  [40_000, 513],
  [100_000, 957],
  [1_000_000, 1_000],
])("among %i chunks a graph keeps %i in view, and never more than the extension allows", (chunks, inView) => {
  expect(nearestInGraph(chunks)).toBe(inView);
});

describe.skipIf(testServerUrl === undefined)("many vectors on PostgreSQL (needs TEST_DATABASE_URL)", () => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await openServerDatabase(testServerUrl ?? "");
    await fill(database);
  });
  afterAll(async () => database[Symbol.asyncDispose]());

  const nearest = (audience: string, question: string) =>
    database.withTenant(
      DEFAULT_TENANT,
      async (transaction) => {
        const vector = vectorOfText(question, MODEL.dimensions);
        const found = await searchVector(transaction, DEFAULT_TENANT, [audience], MODEL, vector);
        return found?.hits ?? [];
      },
      { looksUp: true },
    );
  const graphs = async (): Promise<readonly string[]> =>
    database.withTenant(DEFAULT_TENANT, async (transaction) => {
      const { rows } = await transaction.query<{ name: string }>(GRAPHS);
      return rows.map(({ name }) => name);
    });

  it("are found by a graph as well as by looking at all of them, nearest first, with the same similarities", async () => {
    const questions = Array.from({ length: 20 }, (_, number) => `question ${number}`);
    const exact = [];
    for (const question of questions) exact.push(await nearest("public", question));
    expect(await graphs()).toEqual([]);
    await database.vectorIndexes.keep(DEFAULT_TENANT, NEVER);
    expect(await graphs()).toHaveLength(1);

    let kept = 0;
    for (const [number, question] of questions.entries()) {
      const near = await nearest("public", question);
      const similarityOf = new Map(near.map((hit) => [hit.chunkId, hit.similarity]));
      expect(near.map(({ similarity }) => similarity)).toEqual(
        near.map(({ similarity }) => similarity).toSorted((one, other) => other - one),
      );
      for (const hit of (exact[number] ?? []).slice(0, 20)) {
        const similarity = similarityOf.get(hit.chunkId);
        if (similarity === undefined) continue;
        kept += 1;
        expect(similarity).toBe(hit.similarity);
      }
    }
    expect(kept / (questions.length * 20)).toBeGreaterThanOrEqual(0.95);
  });

  it("are found for readers of one in a hundred, and nothing else is", async () => {
    await database.vectorIndexes.keep(DEFAULT_TENANT, NEVER);
    const open = new Set((await nearest("public", "question")).map(({ chunkId }) => chunkId));
    const staff = await nearest("staff", "question");
    expect(staff).toHaveLength(30);
    expect(staff.some(({ chunkId }) => !open.has(chunkId))).toBe(true);
    expect(await nearest("nobody", "question")).toEqual([]);
  });

  it("have one graph however often it is looked after, and none once another index serves", async () => {
    const signal = NEVER;
    await database.vectorIndexes.keep(DEFAULT_TENANT, signal);
    const [before] = await graphs();
    await database.vectorIndexes.keep(DEFAULT_TENANT, signal);
    expect(await graphs()).toEqual([before]);
    await database.withTenant(DEFAULT_TENANT, (transaction) =>
      transaction.query("update search_index set is_serving = false where tenant_id = $1", [DEFAULT_TENANT]),
    );
    await database.vectorIndexes.keep(DEFAULT_TENANT, signal);
    expect(await graphs()).toEqual([]);
  });
});
