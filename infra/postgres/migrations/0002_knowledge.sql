do $$
begin
  create extension if not exists vector with schema public;
exception when insufficient_privilege then
  raise exception using errcode = 'insufficient_privilege',
    message = format('the database user %I may not create the extension vector', current_user),
    hint = 'As a superuser run in this database: create extension vector';
end $$;

-- A place that is synced.
create table source (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  name text not null,
  kind text not null check (kind in ('folder', 'jsonl')),
  location text not null,
  acl text[] not null check (cardinality(acl) > 0),
  is_demo boolean not null default false,
  created_at timestamptz not null default now(),
  unique (tenant_id, name)
);

-- One pass over a source. Its diff is complete when the state is `done` or `held`.
create table sync_run (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  source_id uuid not null references source (id) on delete cascade,
  state text not null check (state in ('running', 'done', 'failed', 'held')),
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now(),
  finished_at timestamptz,
  added text[] not null default '{}',
  changed text[] not null default '{}',
  removed text[] not null default '{}',
  unchanged int not null default 0,
  held_removals text[] not null default '{}',
  failures jsonb not null default '[]'
);
-- One run of a source at a time.
create unique index sync_run_one on sync_run (source_id) where state = 'running';
create index sync_run_newest on sync_run (source_id, started_at desc);

-- One page, file or FAQ pair. `current_version_id` is what is answered from; null once it is gone at its source.
create table document (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  source_id uuid not null references source (id) on delete cascade,
  external_id text not null,
  current_version_id uuid,
  removed_at timestamptz,
  unique (source_id, external_id)
);

create table document_version (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  document_id uuid not null references document (id) on delete cascade,
  number int not null,
  -- Covers title, text and permissions, and the version of the chunker: nothing else makes a new version.
  hash text not null,
  kind text not null check (kind in ('faq', 'manual', 'troubleshooting', 'release', 'policy', 'page')),
  title text not null,
  body text not null,
  url text,
  updated_at timestamptz,
  created_at timestamptz not null default now(),
  unique (document_id, number)
);
alter table document add constraint document_current_version
  foreign key (current_version_id) references document_version (id) on delete set null;

-- What is retrieved. `is_current` follows document.current_version_id in the same transaction.
create table chunk (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  document_id uuid not null references document (id) on delete cascade,
  version_id uuid not null references document_version (id) on delete cascade,
  ord int not null,
  heading_path text[] not null,
  body text not null,
  -- Other wordings of an FAQ question.
  variants text[] not null default '{}',
  acl text[] not null check (cardinality(acl) > 0),
  is_current boolean not null,
  unique (version_id, ord)
);
create index chunk_current on chunk (tenant_id) where is_current;

-- A vector space with its chunker. A second index can be built while the first serves.
create table search_index (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  model text not null,
  dimensions int not null,
  chunker text not null,
  is_serving boolean not null,
  created_at timestamptz not null default now(),
  unique (tenant_id, model, dimensions, chunker)
);
create unique index search_index_serving on search_index (tenant_id) where is_serving;

create table chunk_embedding (
  tenant_id text not null references tenant (id),
  index_id uuid not null references search_index (id) on delete cascade,
  chunk_id uuid not null references chunk (id) on delete cascade,
  embedding vector not null,
  primary key (index_id, chunk_id)
);

do $$
declare
  relation text;
begin
  foreach relation in array array[
    'source', 'sync_run', 'document', 'document_version', 'chunk', 'search_index', 'chunk_embedding'
  ] loop
    execute format('alter table %I enable row level security', relation);
    execute format('alter table %I force row level security', relation);
    execute format(
      'create policy tenant_only on %I to deskhand_app using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())',
      relation);
    execute format('grant select, insert, update, delete on %I to deskhand_app', relation);
  end loop;
end $$;
