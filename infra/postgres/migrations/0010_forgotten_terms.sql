-- A term that no current chunk holds any more is forgotten: words of a removed document stay in its history alone.
-- By look-ups in an index alone, here and below: a session keeps the plan that it made first, when the tables may have been
-- empty, and any other one compares every row with every row later.
create or replace function search_posting_removed() returns trigger
  language plpgsql set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
  as $$
begin
  -- The prefix is computed before the join: below row-level security only a comparison of columns can use the index.
  with gone as materialized (
    select tenant_id, left(term, 2) as prefix, term, count(*) as chunks, count(*) filter (where is_first) as documents
      from removed group by tenant_id, term
  ), kept as (
    update search_term as known
       set chunks = known.chunks - gone.chunks, documents = known.documents - gone.documents
      from gone
     where known.tenant_id = gone.tenant_id and known.prefix = gone.prefix and known.term = gone.term
       and known.chunks > gone.chunks
  )
  delete from search_term as known
   using gone
   where known.tenant_id = gone.tenant_id and known.prefix = gone.prefix and known.term = gone.term
     and known.chunks <= gone.chunks;
  return null;
end $$;

alter function search_chunk_removed() set enable_seqscan = off;
alter function search_chunk_removed() set enable_hashjoin = off;
alter function search_chunk_removed() set enable_mergejoin = off;

-- Not even the owner of a table sees rows of it without a tenant.
alter table search_term no force row level security;
delete from search_term where chunks <= 0;
alter table search_term force row level security;

-- The dates of the chunk's version: outside of them it is not found.
alter table search_chunk
  add column valid_from timestamptz,
  add column valid_until timestamptz;

-- What was said about documents that were read all the same.
alter table sync_run add column remarks jsonb not null default '[]';

-- When an index stopped serving; some time later it is dropped.
alter table search_index add column served_until timestamptz;
