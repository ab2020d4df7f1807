-- A handoff may be snoozed, given to a colleague, handed back, opened again and settled; and time changes it, too.
alter table handoff
  add column card_delivery_id uuid,
  add column snoozed_until timestamptz,
  -- Whether the customer has written since an agent last did.
  add column customer_waits boolean not null default true,
  -- Whether its resolution was confirmed, by a word or by silence. Nobody asked about what was resolved until now.
  add column is_settled boolean not null default true;
alter table handoff alter column is_settled set default false;

-- What happened, where the states alone do not tell: a reminder leaves it as it is.
alter table handoff_event add column event text;

alter table delivery drop constraint delivery_purpose_check;
alter table delivery add constraint delivery_purpose_check
  check (purpose in ('reply', 'handoff-card', 'card-state', 'relay', 'status', 'notice', 'unsent', 'withdrawal', 'replacement'));

-- What will happen to a handoff when nobody does anything. A row ends when it has run out, or when something else happened.
create table handoff_timer (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  handoff_id uuid not null references handoff (id),
  kind text not null check (kind in ('remind', 'idle', 'wake', 'expire', 'settle')),
  due_at timestamptz not null,
  round int not null,
  unique (handoff_id, kind)
);
create index handoff_timer_due on handoff_timer (due_at);

-- What waits already is given up in a week, as the settings say where they say nothing else.
alter table handoff no force row level security;
insert into handoff_timer (id, tenant_id, handoff_id, kind, due_at, round)
select gen_random_uuid(), tenant_id, id, 'expire', now() + interval '7 days', 0
  from handoff where state in ('waiting', 'reopened');
alter table handoff force row level security;

alter table handoff_timer enable row level security;
alter table handoff_timer force row level security;
create policy tenant_only on handoff_timer to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update, delete on handoff_timer to deskhand_app;
create policy coordination on handoff_timer to deskhand_system using (true);
grant select on handoff_timer to deskhand_system;

-- Handoffs of all tenants whose time has come, the longest overdue first.
create function due_handoffs(p_now timestamptz, p_limit int)
  returns table (tenant_id text, handoff_id uuid)
  language sql stable security definer set search_path = public, pg_temp
  as $$
  select timer.tenant_id, timer.handoff_id
    from handoff_timer as timer
   where timer.due_at <= p_now
   group by timer.tenant_id, timer.handoff_id
   order by min(timer.due_at) limit p_limit;
$$;

do $$
declare
  caller text := current_user;
begin
  grant create on schema public to deskhand_system;
  revoke all on function due_handoffs(timestamptz, int) from public;
  alter function due_handoffs(timestamptz, int) owner to deskhand_system;
  -- Only the new owner can say who may call it.
  set local role deskhand_system;
  execute format('grant execute on function due_handoffs(timestamptz, int) to %I', caller);
  reset role;
  revoke create on schema public from deskhand_system;
end $$;
