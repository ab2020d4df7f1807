-- Sources of every kind: their options, where the last listing ended, when they are synced, and that they can come back.
alter table source drop constraint source_kind_check;
alter table source add constraint source_kind_check check (kind in (
  'folder', 'jsonl', 'git', 'web', 'push', 'entries', 'zendesk', 'confluence', 'notion', 'github', 'sharepoint', 'slack'));
alter table source
  add column options jsonb not null default '{}' check (jsonb_typeof(options) = 'object'),
  -- What the listing of the last run that ended well said; the next one begins there. Null: all is listed.
  add column cursor text,
  -- Null: only when somebody asks for it.
  add column sync_every_minutes int check (sync_every_minutes between 1 and 43200),
  add column paused_at timestamptz,
  -- Whom to ask about its documents.
  add column owner text,
  -- Removed by a person: nothing of it is answered from, and it can be restored.
  add column removed_at timestamptz;
drop index source_name;
create unique index source_name on source (tenant_id, name) where stepped_aside_at is null and removed_at is null;

-- As the item was last read well; an item that is listed with the same one is not fetched. Covers what the fingerprint does.
alter table source_item add column revision text;

alter table document
  -- Restored by a person: a sync that does not find it leaves it, and takes it over once it finds it changed.
  add column kept_at timestamptz;

alter table document_version
  add column lang text,
  -- Who changed it, as the source names them, or who wrote, restored or pushed it here.
  add column edited_by text,
  -- Outside of these dates it is not answered from.
  add column valid_from timestamptz,
  add column valid_until timestamptz,
  add column acl text[];

-- The page of a PDF on which a chunk begins.
alter table chunk add column page int check (page > 0);

-- What was embedded: the same text is not embedded again in the same vector space, whichever source it comes from.
alter table chunk_embedding add column text_hash bytea;
create index chunk_embedding_text on chunk_embedding (index_id, text_hash) where text_hash is not null;

-- Items of sources that have no other place: what programs pushed.
create table stored_item (
  tenant_id text not null references tenant (id),
  source_id uuid not null references source (id) on delete cascade,
  external_id text not null,
  -- Grows with every change, so that a listing can begin where the last one ended.
  change bigint generated always as identity,
  media_type text not null,
  -- Null: removed. The row stays until a listing has told of it.
  bytes bytea,
  facts jsonb not null default '{}',
  changed_at timestamptz not null default now(),
  changed_by text,
  primary key (source_id, external_id)
);
create index stored_item_change on stored_item (source_id, change);

-- Questions and answers that people write here. Only what is published is a document.
create table kb_entry (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  source_id uuid not null references source (id) on delete cascade,
  state text not null check (state in ('draft', 'approved', 'published', 'archived')),
  question text not null,
  variants text[] not null default '{}',
  answer text not null,
  acl text[] not null check (cardinality(acl) > 0),
  lang text,
  owner text,
  valid_from timestamptz,
  valid_until timestamptz,
  revision int not null default 1,
  created_at timestamptz not null default now(),
  created_by text not null,
  updated_at timestamptz not null default now(),
  updated_by text not null,
  approved_by text,
  published_at timestamptz
);
create index kb_entry_source on kb_entry (source_id, state);

-- Who changed what of the knowledge, when, and from where. Rows are only ever added.
create table kb_audit (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  at timestamptz not null default now(),
  -- The verified id of a person on a platform, or `terminal`, `settings`, `schedule`.
  actor text not null,
  action text not null,
  source_name text,
  detail jsonb not null default '{}',
  was_allowed boolean not null default true
);
create index kb_audit_newest on kb_audit (tenant_id, at desc);

-- A command that waits for its author's word. Its id is what the button carries; only its author can use it, once.
create table command_confirmation (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  installation_id uuid,
  author_id text not null,
  command jsonb not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

do $$
declare
  relation text;
begin
  foreach relation in array array['stored_item', 'kb_entry', 'kb_audit', 'command_confirmation'] loop
    execute format('alter table %I enable row level security', relation);
    execute format('alter table %I force row level security', relation);
    execute format(
      'create policy tenant_only on %I to deskhand_app using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())',
      relation);
    execute format('grant select, insert, update, delete on %I to deskhand_app', relation);
  end loop;
end $$;
revoke update, delete on kb_audit from deskhand_app;
