-- What handoffs taught: proposed entries of the knowledge base, and the handoffs that each came out of.
create table candidate (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  state text not null check (state in ('waiting', 'approved', 'rejected')),
  question text not null,
  answer text not null,
  lang text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  edited_by text,
  decided_by text,
  why text,
  -- When its entry, which has its id, was published last.
  published_at timestamptz
);
create index candidate_state on candidate (tenant_id, state);

create table candidate_case (
  handoff_id uuid primary key references handoff (id) on delete cascade,
  tenant_id text not null references tenant (id),
  candidate_id uuid not null references candidate (id) on delete cascade,
  question text not null,
  answer text not null,
  created_at timestamptz not null default now()
);
create index candidate_case_candidate on candidate_case (candidate_id);
create index candidate_case_newest on candidate_case (tenant_id, created_at desc);

-- What customers wrote last, over all conversations: the words that many say tell no two questions apart.
create index transcript_entry_customers on transcript_entry (tenant_id, at desc) where speaker = 'customer';

do $$
declare
  relation text;
begin
  foreach relation in array array['candidate', 'candidate_case'] loop
    execute format('alter table %I enable row level security', relation);
    execute format('alter table %I force row level security', relation);
    execute format(
      'create policy tenant_only on %I to deskhand_app using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())',
      relation);
    execute format('grant select, insert, update, delete on %I to deskhand_app', relation);
  end loop;
end $$;

-- What came of looking for something to learn in a settled handoff; null until somebody has looked.
alter table handoff add column learned text
  check (learned in ('candidate', 'no-reply', 'courtesies-only', 'one-case', 'no-question', 'fault'));
create index handoff_unlearned on handoff (updated_at) where state = 'resolved' and is_settled and learned is null;

-- Settled handoffs of all tenants that nobody has learned from, the oldest first.
create function unlearned_handoffs(p_limit int)
  returns table (tenant_id text, handoff_id uuid)
  language sql stable security definer set search_path = public, pg_temp
  as $$
  select handoff.tenant_id, handoff.id
    from handoff
   where handoff.state = 'resolved' and handoff.is_settled and handoff.learned is null
   order by handoff.updated_at limit p_limit;
$$;

create policy coordination on handoff to deskhand_system using (true);
grant select (id, tenant_id, state, is_settled, learned, updated_at) on handoff to deskhand_system;

do $$
declare
  caller text := current_user;
begin
  grant create on schema public to deskhand_system;
  revoke all on function unlearned_handoffs(int) from public;
  alter function unlearned_handoffs(int) owner to deskhand_system;
  -- Only the new owner can say who may call it.
  set local role deskhand_system;
  execute format('grant execute on function unlearned_handoffs(int) to %I', caller);
  reset role;
  revoke create on schema public from deskhand_system;
end $$;
