-- Demo documents step aside for documents of one's own: they are out of search and out of the list of sources, and what
-- was cited of them can still be opened. Their name is free again.
alter table source add column stepped_aside_at timestamptz;
alter table source add constraint source_stepped_aside check (stepped_aside_at is null or is_demo);
alter table source drop constraint source_tenant_id_name_key;
create unique index source_name on source (tenant_id, name) where stepped_aside_at is null;

-- What became of the demo documents at the end of a run of a source of one's own; null where there were none.
alter table sync_run add column demo text check (demo in ('answering', 'stepped-aside'));
-- What was seen and is not read, such as files of other kinds.
alter table sync_run add column skipped jsonb not null default '[]';
