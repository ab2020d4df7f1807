-- Handoffs go to teams. Null: there is one team, which has no name.
alter table handoff add column team text;

-- What the states do not tell: why it goes to a team.
alter table handoff_event add column detail text;

-- The thread of a handoff that has gone to another team: who writes here is told so.
alter table conversation add column left_by_handoff_id uuid;

alter table handoff_timer drop constraint handoff_timer_kind_check;
alter table handoff_timer add constraint handoff_timer_kind_check
  check (kind in ('remind', 'idle', 'wake', 'expire', 'settle', 'reassign'));

alter table delivery drop constraint delivery_purpose_check;
alter table delivery add constraint delivery_purpose_check
  check (purpose in ('reply', 'handoff-card', 'card-state', 'relay', 'status', 'notice', 'unsent', 'withdrawal', 'replacement',
                     'transcript'));
