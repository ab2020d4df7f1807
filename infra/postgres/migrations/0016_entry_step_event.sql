-- The stored event that asked for the last step of an entry: the same event worked on again takes none.
alter table kb_entry add column step_event_id uuid;
