-- Passages leave the index by look-ups of their ids alone, in time that grows with their number. One tenant at a time, so
-- that the index by tenant and the ids are both comparisons with one value.
create or replace function search_chunk_removed() returns trigger
  language plpgsql set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
  as $$
declare
  owner text;
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
  for owner in select distinct tenant_id from removed loop
    delete from search_posting
     where tenant_id = owner and chunk_id = any(array(select chunk_id from removed where removed.tenant_id = owner));
  end loop;
  return null;
end $$;

-- Once for a statement, not for each of its chunks. Such a trigger cannot name columns: other changes end here at once.
drop trigger chunk_visibility_changed on chunk;
create or replace function chunk_visibility_changed() returns trigger
  language plpgsql set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
  as $$
declare
  owner text;
  readers text[];
begin
  for owner in select distinct tenant_id from changed where not is_current loop
    delete from search_chunk
     where tenant_id = owner
       and chunk_id = any(array(select id from changed where changed.tenant_id = owner and not is_current));
  end loop;
  for owner, readers in select distinct tenant_id, acl from changed where is_current loop
    update search_chunk set acl = readers
     where tenant_id = owner and acl is distinct from readers
       and chunk_id = any(array(
             select id from changed where changed.tenant_id = owner and is_current and changed.acl = readers));
  end loop;
  return null;
end $$;
create trigger chunk_visibility_changed after update on chunk
  referencing new table as changed for each statement execute function chunk_visibility_changed();

-- The event that used it: the same one may use it again, when what it was to do was not done.
alter table command_confirmation add column used_by text;
