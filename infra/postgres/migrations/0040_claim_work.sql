-- A conversation is claimed and its first waiting event begun in one step, in the order that events are begun in. The second
-- statement sees what was committed before the claim had the row. `claim_conversation` stays for processes of an older version.
create function claim_work(p_conversation uuid, p_owner text, p_lease_ms int)
  returns table (tenant_id text, installation_id uuid, key text, platform text, fence bigint,
                 inbox_id uuid, payload jsonb, attempts int)
  language plpgsql security definer set search_path = public, pg_temp
  as $$
#variable_conflict use_column
declare
  held record;
begin
  select * into held from claim_conversation(p_conversation, p_owner, p_lease_ms);
  if held.fence is null then
    return;
  end if;
  return query
    with first as (
      select waiting.id, waiting.next_attempt_at from inbox as waiting
       where waiting.conversation_id = p_conversation and waiting.tenant_id = held.tenant_id and waiting.outcome is null
       order by (waiting.attempts > 0) desc, waiting.occurred_at, waiting.seq
       limit 1
    ), begun as (
      update inbox set attempts = inbox.attempts + 1
        from first
       where inbox.id = first.id and inbox.tenant_id = held.tenant_id and first.next_attempt_at <= clock_timestamp()
      returning inbox.id, inbox.payload, inbox.attempts - 1 as attempts
    )
    select held.tenant_id, held.installation_id, held.key, held.platform, held.fence,
           begun.id, begun.payload, begun.attempts
      from (select) as one left join begun on true;
end $$;

do $$
declare
  caller text := current_user;
begin
  grant create on schema public to deskhand_system;
  revoke all on function claim_work(uuid, text, int) from public;
  alter function claim_work(uuid, text, int) owner to deskhand_system;
  -- Only the new owner can say who may call it.
  set local role deskhand_system;
  execute format('grant execute on function claim_work(uuid, text, int) to %I', caller);
  reset role;
  revoke create on schema public from deskhand_system;
end $$;
