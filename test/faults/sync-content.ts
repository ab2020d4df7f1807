import type { Database } from "../../src/ports/database.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";
import { PAGES } from "./sync-scene.js";

// Everything that a sync writes, in all versions; ids and times aside.
const CONTENT = `
  select 'version' as what, jsonb_build_array(document.external_id, version.number, version.hash, version.title,
           version.body, version.kind, version.acl, version.id = document.current_version_id) as row
    from document join document_version as version on version.document_id = document.id
  union all
  select 'gone', jsonb_build_array(external_id, removed_at is not null) from document
  union all
  select 'chunk', jsonb_build_array(document.external_id, version.number, chunk.ord, chunk.heading_path, chunk.body,
           chunk.acl, chunk.is_current, indexed.is_first, indexed.body_length, indexed.document_body_length,
           (select jsonb_agg(jsonb_build_array(term, is_first, title, heading, body) order by term)
              from search_posting as posting where posting.chunk_id = chunk.id),
           (select jsonb_agg(jsonb_build_array(embedding::text, encode(text_hash, 'hex')))
              from chunk_embedding as embedded where embedded.chunk_id = chunk.id))
    from chunk
    join document on document.id = chunk.document_id
    join document_version as version on version.id = chunk.version_id
    left join search_chunk as indexed on indexed.chunk_id = chunk.id
  union all
  select 'term', to_jsonb(search_term) from search_term
  union all
  select 'sums', to_jsonb(search_statistics) from search_statistics
  union all
  select 'item', jsonb_build_array(external_id, fingerprint, documents) from source_item`;

interface ContentRow {
  readonly what: string;
  readonly row: unknown;
}

/** Sorted lines. */
export async function readContent(database: Database): Promise<readonly string[]> {
  const { rows } = await database.withTenant(DEFAULT_TENANT, (db) => db.query<ContentRow>(CONTENT));
  return rows.map(({ what, row }) => `${what} ${JSON.stringify(row)}`).sort();
}

// What a search may find of each document, against all chunks of the version that it is found in.
const SEARCHABLE = `
  select document.external_id as name, count(*)::int as chunks, count(distinct chunk.version_id)::int as versions,
         count(embedded.chunk_id)::int as embedded,
         count(*) filter (where exists (select from search_posting as posting where posting.chunk_id = indexed.chunk_id))::int
           as worded,
         (select count(*) from chunk as every where every.version_id = document.current_version_id)::int as expected
    from search_chunk as indexed
    join chunk on chunk.id = indexed.chunk_id
    join document on document.id = indexed.document_id
    left join chunk_embedding as embedded on embedded.chunk_id = indexed.chunk_id
   group by document.id`;

interface SearchableRow {
  readonly name: string;
  readonly chunks: number;
  readonly versions: number;
  readonly embedded: number;
  readonly worded: number;
  readonly expected: number;
}

/** What a reader should not see in this moment; nothing when all is well. */
export async function readFaults(database: Database): Promise<readonly string[]> {
  const { rows } = await database.withTenant(DEFAULT_TENANT, (db) => db.query<SearchableRow>(SEARCHABLE));
  const halves = rows.filter(
    ({ chunks, versions, embedded, worded, expected }) =>
      versions !== 1 || chunks !== expected || embedded !== expected || worded !== expected,
  );
  const found = new Set(rows.map(({ name }) => name));
  const always = [
    ...Array.from({ length: PAGES.same }, (_, index) => `same-${index}.md`),
    ...Array.from({ length: PAGES.changing }, (_, index) => `changing-${index}.md`),
  ];
  const missing = always.filter((name) => !found.has(name));
  return [...halves.map((row) => `half ${JSON.stringify(row)}`), ...missing.map((name) => `missing ${name}`)];
}
