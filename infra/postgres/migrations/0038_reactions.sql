-- A reaction on what was relayed is shown on the other side, and found by the message that it is on.
alter table delivery drop constraint delivery_purpose_check;
alter table delivery add constraint delivery_purpose_check
  check (purpose in ('reply', 'handoff-card', 'card-state', 'relay', 'status', 'notice', 'unsent', 'withdrawal', 'replacement',
                     'transcript', 'file-notice', 'reaction'));
create index delivery_relayed_as on delivery (platform_id) where purpose = 'relay' and platform_id is not null;
