-- A turn is what one reply answers: a question, what was written on with it, and its edits. They name the event that it
-- began with; that one names none.
alter table inbox add column turn_id uuid;
create index inbox_turn on inbox (turn_id) where turn_id is not null;

alter table delivery drop constraint delivery_purpose_check;
alter table delivery add constraint delivery_purpose_check
  check (purpose in ('reply', 'handoff-card', 'relay', 'status', 'notice', 'unsent', 'withdrawal', 'replacement'));
create index delivery_target on delivery (target_delivery_id) where target_delivery_id is not null;

-- What a customer changes or takes back is not read as said any more.
grant update, delete on transcript_entry to deskhand_app;
