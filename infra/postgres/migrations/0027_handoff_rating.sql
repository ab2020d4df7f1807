-- How customers rate the help that they got: one row for a handoff once they were asked, so that nobody is asked twice.
create table handoff_rating (
  handoff_id uuid primary key references handoff (id),
  tenant_id text not null references tenant (id),
  -- Who had it when it was resolved.
  agent_id text,
  agent_name text,
  asked_at timestamptz not null default clock_timestamp(),
  rating int check (rating between 1 and 5),
  rated_at timestamptz,
  check ((rating is null) = (rated_at is null))
);

alter table handoff_rating enable row level security;
alter table handoff_rating force row level security;
create policy tenant_only on handoff_rating to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert on handoff_rating to deskhand_app;
grant update (rating, rated_at) on handoff_rating to deskhand_app;
