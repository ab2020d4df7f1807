-- A session that takes its first events in while the tables are empty would keep plans that read them whole, also the
-- checks of foreign keys, until the next statistics are collected: taking in would get slower with every event.
alter function accept_event(uuid, uuid, uuid, text, text, text, text, text, int, timestamptz, jsonb)
  set enable_seqscan = off;
