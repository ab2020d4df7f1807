-- What a team is to do for a customer, and whether it did in time. Another team gets rows of its own.
create table handoff_target (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  handoff_id uuid not null references handoff (id),
  kind text not null check (kind in ('first-reply', 'resolution')),
  team text,
  started_at timestamptz not null,
  -- Null: nothing is promised.
  due_at timestamptz,
  missed_at timestamptz,
  ended_at timestamptz,
  outcome text check (outcome in ('met', 'dropped', 'expired')),
  -- How long its team was open from the start to the end.
  open_ms double precision,
  check ((ended_at is null) = (outcome is null))
);
create unique index handoff_target_running on handoff_target (handoff_id, kind) where ended_at is null;
create index handoff_target_ended on handoff_target (tenant_id, kind, ended_at);

alter table handoff_target enable row level security;
alter table handoff_target force row level security;
create policy tenant_only on handoff_target to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert on handoff_target to deskhand_app;
grant update (missed_at, ended_at, outcome, open_ms) on handoff_target to deskhand_app;

alter table handoff_timer drop constraint handoff_timer_kind_check;
alter table handoff_timer add constraint handoff_timer_kind_check
  check (kind in ('remind', 'idle', 'wake', 'expire', 'settle', 'reassign', 'first-reply-due', 'resolution-due'));
