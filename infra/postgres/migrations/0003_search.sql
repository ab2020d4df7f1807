-- What a chunk weighs in the search index. A row is here exactly as long as its chunk is current: the triggers below see
-- to it, so that a search need not look at the chunk before it has ranked. `acl` is the chunk's, for the same reason.
create table search_chunk (
  chunk_id uuid primary key references chunk (id) on delete cascade,
  tenant_id text not null references tenant (id),
  document_id uuid not null,
  acl text[] not null check (cardinality(acl) > 0),
  -- True for one chunk of each document: counting them counts documents.
  is_first boolean not null,
  title_length int not null,
  heading_length int not null,
  question_length int not null,
  body_length int not null,
  document_heading_length int not null,
  document_body_length int not null
);
create index search_chunk_tenant on search_chunk (tenant_id);
create index search_chunk_document on search_chunk (document_id);

-- The inverted table: how often each field of a chunk holds a term. The document is in the key, so that what a document
-- says about a term is one short range. No foreign key to search_chunk: it would be checked for each of some hundred rows
-- a chunk has; the delete trigger keeps the two together.
create table search_posting (
  tenant_id text not null,
  term text not null,
  document_id uuid not null,
  chunk_id uuid not null,
  -- True for one chunk of each document that holds the term: counting them counts documents.
  is_first boolean not null,
  title smallint not null,
  heading smallint not null,
  question smallint not null,
  body smallint not null,
  primary key (tenant_id, term, document_id, chunk_id)
);
create index search_posting_chunk on search_posting (chunk_id);

-- Every term a tenant ever indexed, with how many current chunks and documents hold it: a search need not count postings,
-- and looks here for what a mistyped word may have meant. `prefix` is its first two characters, because only an equality
-- can use an index below row-level security. The counts are kept by the triggers of search_posting.
create table search_term (
  tenant_id text not null,
  prefix text not null,
  term text not null,
  chunks bigint not null,
  documents bigint not null,
  primary key (tenant_id, prefix, term)
);

-- Sums over search_chunk, kept by its triggers. The lengths of titles and questions are summed over documents as well.
create table search_statistics (
  tenant_id text primary key references tenant (id),
  chunks bigint not null,
  documents bigint not null,
  title_length bigint not null,
  heading_length bigint not null,
  question_length bigint not null,
  body_length bigint not null
);

create function search_chunk_added() returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
begin
  insert into search_statistics as total
      (tenant_id, chunks, documents, title_length, heading_length, question_length, body_length)
    select tenant_id, count(*), count(*) filter (where is_first), sum(title_length), sum(heading_length),
           sum(question_length), sum(body_length)
      from added group by tenant_id
    on conflict (tenant_id) do update
      set chunks = total.chunks + excluded.chunks,
          documents = total.documents + excluded.documents,
          title_length = total.title_length + excluded.title_length,
          heading_length = total.heading_length + excluded.heading_length,
          question_length = total.question_length + excluded.question_length,
          body_length = total.body_length + excluded.body_length;
  return null;
end $$;

create function search_chunk_removed() returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
begin
  update search_statistics as total
     set chunks = total.chunks - gone.chunks,
         documents = total.documents - gone.documents,
         title_length = total.title_length - gone.title_length,
         heading_length = total.heading_length - gone.heading_length,
         question_length = total.question_length - gone.question_length,
         body_length = total.body_length - gone.body_length
    from (select tenant_id, count(*) as chunks, count(*) filter (where is_first) as documents,
                 sum(title_length) as title_length, sum(heading_length) as heading_length,
                 sum(question_length) as question_length, sum(body_length) as body_length
            from removed group by tenant_id) as gone
   where total.tenant_id = gone.tenant_id;
  -- After the statistics: their row lets one writer of a tenant at a time change the counts of terms, so that two never
  -- wait for each other's.
  delete from search_posting using removed
   where search_posting.chunk_id = removed.chunk_id and search_posting.tenant_id = removed.tenant_id;
  return null;
end $$;

create function search_posting_added() returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
begin
  insert into search_term as known (tenant_id, prefix, term, chunks, documents)
    select tenant_id, left(term, 2), term, count(*), count(*) filter (where is_first)
      from added group by tenant_id, term order by tenant_id, term
    on conflict (tenant_id, prefix, term) do update
      set chunks = known.chunks + excluded.chunks, documents = known.documents + excluded.documents;
  return null;
end $$;

create function search_posting_removed() returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
begin
  update search_term as known
     set chunks = known.chunks - gone.chunks, documents = known.documents - gone.documents
    from (select tenant_id, term, count(*) as chunks, count(*) filter (where is_first) as documents
            from removed group by tenant_id, term) as gone
   where known.tenant_id = gone.tenant_id and known.prefix = left(gone.term, 2) and known.term = gone.term;
  return null;
end $$;

create function chunk_visibility_changed() returns trigger
  language plpgsql set search_path = public, pg_temp
  as $$
begin
  if new.is_current then
    update search_chunk set acl = new.acl where chunk_id = new.id and tenant_id = new.tenant_id;
  else
    delete from search_chunk where chunk_id = new.id and tenant_id = new.tenant_id;
  end if;
  return null;
end $$;

create trigger search_chunk_added after insert on search_chunk
  referencing new table as added for each statement execute function search_chunk_added();
create trigger search_chunk_removed after delete on search_chunk
  referencing old table as removed for each statement execute function search_chunk_removed();
create trigger search_posting_added after insert on search_posting
  referencing new table as added for each statement execute function search_posting_added();
create trigger search_posting_removed after delete on search_posting
  referencing old table as removed for each statement execute function search_posting_removed();
create trigger chunk_visibility_changed after update of is_current, acl on chunk
  for each row when (not new.is_current or new.acl is distinct from old.acl)
  execute function chunk_visibility_changed();

do $$
declare
  relation text;
begin
  foreach relation in array array['search_chunk', 'search_posting', 'search_term', 'search_statistics'] loop
    execute format('alter table %I enable row level security', relation);
    execute format('alter table %I force row level security', relation);
    execute format(
      'create policy tenant_only on %I to deskhand_app using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())',
      relation);
    execute format('grant select, insert, update, delete on %I to deskhand_app', relation);
  end loop;
end $$;
