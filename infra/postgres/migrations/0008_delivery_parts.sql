-- A reply that needs several messages is delivered part by part, and whoever waits for a delivery that does not arrive is
-- told. What the agents are told of a handoff (`notice`) and what the customer is told of it (`status`) no longer share a
-- purpose, so that `part` counts parts and nothing else.
alter table delivery drop constraint delivery_purpose_check;
alter table delivery add constraint delivery_purpose_check
  check (purpose in ('reply', 'handoff-card', 'relay', 'status', 'notice', 'unsent'));
alter table delivery drop constraint delivery_cause_type_check;
alter table delivery add constraint delivery_cause_type_check
  check (cause_type in ('event', 'handoff', 'timer', 'delivery'));

drop function claim_delivery(uuid, text, int);

-- The first unfinished delivery of a conversation, if it is due and nobody holds it. Later ones wait behind it.
-- A delivery found in state `sending` had a holder that never reported back: the platform may have got it.
create function claim_delivery(p_conversation uuid, p_owner text, p_lease_ms int)
  returns table (id uuid, tenant_id text, installation_id uuid, key text, platform text, cause_type text, cause_id uuid,
                 purpose text, part int, operation text, speaker_role text, speaker_name text, reply jsonb,
                 platform_id text, attempt int, is_uncertain boolean, is_streamed boolean, fence bigint,
                 created_at timestamptz)
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
     or exists (select from conversation where id = p_conversation and awaits_delivery_id is not null)
     or v_first.next_attempt_at > clock_timestamp() or v_first.lease_until > clock_timestamp() then
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
            delivery.cause_type, delivery.cause_id, delivery.purpose, delivery.part, delivery.operation,
            delivery.speaker_role, delivery.speaker_name, delivery.reply,
            coalesce(delivery.platform_id,
                     (select target.platform_id from delivery as target where target.id = delivery.target_delivery_id)),
            delivery.attempt, delivery.is_uncertain, delivery.is_streamed, delivery.fence, delivery.created_at;
end $$;

do $$
declare
  caller text := current_user;
begin
  grant create on schema public to deskhand_system;
  revoke all on function claim_delivery(uuid, text, int) from public;
  alter function claim_delivery(uuid, text, int) owner to deskhand_system;
  -- Only the new owner can say who may call it.
  set local role deskhand_system;
  execute format('grant execute on function claim_delivery(uuid, text, int) to %I', caller);
  reset role;
  revoke create on schema public from deskhand_system;
end $$;
