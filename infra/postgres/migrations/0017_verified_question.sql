-- The questions of an entry of questions and answers, each by the hash of its normalised words: who asks one of them is
-- given its answer. A row is here no longer than its chunk is current, and may be read by whom the chunk's row says.
create table verified_question (
  tenant_id text not null,
  question_hash text not null,
  chunk_id uuid not null references search_chunk (chunk_id) on delete cascade,
  primary key (tenant_id, question_hash, chunk_id)
);
create index verified_question_chunk on verified_question (chunk_id);

alter table verified_question enable row level security;
alter table verified_question force row level security;
create policy tenant_only on verified_question to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update, delete on verified_question to deskhand_app;
