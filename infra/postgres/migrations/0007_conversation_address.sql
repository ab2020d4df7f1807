-- Where a platform wants to be reached for a conversation (a Teams service address), as the newest event told it.
create table conversation_address (
  tenant_id text not null references tenant (id),
  installation_id uuid not null references installation (id),
  key text not null,
  address text not null check (length(address) <= 2000),
  updated_at timestamptz not null default now(),
  primary key (installation_id, key)
);
alter table conversation_address enable row level security;
alter table conversation_address force row level security;
create policy tenant_only on conversation_address to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update on conversation_address to deskhand_app;
