-- Whom of its team a handoff is for while nobody has claimed it. It stays everybody's.
alter table handoff
  add column assigned_to_id text,
  add column assigned_to_name text,
  -- Who has been asked, or has let go of it, since it became free.
  add column asked text[] not null default '{}';

-- Who of a team was asked last.
create table team_turn (
  tenant_id text not null references tenant (id),
  team text not null,
  last_member_id text,
  primary key (tenant_id, team)
);

alter table team_turn enable row level security;
alter table team_turn force row level security;
create policy tenant_only on team_turn to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update on team_turn to deskhand_app;

alter table handoff_timer drop constraint handoff_timer_kind_check;
alter table handoff_timer add constraint handoff_timer_kind_check
  check (kind in ('remind', 'idle', 'wake', 'expire', 'settle', 'reassign', 'first-reply-due', 'resolution-due', 'ask-next'));
