-- Roles. Both are group roles without login: every tenant transaction runs as deskhand_app, which owns nothing;
-- the cross-tenant functions at the end of this file run as deskhand_system, and nothing else does.
-- The owner of the tables need not be a superuser: CREATEROLE is enough, or roles that an administrator has made and
-- granted to it, for it must be able to become both of them.
-- From version 16 on it does not inherit their rights, so that their policies never show it a row.
do $$
declare
  role_name text;
  is_new boolean := current_setting('server_version_num')::int >= 160000;
  is_superuser boolean := (select rolsuper from pg_roles where rolname = current_user);
begin
  foreach role_name in array array['deskhand_app', 'deskhand_system'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      begin
        execute format('create role %I nologin nosuperuser nobypassrls', role_name);
      exception
        when duplicate_object or unique_violation then null; -- added by another migration in this moment
        when insufficient_privilege then
          raise exception using errcode = 'insufficient_privilege',
            message = format('the database user %I may not create the role %I', current_user, role_name),
            hint = format('As a superuser run: create role deskhand_app; create role deskhand_system; '
                          'grant deskhand_app, deskhand_system to %I', current_user);
      end;
    end if;
    for attempt in 1..20 loop
      exit when is_superuser or pg_has_role(current_user, role_name, case when is_new then 'SET' else 'MEMBER' end);
      begin
        execute format('grant %I to %I', role_name, current_user)
          || case when is_new then ' with inherit false, set true' else '' end;
      exception
        -- Roles belong to the whole server: another database is being migrated in this moment.
        when internal_error then perform pg_sleep(0.05);
        when insufficient_privilege then
          raise exception using errcode = 'insufficient_privilege',
            message = format('the database user %I may not become %I', current_user, role_name),
            hint = format('As a superuser run: grant deskhand_app, deskhand_system to %I', current_user);
      end;
    end loop;
  end loop;
end $$;

-- The tenant of the running transaction; null outside of one, and then every policy below hides every row.
create function current_tenant() returns text
  language sql stable parallel safe
  as $$ select nullif(current_setting('deskhand.tenant', true), '') $$;

create table tenant (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  created_at timestamptz not null default now()
);
insert into tenant (id) values ('default');

create table installation (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  platform text not null check (platform in ('slack', 'teams', 'web', 'terminal')),
  external_id text not null,
  created_at timestamptz not null default now(),
  unique (platform, external_id)
);

-- A thread or DM. The lease says who works on it; the fence counts holders, and a write with an older fence is refused.
create table conversation (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  installation_id uuid not null references installation (id),
  key text not null,
  created_at timestamptz not null default now(),
  lease_owner text,
  lease_until timestamptz,
  fence bigint not null default 0,
  -- Set while this is the thread under a post that has not been made: nothing can be delivered to it yet.
  awaits_delivery_id uuid,
  unique (installation_id, key)
);

-- Every accepted inbound event, stored before it is acknowledged. `outcome` is set once and never changes.
create table inbox (
  id uuid primary key,
  seq bigint generated always as identity,
  tenant_id text not null references tenant (id),
  installation_id uuid not null references installation (id),
  conversation_id uuid not null references conversation (id),
  event_id text not null,
  platform text not null,
  channel_id text not null,
  message_id text not null,
  kind text not null,
  revision int not null,
  payload jsonb not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null default now(),
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  last_error text,
  outcome text check (outcome in
    ('answered', 'clarified', 'handed-off', 'relayed', 'commanded', 'recorded', 'ignored', 'failed')),
  outcome_reason text,
  finished_at timestamptz,
  check ((outcome is null) = (finished_at is null)),
  unique (installation_id, event_id),
  unique (tenant_id, platform, channel_id, message_id, kind, revision)
);
create index inbox_waiting on inbox (conversation_id, occurred_at, seq) where outcome is null;

-- Everything the bot must post, edit or delete. The unique key is what makes a second reply to one cause impossible.
create table delivery (
  id uuid primary key,
  seq bigint generated always as identity,
  tenant_id text not null references tenant (id),
  conversation_id uuid not null references conversation (id),
  cause_type text not null check (cause_type in ('event', 'handoff', 'timer')),
  cause_id uuid not null,
  purpose text not null check (purpose in ('reply', 'handoff-card', 'relay', 'status')),
  part int not null,
  operation text not null check (operation in ('post', 'edit', 'delete')),
  target_delivery_id uuid references delivery (id),
  speaker_role text not null check (speaker_role in ('bot', 'agent', 'customer')),
  speaker_name text not null,
  reply jsonb not null,
  state text not null check (state in ('streaming', 'pending', 'sending', 'sent', 'unconfirmed', 'failed')),
  platform_id text,
  attempt int not null default 0,
  is_uncertain boolean not null default false,
  is_streamed boolean not null default false,
  next_attempt_at timestamptz not null default now(),
  lease_owner text,
  lease_until timestamptz,
  fence bigint not null default 0,
  last_error text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (cause_type, cause_id, purpose, part),
  check (state <> 'sent' or platform_id is not null)
);
alter table conversation add constraint conversation_awaits_delivery
  foreign key (awaits_delivery_id) references delivery (id);
create index conversation_awaits on conversation (awaits_delivery_id) where awaits_delivery_id is not null;
create index delivery_due on delivery (conversation_id, seq) where state in ('streaming', 'pending', 'sending');

create table transcript_entry (
  id uuid primary key,
  seq bigint generated always as identity,
  tenant_id text not null references tenant (id),
  conversation_id uuid not null references conversation (id),
  cause_type text not null,
  cause_id uuid not null,
  speaker text not null check (speaker in ('customer', 'bot', 'agent', 'note')),
  name text not null,
  body text not null,
  at timestamptz not null,
  unique (conversation_id, cause_type, cause_id, speaker)
);
create index transcript_entry_order on transcript_entry (conversation_id, at desc, seq desc);

create table answer (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  conversation_id uuid not null references conversation (id),
  inbox_id uuid not null references inbox (id),
  question text not null,
  decision text not null check (decision in ('answer', 'ask-back', 'hand-off')),
  reason text not null,
  confidence double precision not null check (confidence between 0 and 1),
  threshold double precision not null check (threshold between 0 and 1),
  body text not null,
  created_at timestamptz not null default now()
);
create index answer_inbox on answer (inbox_id);

-- Append-only: how an answer came to be, stage by stage.
create table answer_stage (
  tenant_id text not null references tenant (id),
  answer_id uuid not null references answer (id),
  ord int not null,
  stage text not null,
  ms double precision not null,
  cost double precision not null,
  model text,
  prompt_version text,
  output jsonb not null,
  primary key (answer_id, ord)
);

create table feedback (
  tenant_id text not null references tenant (id),
  answer_id uuid not null references answer (id),
  author_id text not null,
  verdict text not null check (verdict in ('helpful', 'not-helpful')),
  at timestamptz not null default now(),
  primary key (answer_id, author_id)
);

create table handoff (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  conversation_id uuid not null references conversation (id),
  agent_conversation_id uuid not null references conversation (id),
  state text not null check (state in
    ('waiting', 'claimed', 'snoozed', 'resolved', 'reopened', 'returned', 'expired')),
  reason text not null,
  question text not null,
  customer_name text not null,
  claimed_by_id text,
  claimed_by_name text,
  answer_id uuid references answer (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (state <> 'claimed' or claimed_by_id is not null)
);
-- At most one handoff of a conversation is open.
create unique index handoff_open on handoff (conversation_id)
  where state in ('waiting', 'claimed', 'snoozed', 'reopened');
create unique index handoff_agent_side on handoff (agent_conversation_id);
create index handoff_queue on handoff (tenant_id, state, created_at);

-- Audit: every transition of a handoff with its actor. Append-only.
create table handoff_event (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  handoff_id uuid not null references handoff (id),
  from_state text,
  to_state text not null,
  actor_id text not null,
  actor_name text not null,
  actor_role text not null,
  at timestamptz not null default now()
);
create index handoff_event_order on handoff_event (handoff_id, at);

-- What the web console shows: it is the "platform" of the web adapter, as a Slack workspace is for Slack's.
create table web_message (
  id uuid primary key,
  seq bigint generated always as identity,
  tenant_id text not null references tenant (id),
  installation_id uuid not null references installation (id),
  conversation_key text not null,
  delivery_id uuid unique,
  author_role text not null check (author_role in ('customer', 'bot', 'agent', 'note')),
  author_name text not null,
  state text not null check (state in ('streaming', 'complete')),
  reply jsonb,
  partial_text text not null default '',
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  deleted_at timestamptz
);
create index web_message_order on web_message (installation_id, conversation_key, seq);

-- Row-level security, forced: not even the owner of a table sees rows without a tenant.
do $$
declare
  relation text;
begin
  foreach relation in array array[
    'installation', 'conversation', 'inbox', 'delivery', 'transcript_entry', 'answer', 'answer_stage', 'feedback',
    'handoff', 'handoff_event', 'web_message'
  ] loop
    execute format('alter table %I enable row level security', relation);
    execute format('alter table %I force row level security', relation);
    execute format(
      'create policy tenant_only on %I to deskhand_app using (tenant_id = current_tenant()) with check (tenant_id = current_tenant())',
      relation);
    execute format('grant select, insert on %I to deskhand_app', relation);
  end loop;
  -- What may change after it was written; the rest is append-only for the application.
  foreach relation in array array['conversation', 'inbox', 'delivery', 'feedback', 'handoff', 'web_message'] loop
    execute format('grant update on %I to deskhand_app', relation);
  end loop;
  -- What the cross-tenant functions touch.
  foreach relation in array array['installation', 'conversation', 'inbox', 'delivery'] loop
    execute format('create policy coordination on %I to deskhand_system using (true) with check (true)', relation);
    execute format('grant select, insert, update on %I to deskhand_system', relation);
  end loop;
end $$;
alter table tenant enable row level security;
alter table tenant force row level security;
create policy tenant_only on tenant to deskhand_app using (id = current_tenant());
create policy coordination on tenant to deskhand_system using (true) with check (true);
grant select on tenant to deskhand_app;
grant select, insert on tenant to deskhand_system;

-- The cross-tenant steps. These are all there are.

create function ensure_installation(p_id uuid, p_tenant text, p_platform text, p_external text)
  returns setof installation
  language plpgsql security definer set search_path = public, pg_temp
  as $$
begin
  insert into tenant (id) values (p_tenant) on conflict do nothing;
  insert into installation (id, tenant_id, platform, external_id)
    values (p_id, p_tenant, p_platform, p_external)
    on conflict (platform, external_id) do nothing;
  return query select * from installation
    where platform = p_platform and external_id = p_external and tenant_id = p_tenant;
end $$;

create function find_installation(p_id uuid) returns setof installation
  language sql stable security definer set search_path = public, pg_temp
  as $$ select * from installation where id = p_id $$;

-- Stores an event once. Returns nothing for an unknown installation.
create function accept_event(
    p_inbox uuid, p_conversation uuid, p_installation uuid, p_key text, p_event text, p_kind text, p_channel text,
    p_message text, p_revision int, p_occurred timestamptz, p_payload jsonb)
  returns table (inbox_id uuid, conversation_id uuid, duplicate boolean)
  language plpgsql security definer set search_path = public, pg_temp
  as $$
#variable_conflict use_column
declare
  v_tenant text;
  v_platform text;
  v_conversation uuid;
  v_inbox uuid;
begin
  select tenant_id, platform into v_tenant, v_platform from installation where id = p_installation;
  if not found then
    return;
  end if;
  insert into conversation (id, tenant_id, installation_id, key)
    values (p_conversation, v_tenant, p_installation, p_key)
    on conflict (installation_id, key) do nothing
    returning id into v_conversation;
  if v_conversation is null then
    select id into v_conversation from conversation where installation_id = p_installation and key = p_key;
  end if;
  insert into inbox (id, tenant_id, installation_id, conversation_id, event_id, platform, channel_id, message_id, kind,
      revision, payload, occurred_at)
    values (p_inbox, v_tenant, p_installation, v_conversation, p_event, v_platform, p_channel, p_message, p_kind,
      p_revision, p_payload, p_occurred)
    on conflict do nothing
    returning id into v_inbox;
  if v_inbox is not null then
    return query select v_inbox, v_conversation, false;
    return;
  end if;
  return query select id, inbox.conversation_id, true from inbox
    where (installation_id = p_installation and event_id = p_event)
       or (tenant_id = v_tenant and platform = v_platform and channel_id = p_channel and message_id = p_message
           and kind = p_kind and revision = p_revision)
    limit 1;
end $$;

create function claim_conversation(p_conversation uuid, p_owner text, p_lease_ms int)
  returns table (tenant_id text, installation_id uuid, key text, platform text, fence bigint)
  language sql security definer set search_path = public, pg_temp
  as $$
  update conversation
     set lease_owner = p_owner, lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0),
         fence = conversation.fence + 1
    from installation
   where conversation.id = p_conversation and installation.id = conversation.installation_id
     and (conversation.lease_until is null or conversation.lease_until < clock_timestamp())
  returning conversation.tenant_id, conversation.installation_id, conversation.key, installation.platform,
            conversation.fence;
$$;

create function renew_conversation(p_conversation uuid, p_fence bigint, p_lease_ms int) returns boolean
  language plpgsql security definer set search_path = public, pg_temp
  as $$
begin
  update conversation set lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
   where id = p_conversation and fence = p_fence and lease_until is not null;
  return found;
end $$;

-- Returns whether events wait: one that came while the lease was held found it taken. Both statements see what was
-- committed before them, and a claim waits for this row's lock, so no event falls between.
create function release_conversation(p_conversation uuid, p_fence bigint) returns boolean
  language plpgsql security definer set search_path = public, pg_temp
  as $$
begin
  update conversation set lease_owner = null, lease_until = null where id = p_conversation and fence = p_fence;
  -- Only the first one counts: the others wait behind it, also while it waits for its next attempt.
  return found and coalesce((
    select next_attempt_at <= clock_timestamp() from inbox
     where conversation_id = p_conversation and outcome is null
     order by (attempts > 0) desc, occurred_at, seq limit 1), false);
end $$;

-- The first unfinished delivery of a conversation, if it is due and nobody holds it. Later ones wait behind it.
-- A delivery found in state `sending` had a holder that never reported back: the platform may have got it.
create function claim_delivery(p_conversation uuid, p_owner text, p_lease_ms int)
  returns table (id uuid, tenant_id text, installation_id uuid, key text, platform text, operation text,
                 speaker_role text, speaker_name text, reply jsonb, platform_id text, attempt int, is_uncertain boolean, is_streamed boolean,
                 fence bigint)
  language plpgsql security definer set search_path = public, pg_temp
  as $$
#variable_conflict use_column
declare
  v_first delivery;
begin
  -- The first one is found before it is locked: skipping locked rows while looking would hand out the second instead.
  select * into v_first from delivery
   where id = (select id from delivery
                where conversation_id = p_conversation and state in ('streaming', 'pending', 'sending')
                order by seq limit 1)
   for update skip locked;
  if not found or v_first.state not in ('pending', 'sending')
     or exists (select from conversation where id = p_conversation and awaits_delivery_id is not null) or v_first.next_attempt_at > clock_timestamp()
     or v_first.lease_until > clock_timestamp() then
    return;
  end if;
  return query
  update delivery
     set state = 'sending', attempt = delivery.attempt + 1, lease_owner = p_owner,
         lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0), fence = delivery.fence + 1,
         is_uncertain = delivery.is_uncertain or delivery.state = 'sending'
    from conversation, installation
   where delivery.id = v_first.id and conversation.id = delivery.conversation_id
     and installation.id = conversation.installation_id
  returning delivery.id, delivery.tenant_id, conversation.installation_id, conversation.key, installation.platform,
            delivery.operation, delivery.speaker_role, delivery.speaker_name, delivery.reply,
            coalesce(delivery.platform_id,
                     (select target.platform_id from delivery as target where target.id = delivery.target_delivery_id)),
            delivery.attempt, delivery.is_uncertain, delivery.is_streamed, delivery.fence;
