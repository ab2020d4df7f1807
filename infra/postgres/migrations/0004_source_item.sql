-- What a source listed and what became of it: an item that has not changed is not parsed again, and the documents of an
-- item that cannot be read are known and kept.
create table source_item (
  tenant_id text not null references tenant (id),
  source_id uuid not null references source (id) on delete cascade,
  external_id text not null,
  -- Covers the bytes, the parser, the chunker and the permissions of the source.
  fingerprint text not null,
  -- External ids of the documents it became.
  documents text[] not null,
  primary key (source_id, external_id)
);
alter table source_item enable row level security;
alter table source_item force row level security;
create policy tenant_only on source_item to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update, delete on source_item to deskhand_app;

-- Deleting a source asks these once for each row that goes.
create index document_current_version on document (current_version_id);
create index chunk_document on chunk (document_id);
create index chunk_embedding_chunk on chunk_embedding (chunk_id);
