-- What became of candidates that the agents' channel shows and that are no more: their card is edited to say it.
create table ended_candidate (
  candidate_id uuid primary key,
  tenant_id text not null references tenant (id),
  card_delivery_id uuid not null references delivery (id) on delete cascade,
  ending text not null check (ending in ('merged', 'erased', 'read-again')),
  -- The candidate that has its cases now; not a reference, as that one may end too.
  merged_into uuid,
  -- When the card was made to say it; null while it does not.
  told_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  check ((ending = 'merged') = (merged_into is not null))
);
create index ended_candidate_untold on ended_candidate (tenant_id, created_at) where told_at is null;
create index ended_candidate_card on ended_candidate (card_delivery_id);
create index ended_candidate_into on ended_candidate (merged_into) where merged_into is not null;

alter table ended_candidate enable row level security;
alter table ended_candidate force row level security;
create policy tenant_only on ended_candidate to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update on ended_candidate to deskhand_app;
