-- A session that takes its first events in while the tables are empty would keep plans that read them whole, also the
-- checks of foreign keys, until the next statistics are collected: taking in would get slower with every event.
-- Only the owner may alter the function.
set local role deskhand_system;
alter function accept_event(uuid, uuid, uuid, text, text, text, text, text, int, timestamptz, jsonb)
  set enable_seqscan = off;
reset role;
