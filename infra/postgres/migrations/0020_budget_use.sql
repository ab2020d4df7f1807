-- How much of each budget of answers is used: one row for a person and a period, and one for the whole tenant and the day. A row
-- holds the use of the period that begins at `starts_at`; the first question of a later one starts it anew.
create table budget_use (
  tenant_id text not null,
  -- `tenant`, or a person by installation and platform id.
  scope text not null,
  period text not null check (period in ('minute', 'day')),
  starts_at timestamptz not null,
  questions bigint not null,
  -- Used, or held for answers that are being written.
  tokens bigint not null default 0,
  cost double precision not null default 0,
  -- The stored event that was counted last: the same one worked on again counts no second time.
  event_id uuid not null,
  primary key (tenant_id, scope, period)
);

alter table budget_use enable row level security;
alter table budget_use force row level security;
create policy tenant_only on budget_use to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update, delete on budget_use to deskhand_app;
