-- Answers that somebody who asked says did not help: questions that a person may label, for the next evaluation.
create table answer_case (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  answer_id uuid not null references answer (id) on delete cascade,
  author_id text not null,
  state text not null default 'open' check (state in ('open', 'labelled', 'dismissed')),
  fault text check (fault in ('wrong', 'outdated', 'incomplete', 'tone', 'not-my-question')),
  words text,
  -- Without personal data.
  question text not null,
  answer text not null,
  -- What the answer cited.
  document_ids uuid[] not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  is_answerable boolean,
  -- The document that answers it, by its source and its id there.
  right_source text,
  right_external_id text,
  labelled_by text,
  unique (answer_id, author_id),
  check ((right_source is null) = (right_external_id is null)),
  check ((state = 'labelled') = (is_answerable is not null)),
  check (is_answerable is not true or right_source is not null)
);
create index answer_case_state on answer_case (tenant_id, state, updated_at desc);

alter table answer_case enable row level security;
alter table answer_case force row level security;
create policy tenant_only on answer_case to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, update, delete on answer_case to deskhand_app;
