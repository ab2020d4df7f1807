-- The article that was found for a handoff's question: what the agent answered may belong into it.
alter table candidate_case
  add column document_id uuid references document (id) on delete set null,
  add column heading_path text[];
create index candidate_case_document on candidate_case (document_id) where document_id is not null;

-- The article that was changed with it, by its source and its id there; null where it is an entry of its own, or nothing.
alter table candidate
  add column changed_source text,
  add column changed_external_id text,
  add constraint candidate_changed check ((changed_source is null) = (changed_external_id is null));