end $$;

-- Conversations with work that nobody does. Of each only the first waiting event and the first delivery count: the
-- others wait behind them. Waiting events count once their lease has run out.
create function sweep_conversations(p_limit int)
  returns table (conversation_id uuid, events boolean, deliveries boolean)
  language sql stable security definer set search_path = public, pg_temp
  as $$
  with first_event as (
    select distinct on (conversation_id) conversation_id, next_attempt_at, received_at
      from inbox where outcome is null
     order by conversation_id, (attempts > 0) desc, occurred_at, seq
  ), first_delivery as (
    select distinct on (conversation_id) conversation_id, state, next_attempt_at, lease_until, created_at
      from delivery where state in ('streaming', 'pending', 'sending')
     order by conversation_id, seq
  ), waiting as (
    select first_event.conversation_id, first_event.received_at as since, true as events, false as deliveries
      from first_event join conversation on conversation.id = first_event.conversation_id
     where first_event.next_attempt_at <= clock_timestamp()
       and (conversation.lease_until is null or conversation.lease_until < clock_timestamp())
    union all
    select first_delivery.conversation_id, first_delivery.created_at, false, true
      from first_delivery join conversation on conversation.id = first_delivery.conversation_id
     where first_delivery.state <> 'streaming' and conversation.awaits_delivery_id is null
       and first_delivery.next_attempt_at <= clock_timestamp()
       and (first_delivery.lease_until is null or first_delivery.lease_until < clock_timestamp())
  )
  select conversation_id, bool_or(events), bool_or(deliveries)
    from waiting group by conversation_id order by min(since) limit p_limit;
$$;

do $$
declare
  signature text;
  caller text := current_user;
begin
  grant create on schema public to deskhand_system;
  foreach signature in array array[
    'ensure_installation(uuid, text, text, text)',
    'find_installation(uuid)',
    'accept_event(uuid, uuid, uuid, text, text, text, text, text, int, timestamptz, jsonb)',
    'claim_conversation(uuid, text, int)',
    'renew_conversation(uuid, bigint, int)',
    'release_conversation(uuid, bigint)',
    'claim_delivery(uuid, text, int)',
    'sweep_conversations(int)'
  ] loop
    execute 'revoke all on function ' || signature || ' from public';
    execute 'alter function ' || signature || ' owner to deskhand_system';
    -- Only the new owner can say who may call it.
    set local role deskhand_system;
    execute 'grant execute on function ' || signature || format(' to %I', caller);
    reset role;
  end loop;
  revoke create on schema public from deskhand_system;
end $$;
