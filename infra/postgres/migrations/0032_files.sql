-- Files that go through a handoff, from when they are received until their last day. They are deleted with the
-- conversation and with the event that brought them.
create table relayed_file (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  conversation_id uuid not null references conversation (id) on delete cascade,
  -- Null for one that was put on the console and waits for its message.
  inbox_id uuid references inbox (id) on delete cascade,
  ord int check (ord >= 0),
  name text not null,
  media_type text not null,
  -- Null until all of it is there.
  size_bytes bigint check (size_bytes > 0),
  -- The platform's id of it, once it was put there and before it is seen there.
  upload_id text,
  keep_until timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  unique (inbox_id, ord),
  check ((inbox_id is null) = (ord is null))
);
create index relayed_file_conversation on relayed_file (conversation_id);
create index relayed_file_keep_until on relayed_file (tenant_id, keep_until);

create table relayed_file_piece (
  file_id uuid not null references relayed_file (id) on delete cascade,
  ord int not null check (ord >= 0),
  tenant_id text not null references tenant (id),
  bytes bytea not null,
  primary key (file_id, ord)
);
-- Files are mostly packed already: packing them again costs time and saves nothing.
alter table relayed_file_piece alter column bytes set storage external;

alter table relayed_file enable row level security;
alter table relayed_file force row level security;
create policy tenant_only on relayed_file to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, delete on relayed_file to deskhand_app;
grant update (inbox_id, ord, size_bytes, upload_id) on relayed_file to deskhand_app;

alter table relayed_file_piece enable row level security;
alter table relayed_file_piece force row level security;
create policy tenant_only on relayed_file_piece to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, delete on relayed_file_piece to deskhand_app;

alter table delivery drop constraint delivery_cause_type_check;
alter table delivery add constraint delivery_cause_type_check
  check (cause_type in ('event', 'handoff', 'timer', 'delivery', 'file'));
alter table delivery drop constraint delivery_purpose_check;
alter table delivery add constraint delivery_purpose_check
  check (purpose in ('reply', 'handoff-card', 'card-state', 'relay', 'status', 'notice', 'unsent', 'withdrawal', 'replacement',
                     'transcript', 'file-notice'));
