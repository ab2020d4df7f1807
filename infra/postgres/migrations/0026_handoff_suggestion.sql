-- Drafts of the bot's that its agents asked for. What of one reaches the customer is a reply of the agent who sends it.
create table handoff_suggestion (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  handoff_id uuid not null references handoff (id),
  answer_id uuid not null references answer (id),
  -- What the customer had asked: where they ask something else by now, it is out of date.
  question text not null,
  reply jsonb not null,
  -- The newest line of the transcript when it was made: a person who has answered since has taken its place.
  after_seq bigint not null,
  created_at timestamptz not null default clock_timestamp()
);
create index handoff_suggestion_handoff on handoff_suggestion (handoff_id);
create index handoff_suggestion_answer on handoff_suggestion (answer_id);

alter table handoff_suggestion enable row level security;
alter table handoff_suggestion force row level security;
create policy tenant_only on handoff_suggestion to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert, delete on handoff_suggestion to deskhand_app;
