-- The page of every customer asks for the newest handoff of their conversation.
create index handoff_conversation on handoff (conversation_id, created_at desc);
