-- What the migrations add up to. Written by test/infra/postgres/schema.test.ts with --update.

create table answer (
  id uuid not null,
  tenant_id text not null,
  conversation_id uuid not null,
  inbox_id uuid not null,
  question text not null,
  decision text not null,
  reason text not null,
  confidence double precision not null,
  threshold double precision not null,
  body text not null,
  created_at timestamp with time zone not null default now()
);
alter table answer enable row level security;
alter table answer force row level security;
create table answer_case (
  id uuid not null,
  tenant_id text not null,
  answer_id uuid not null,
  author_id text not null,
  state text not null default 'open'::text,
  fault text,
  words text,
  question text not null,
  answer text not null,
  document_ids uuid[] not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  updated_at timestamp with time zone not null default clock_timestamp(),
  is_answerable boolean,
  right_source text,
  right_external_id text,
  labelled_by text
);
alter table answer_case enable row level security;
alter table answer_case force row level security;
create table answer_stage (
  tenant_id text not null,
  answer_id uuid not null,
  ord integer not null,
  stage text not null,
  ms double precision not null,
  cost double precision not null,
  model text,
  prompt_version text,
  output jsonb not null
);
alter table answer_stage enable row level security;
alter table answer_stage force row level security;
create table budget_use (
  tenant_id text not null,
  scope text not null,
  period text not null,
  starts_at timestamp with time zone not null,
  questions bigint not null,
  tokens bigint not null default 0,
  cost double precision not null default 0,
  event_id uuid not null
);
alter table budget_use enable row level security;
alter table budget_use force row level security;
create table candidate (
  id uuid not null,
  tenant_id text not null,
  state text not null,
  question text not null,
  answer text not null,
  lang text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  edited_by text,
  decided_by text,
  why text,
  published_at timestamp with time zone,
  changed_source text,
  changed_external_id text,
  card_delivery_id uuid,
  card_as_of timestamp with time zone
);
alter table candidate enable row level security;
alter table candidate force row level security;
create table candidate_case (
  handoff_id uuid not null,
  tenant_id text not null,
  candidate_id uuid not null,
  question text not null,
  answer text not null,
  created_at timestamp with time zone not null default now(),
  document_id uuid,
  heading_path text[]
);
alter table candidate_case enable row level security;
alter table candidate_case force row level security;
create table chunk (
  id uuid not null,
  tenant_id text not null,
  document_id uuid not null,
  version_id uuid not null,
  ord integer not null,
  heading_path text[] not null,
  body text not null,
  variants text[] not null default '{}'::text[],
  acl text[] not null,
  is_current boolean not null,
  page integer
);
alter table chunk enable row level security;
alter table chunk force row level security;
create table chunk_embedding (
  tenant_id text not null,
  index_id uuid not null,
  chunk_id uuid not null,
  embedding vector not null,
  text_hash bytea
);
alter table chunk_embedding enable row level security;
alter table chunk_embedding force row level security;
create table command_confirmation (
  id uuid not null,
  tenant_id text not null,
  installation_id uuid,
  author_id text not null,
  command jsonb not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  used_by text
);
alter table command_confirmation enable row level security;
alter table command_confirmation force row level security;
create table conversation (
  id uuid not null,
  tenant_id text not null,
  installation_id uuid not null,
  key text not null,
  created_at timestamp with time zone not null default now(),
  lease_owner text,
  lease_until timestamp with time zone,
  fence bigint not null default 0,
  awaits_delivery_id uuid,
  left_by_handoff_id uuid
);
alter table conversation enable row level security;
alter table conversation force row level security;
create table conversation_address (
  tenant_id text not null,
  installation_id uuid not null,
  key text not null,
  address text not null,
  updated_at timestamp with time zone not null default now()
);
alter table conversation_address enable row level security;
alter table conversation_address force row level security;
create table delivery (
  id uuid not null,
  seq bigint not null generated always as identity,
  tenant_id text not null,
  conversation_id uuid not null,
  cause_type text not null,
  cause_id uuid not null,
  purpose text not null,
  part integer not null,
  operation text not null,
  target_delivery_id uuid,
  speaker_role text not null,
  speaker_name text not null,
  reply jsonb not null,
  state text not null,
  platform_id text,
  attempt integer not null default 0,
  is_uncertain boolean not null default false,
  is_streamed boolean not null default false,
  next_attempt_at timestamp with time zone not null default now(),
  lease_owner text,
  lease_until timestamp with time zone,
  fence bigint not null default 0,
  last_error text,
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone
);
alter table delivery enable row level security;
alter table delivery force row level security;
create table document (
  id uuid not null,
  tenant_id text not null,
  source_id uuid not null,
  external_id text not null,
  current_version_id uuid,
  removed_at timestamp with time zone,
  kept_at timestamp with time zone
);
alter table document enable row level security;
alter table document force row level security;
create table document_version (
  id uuid not null,
  tenant_id text not null,
  document_id uuid not null,
  number integer not null,
  hash text not null,
  kind text not null,
  title text not null,
  body text not null,
  url text,
  updated_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  lang text,
  edited_by text,
  valid_from timestamp with time zone,
  valid_until timestamp with time zone,
  acl text[],
  source_text_hash text
);
alter table document_version enable row level security;
alter table document_version force row level security;
create table ended_candidate (
  candidate_id uuid not null,
  tenant_id text not null,
  card_delivery_id uuid not null,
  ending text not null,
  merged_into uuid,
  told_at timestamp with time zone,
  created_at timestamp with time zone not null default clock_timestamp()
);
alter table ended_candidate enable row level security;
alter table ended_candidate force row level security;
create table feedback (
  tenant_id text not null,
  answer_id uuid not null,
  author_id text not null,
  verdict text not null,
  at timestamp with time zone not null default now()
);
alter table feedback enable row level security;
alter table feedback force row level security;
create table gap_report (
  id uuid not null,
  tenant_id text not null,
  due_on date not null,
  is_posted boolean not null,
  created_at timestamp with time zone not null default clock_timestamp()
);
alter table gap_report enable row level security;
alter table gap_report force row level security;
create table handoff (
  id uuid not null,
  tenant_id text not null,
  conversation_id uuid not null,
  agent_conversation_id uuid not null,
  state text not null,
  reason text not null,
  question text not null,
  customer_name text not null,
  claimed_by_id text,
  claimed_by_name text,
  answer_id uuid,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  card_delivery_id uuid,
  snoozed_until timestamp with time zone,
  customer_waits boolean not null default true,
  is_settled boolean not null default false,
  team text,
  learned text,
  assigned_to_id text,
  assigned_to_name text,
  asked text[] not null default '{}'::text[],
  customer_ids text[] not null default '{}'::text[]
);
alter table handoff enable row level security;
alter table handoff force row level security;
create table handoff_event (
  id uuid not null,
  tenant_id text not null,
  handoff_id uuid not null,
  from_state text,
  to_state text not null,
  actor_id text not null,
  actor_name text not null,
  actor_role text not null,
  at timestamp with time zone not null default now(),
  event text,
  detail text
);
alter table handoff_event enable row level security;
alter table handoff_event force row level security;
create table handoff_rating (
  handoff_id uuid not null,
  tenant_id text not null,
  agent_id text,
  agent_name text,
  asked_at timestamp with time zone not null default clock_timestamp(),
  rating integer,
  rated_at timestamp with time zone,
  words text,
  words_at timestamp with time zone
);
alter table handoff_rating enable row level security;
alter table handoff_rating force row level security;
create table handoff_suggestion (
  id uuid not null,
  tenant_id text not null,
  handoff_id uuid not null,
  answer_id uuid not null,
  question text not null,
  reply jsonb not null,
  after_seq bigint not null,
  created_at timestamp with time zone not null default clock_timestamp()
);
alter table handoff_suggestion enable row level security;
alter table handoff_suggestion force row level security;
create table handoff_target (
  id uuid not null,
  tenant_id text not null,
  handoff_id uuid not null,
  kind text not null,
  team text,
  started_at timestamp with time zone not null,
  due_at timestamp with time zone,
  missed_at timestamp with time zone,
  ended_at timestamp with time zone,
  outcome text,
  open_ms double precision
);
alter table handoff_target enable row level security;
alter table handoff_target force row level security;
create table handoff_timer (
  id uuid not null,
  tenant_id text not null,
  handoff_id uuid not null,
  kind text not null,
  due_at timestamp with time zone not null,
  round integer not null
);
alter table handoff_timer enable row level security;
alter table handoff_timer force row level security;
create table inbox (
  id uuid not null,
  seq bigint not null generated always as identity,
  tenant_id text not null,
  installation_id uuid not null,
  conversation_id uuid not null,
  event_id text not null,
  platform text not null,
  channel_id text not null,
  message_id text not null,
  kind text not null,
  revision integer not null,
  payload jsonb not null,
  occurred_at timestamp with time zone not null,
  received_at timestamp with time zone not null default now(),
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone not null default now(),
  last_error text,
  outcome text,
  outcome_reason text,
  finished_at timestamp with time zone,
  turn_id uuid
);
alter table inbox enable row level security;
alter table inbox force row level security;
create table installation (
  id uuid not null,
  tenant_id text not null,
  platform text not null,
  external_id text not null,
  created_at timestamp with time zone not null default now()
);
alter table installation enable row level security;
alter table installation force row level security;
create table kb_audit (
  id uuid not null,
  tenant_id text not null,
  at timestamp with time zone not null default now(),
  actor text not null,
  action text not null,
  source_name text,
  detail jsonb not null default '{}'::jsonb,
  was_allowed boolean not null default true
);
alter table kb_audit enable row level security;
alter table kb_audit force row level security;
create table kb_entry (
  id uuid not null,
  tenant_id text not null,
  source_id uuid not null,
  state text not null,
  question text not null,
  variants text[] not null default '{}'::text[],
  answer text not null,
  acl text[] not null,
  lang text,
  owner text,
  valid_from timestamp with time zone,
  valid_until timestamp with time zone,
  revision integer not null default 1,
  created_at timestamp with time zone not null default now(),
  created_by text not null,
  updated_at timestamp with time zone not null default now(),
  updated_by text not null,
  approved_by text,
  published_at timestamp with time zone,
  step_event_id uuid
);
alter table kb_entry enable row level security;
alter table kb_entry force row level security;
create table relayed_file (
  id uuid not null,
  tenant_id text not null,
  conversation_id uuid not null,
  inbox_id uuid,
  ord integer,
  name text not null,
  media_type text not null,
  size_bytes bigint,
  upload_id text,
  keep_until timestamp with time zone not null,
  created_at timestamp with time zone not null default clock_timestamp()
);
alter table relayed_file enable row level security;
alter table relayed_file force row level security;
create table relayed_file_piece (
  file_id uuid not null,
  ord integer not null,
  tenant_id text not null,
  bytes bytea not null
);
alter table relayed_file_piece enable row level security;
alter table relayed_file_piece force row level security;
create table schema_migration (
  version integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now()
);
create table search_chunk (
  chunk_id uuid not null,
  tenant_id text not null,
  document_id uuid not null,
  acl text[] not null,
  is_first boolean not null,
  title_length integer not null,
  heading_length integer not null,
  question_length integer not null,
  body_length integer not null,
  document_heading_length integer not null,
  document_body_length integer not null,
  valid_from timestamp with time zone,
  valid_until timestamp with time zone,
  abbreviations text[]
);
alter table search_chunk enable row level security;
alter table search_chunk force row level security;
create table search_index (
  id uuid not null,
  tenant_id text not null,
  model text not null,
  dimensions integer not null,
  chunker text not null,
  is_serving boolean not null,
  created_at timestamp with time zone not null default now(),
  served_until timestamp with time zone
);
alter table search_index enable row level security;
alter table search_index force row level security;
create table search_posting (
  tenant_id text not null,
  term text not null,
  document_id uuid not null,
  chunk_id uuid not null,
  is_first boolean not null,
  title smallint not null,
  heading smallint not null,
  question smallint not null,
  body smallint not null
);
alter table search_posting enable row level security;
alter table search_posting force row level security;
create table search_statistics (
  tenant_id text not null,
  chunks bigint not null,
  documents bigint not null,
  title_length bigint not null,
  heading_length bigint not null,
  question_length bigint not null,
  body_length bigint not null
);
alter table search_statistics enable row level security;
alter table search_statistics force row level security;
create table search_term (
  tenant_id text not null,
  prefix text not null,
  term text not null,
  chunks bigint not null,
  documents bigint not null
);
alter table search_term enable row level security;
alter table search_term force row level security;
create table source (
  id uuid not null,
  tenant_id text not null,
  name text not null,
  kind text not null,
  location text not null,
  acl text[] not null,
  is_demo boolean not null default false,
  created_at timestamp with time zone not null default now(),
  stepped_aside_at timestamp with time zone,
  options jsonb not null default '{}'::jsonb,
  cursor text,
  sync_every_minutes integer,
  paused_at timestamp with time zone,
  owner text,
  removed_at timestamp with time zone,
  sync_requests bigint not null default 0,
  sync_requests_served bigint not null default 0,
  sync_claimed_until timestamp with time zone,
  sync_failures integer not null default 0
);
alter table source enable row level security;
alter table source force row level security;
create table source_item (
  tenant_id text not null,
  source_id uuid not null,
  external_id text not null,
  fingerprint text not null,
  documents text[] not null,
  revision text
);
alter table source_item enable row level security;
alter table source_item force row level security;
create table stored_item (
  tenant_id text not null,
  source_id uuid not null,
  external_id text not null,
  change bigint not null generated always as identity,
  media_type text not null,
  bytes bytea,
  facts jsonb not null default '{}'::jsonb,
  changed_at timestamp with time zone not null default now(),
  changed_by text
);
alter table stored_item enable row level security;
alter table stored_item force row level security;
create table sync_run (
  id uuid not null,
  tenant_id text not null,
  source_id uuid not null,
  state text not null,
  started_at timestamp with time zone not null default now(),
  heartbeat_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  added text[] not null default '{}'::text[],
  changed text[] not null default '{}'::text[],
  removed text[] not null default '{}'::text[],
  unchanged integer not null default 0,
  held_removals text[] not null default '{}'::text[],
  failures jsonb not null default '[]'::jsonb,
  demo text,
  skipped jsonb not null default '[]'::jsonb,
  remarks jsonb not null default '[]'::jsonb,
  items_listed integer,
  items_done integer not null default 0
);
alter table sync_run enable row level security;
alter table sync_run force row level security;
create table team_turn (
  tenant_id text not null,
  team text not null,
  last_member_id text
);
alter table team_turn enable row level security;
alter table team_turn force row level security;
create table tenant (
  id text not null,
  created_at timestamp with time zone not null default now()
);
alter table tenant enable row level security;
alter table tenant force row level security;
create table transcript_entry (
  id uuid not null,
  seq bigint not null generated always as identity,
  tenant_id text not null,
  conversation_id uuid not null,
  cause_type text not null,
  cause_id uuid not null,
  speaker text not null,
  name text not null,
  body text not null,
  at timestamp with time zone not null
);
alter table transcript_entry enable row level security;
alter table transcript_entry force row level security;
create table verified_question (
  tenant_id text not null,
  question_hash text not null,
  chunk_id uuid not null
);
alter table verified_question enable row level security;
alter table verified_question force row level security;
create table web_message (
  id uuid not null,
  seq bigint not null generated always as identity,
  tenant_id text not null,
  installation_id uuid not null,
  conversation_key text not null,
  delivery_id uuid,
  author_role text not null,
  author_name text not null,
  state text not null,
  reply jsonb,
  partial_text text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  edited_at timestamp with time zone,
  deleted_at timestamp with time zone
);
alter table web_message enable row level security;
alter table web_message force row level security;

alter table answer add constraint answer_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision)));
alter table answer add constraint answer_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id);
alter table answer add constraint answer_decision_check CHECK ((decision = ANY (ARRAY['answer'::text, 'ask-back'::text, 'hand-off'::text])));
alter table answer add constraint answer_inbox_id_fkey FOREIGN KEY (inbox_id) REFERENCES inbox(id);
alter table answer add constraint answer_pkey PRIMARY KEY (id);
alter table answer add constraint answer_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table answer add constraint answer_threshold_check CHECK (((threshold >= (0)::double precision) AND (threshold <= (1)::double precision)));
alter table answer_case add constraint answer_case_answer_id_author_id_key UNIQUE (answer_id, author_id);
alter table answer_case add constraint answer_case_answer_id_fkey FOREIGN KEY (answer_id) REFERENCES answer(id) ON DELETE CASCADE;
alter table answer_case add constraint answer_case_check CHECK (((right_source IS NULL) = (right_external_id IS NULL)));
alter table answer_case add constraint answer_case_check1 CHECK (((state = 'labelled'::text) = (is_answerable IS NOT NULL)));
alter table answer_case add constraint answer_case_check2 CHECK (((is_answerable IS NOT TRUE) OR (right_source IS NOT NULL)));
alter table answer_case add constraint answer_case_fault_check CHECK ((fault = ANY (ARRAY['wrong'::text, 'outdated'::text, 'incomplete'::text, 'tone'::text, 'not-my-question'::text])));
alter table answer_case add constraint answer_case_pkey PRIMARY KEY (id);
alter table answer_case add constraint answer_case_state_check CHECK ((state = ANY (ARRAY['open'::text, 'labelled'::text, 'dismissed'::text])));
alter table answer_case add constraint answer_case_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table answer_stage add constraint answer_stage_answer_id_fkey FOREIGN KEY (answer_id) REFERENCES answer(id);
alter table answer_stage add constraint answer_stage_pkey PRIMARY KEY (answer_id, ord);
alter table answer_stage add constraint answer_stage_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table budget_use add constraint budget_use_period_check CHECK ((period = ANY (ARRAY['minute'::text, 'day'::text])));
alter table budget_use add constraint budget_use_pkey PRIMARY KEY (tenant_id, scope, period);
alter table candidate add constraint candidate_card_delivery_id_fkey FOREIGN KEY (card_delivery_id) REFERENCES delivery(id) ON DELETE SET NULL;
alter table candidate add constraint candidate_changed CHECK (((changed_source IS NULL) = (changed_external_id IS NULL)));
alter table candidate add constraint candidate_pkey PRIMARY KEY (id);
alter table candidate add constraint candidate_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'approved'::text, 'rejected'::text])));
alter table candidate add constraint candidate_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table candidate_case add constraint candidate_case_candidate_id_fkey FOREIGN KEY (candidate_id) REFERENCES candidate(id) ON DELETE CASCADE;
alter table candidate_case add constraint candidate_case_document_id_fkey FOREIGN KEY (document_id) REFERENCES document(id) ON DELETE SET NULL;
alter table candidate_case add constraint candidate_case_handoff_id_fkey FOREIGN KEY (handoff_id) REFERENCES handoff(id) ON DELETE CASCADE;
alter table candidate_case add constraint candidate_case_pkey PRIMARY KEY (handoff_id);
alter table candidate_case add constraint candidate_case_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table chunk add constraint chunk_acl_check CHECK ((cardinality(acl) > 0));
alter table chunk add constraint chunk_document_id_fkey FOREIGN KEY (document_id) REFERENCES document(id) ON DELETE CASCADE;
alter table chunk add constraint chunk_page_check CHECK ((page > 0));
alter table chunk add constraint chunk_pkey PRIMARY KEY (id);
alter table chunk add constraint chunk_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table chunk add constraint chunk_version_id_fkey FOREIGN KEY (version_id) REFERENCES document_version(id) ON DELETE CASCADE;
alter table chunk add constraint chunk_version_id_ord_key UNIQUE (version_id, ord);
alter table chunk_embedding add constraint chunk_embedding_chunk_id_fkey FOREIGN KEY (chunk_id) REFERENCES chunk(id) ON DELETE CASCADE;
alter table chunk_embedding add constraint chunk_embedding_index_id_fkey FOREIGN KEY (index_id) REFERENCES search_index(id) ON DELETE CASCADE;
alter table chunk_embedding add constraint chunk_embedding_pkey PRIMARY KEY (index_id, chunk_id);
alter table chunk_embedding add constraint chunk_embedding_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table command_confirmation add constraint command_confirmation_pkey PRIMARY KEY (id);
alter table command_confirmation add constraint command_confirmation_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table conversation add constraint conversation_awaits_delivery FOREIGN KEY (awaits_delivery_id) REFERENCES delivery(id);
alter table conversation add constraint conversation_installation_id_fkey FOREIGN KEY (installation_id) REFERENCES installation(id);
alter table conversation add constraint conversation_installation_id_key_key UNIQUE (installation_id, key);
alter table conversation add constraint conversation_pkey PRIMARY KEY (id);
alter table conversation add constraint conversation_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table conversation_address add constraint conversation_address_address_check CHECK ((length(address) <= 2000));
alter table conversation_address add constraint conversation_address_installation_id_fkey FOREIGN KEY (installation_id) REFERENCES installation(id);
alter table conversation_address add constraint conversation_address_pkey PRIMARY KEY (installation_id, key);
alter table conversation_address add constraint conversation_address_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table delivery add constraint delivery_cause_type_cause_id_purpose_part_key UNIQUE (cause_type, cause_id, purpose, part);
alter table delivery add constraint delivery_cause_type_check CHECK ((cause_type = ANY (ARRAY['event'::text, 'handoff'::text, 'timer'::text, 'delivery'::text, 'file'::text])));
alter table delivery add constraint delivery_check CHECK (((state <> 'sent'::text) OR (platform_id IS NOT NULL)));
alter table delivery add constraint delivery_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id);
alter table delivery add constraint delivery_operation_check CHECK ((operation = ANY (ARRAY['post'::text, 'edit'::text, 'delete'::text])));
alter table delivery add constraint delivery_pkey PRIMARY KEY (id);
alter table delivery add constraint delivery_purpose_check CHECK ((purpose = ANY (ARRAY['reply'::text, 'handoff-card'::text, 'card-state'::text, 'relay'::text, 'status'::text, 'notice'::text, 'unsent'::text, 'withdrawal'::text, 'replacement'::text, 'transcript'::text, 'file-notice'::text, 'reaction'::text])));
alter table delivery add constraint delivery_speaker_role_check CHECK ((speaker_role = ANY (ARRAY['bot'::text, 'agent'::text, 'customer'::text])));
alter table delivery add constraint delivery_state_check CHECK ((state = ANY (ARRAY['streaming'::text, 'pending'::text, 'sending'::text, 'sent'::text, 'unconfirmed'::text, 'failed'::text])));
alter table delivery add constraint delivery_target_delivery_id_fkey FOREIGN KEY (target_delivery_id) REFERENCES delivery(id);
alter table delivery add constraint delivery_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table document add constraint document_current_version FOREIGN KEY (current_version_id) REFERENCES document_version(id) ON DELETE SET NULL;
alter table document add constraint document_pkey PRIMARY KEY (id);
alter table document add constraint document_source_id_external_id_key UNIQUE (source_id, external_id);
alter table document add constraint document_source_id_fkey FOREIGN KEY (source_id) REFERENCES source(id) ON DELETE CASCADE;
alter table document add constraint document_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table document_version add constraint document_version_document_id_fkey FOREIGN KEY (document_id) REFERENCES document(id) ON DELETE CASCADE;
alter table document_version add constraint document_version_document_id_number_key UNIQUE (document_id, number);
alter table document_version add constraint document_version_kind_check CHECK ((kind = ANY (ARRAY['faq'::text, 'manual'::text, 'troubleshooting'::text, 'release'::text, 'policy'::text, 'page'::text])));
alter table document_version add constraint document_version_pkey PRIMARY KEY (id);
alter table document_version add constraint document_version_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table ended_candidate add constraint ended_candidate_card_delivery_id_fkey FOREIGN KEY (card_delivery_id) REFERENCES delivery(id) ON DELETE CASCADE;
alter table ended_candidate add constraint ended_candidate_check CHECK (((ending = 'merged'::text) = (merged_into IS NOT NULL)));
alter table ended_candidate add constraint ended_candidate_ending_check CHECK ((ending = ANY (ARRAY['merged'::text, 'erased'::text, 'read-again'::text])));
alter table ended_candidate add constraint ended_candidate_pkey PRIMARY KEY (candidate_id);
alter table ended_candidate add constraint ended_candidate_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table feedback add constraint feedback_answer_id_fkey FOREIGN KEY (answer_id) REFERENCES answer(id);
alter table feedback add constraint feedback_pkey PRIMARY KEY (answer_id, author_id);
alter table feedback add constraint feedback_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table feedback add constraint feedback_verdict_check CHECK ((verdict = ANY (ARRAY['helpful'::text, 'not-helpful'::text])));
alter table gap_report add constraint gap_report_pkey PRIMARY KEY (id);
alter table gap_report add constraint gap_report_tenant_id_due_on_key UNIQUE (tenant_id, due_on);
alter table gap_report add constraint gap_report_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table handoff add constraint handoff_agent_conversation_id_fkey FOREIGN KEY (agent_conversation_id) REFERENCES conversation(id);
alter table handoff add constraint handoff_answer_id_fkey FOREIGN KEY (answer_id) REFERENCES answer(id);
alter table handoff add constraint handoff_check CHECK (((state <> 'claimed'::text) OR (claimed_by_id IS NOT NULL)));
alter table handoff add constraint handoff_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id);
alter table handoff add constraint handoff_learned_check CHECK ((learned = ANY (ARRAY['candidate'::text, 'no-reply'::text, 'courtesies-only'::text, 'one-case'::text, 'no-question'::text, 'fault'::text])));
alter table handoff add constraint handoff_pkey PRIMARY KEY (id);
alter table handoff add constraint handoff_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'claimed'::text, 'snoozed'::text, 'resolved'::text, 'reopened'::text, 'returned'::text, 'expired'::text])));
alter table handoff add constraint handoff_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table handoff_event add constraint handoff_event_handoff_id_fkey FOREIGN KEY (handoff_id) REFERENCES handoff(id);
alter table handoff_event add constraint handoff_event_pkey PRIMARY KEY (id);
alter table handoff_event add constraint handoff_event_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table handoff_rating add constraint handoff_rating_check CHECK (((rating IS NULL) = (rated_at IS NULL)));
alter table handoff_rating add constraint handoff_rating_handoff_id_fkey FOREIGN KEY (handoff_id) REFERENCES handoff(id);
alter table handoff_rating add constraint handoff_rating_pkey PRIMARY KEY (handoff_id);
alter table handoff_rating add constraint handoff_rating_rating_check CHECK (((rating >= 1) AND (rating <= 5)));
alter table handoff_rating add constraint handoff_rating_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table handoff_suggestion add constraint handoff_suggestion_answer_id_fkey FOREIGN KEY (answer_id) REFERENCES answer(id);
alter table handoff_suggestion add constraint handoff_suggestion_handoff_id_fkey FOREIGN KEY (handoff_id) REFERENCES handoff(id);
alter table handoff_suggestion add constraint handoff_suggestion_pkey PRIMARY KEY (id);
alter table handoff_suggestion add constraint handoff_suggestion_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table handoff_target add constraint handoff_target_check CHECK (((ended_at IS NULL) = (outcome IS NULL)));
alter table handoff_target add constraint handoff_target_handoff_id_fkey FOREIGN KEY (handoff_id) REFERENCES handoff(id);
alter table handoff_target add constraint handoff_target_kind_check CHECK ((kind = ANY (ARRAY['first-reply'::text, 'resolution'::text])));
alter table handoff_target add constraint handoff_target_outcome_check CHECK ((outcome = ANY (ARRAY['met'::text, 'dropped'::text, 'expired'::text])));
alter table handoff_target add constraint handoff_target_pkey PRIMARY KEY (id);
alter table handoff_target add constraint handoff_target_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table handoff_timer add constraint handoff_timer_handoff_id_fkey FOREIGN KEY (handoff_id) REFERENCES handoff(id);
alter table handoff_timer add constraint handoff_timer_handoff_id_kind_key UNIQUE (handoff_id, kind);
alter table handoff_timer add constraint handoff_timer_kind_check CHECK ((kind = ANY (ARRAY['remind'::text, 'idle'::text, 'wake'::text, 'expire'::text, 'settle'::text, 'reassign'::text, 'first-reply-due'::text, 'resolution-due'::text, 'ask-next'::text])));
alter table handoff_timer add constraint handoff_timer_pkey PRIMARY KEY (id);
alter table handoff_timer add constraint handoff_timer_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table inbox add constraint inbox_check CHECK (((outcome IS NULL) = (finished_at IS NULL)));
alter table inbox add constraint inbox_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id);
alter table inbox add constraint inbox_installation_id_event_id_key UNIQUE (installation_id, event_id);
alter table inbox add constraint inbox_installation_id_fkey FOREIGN KEY (installation_id) REFERENCES installation(id);
alter table inbox add constraint inbox_outcome_check CHECK ((outcome = ANY (ARRAY['answered'::text, 'clarified'::text, 'handed-off'::text, 'relayed'::text, 'commanded'::text, 'recorded'::text, 'ignored'::text, 'failed'::text])));
alter table inbox add constraint inbox_pkey PRIMARY KEY (id);
alter table inbox add constraint inbox_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table inbox add constraint inbox_tenant_id_platform_channel_id_message_id_kind_revisio_key UNIQUE (tenant_id, platform, channel_id, message_id, kind, revision);
alter table installation add constraint installation_pkey PRIMARY KEY (id);
alter table installation add constraint installation_platform_check CHECK ((platform = ANY (ARRAY['slack'::text, 'teams'::text, 'web'::text, 'terminal'::text])));
alter table installation add constraint installation_platform_external_id_key UNIQUE (platform, external_id);
alter table installation add constraint installation_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table kb_audit add constraint kb_audit_pkey PRIMARY KEY (id);
alter table kb_audit add constraint kb_audit_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table kb_entry add constraint kb_entry_acl_check CHECK ((cardinality(acl) > 0));
alter table kb_entry add constraint kb_entry_pkey PRIMARY KEY (id);
alter table kb_entry add constraint kb_entry_source_id_fkey FOREIGN KEY (source_id) REFERENCES source(id) ON DELETE CASCADE;
alter table kb_entry add constraint kb_entry_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'approved'::text, 'published'::text, 'archived'::text])));
alter table kb_entry add constraint kb_entry_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table relayed_file add constraint relayed_file_check CHECK (((inbox_id IS NULL) = (ord IS NULL)));
alter table relayed_file add constraint relayed_file_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id) ON DELETE CASCADE;
alter table relayed_file add constraint relayed_file_inbox_id_fkey FOREIGN KEY (inbox_id) REFERENCES inbox(id) ON DELETE CASCADE;
alter table relayed_file add constraint relayed_file_inbox_id_ord_key UNIQUE (inbox_id, ord);
alter table relayed_file add constraint relayed_file_ord_check CHECK ((ord >= 0));
alter table relayed_file add constraint relayed_file_pkey PRIMARY KEY (id);
alter table relayed_file add constraint relayed_file_size_bytes_check CHECK ((size_bytes > 0));
alter table relayed_file add constraint relayed_file_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table relayed_file_piece add constraint relayed_file_piece_file_id_fkey FOREIGN KEY (file_id) REFERENCES relayed_file(id) ON DELETE CASCADE;
alter table relayed_file_piece add constraint relayed_file_piece_ord_check CHECK ((ord >= 0));
alter table relayed_file_piece add constraint relayed_file_piece_pkey PRIMARY KEY (file_id, ord);
alter table relayed_file_piece add constraint relayed_file_piece_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table schema_migration add constraint schema_migration_pkey PRIMARY KEY (version);
alter table search_chunk add constraint search_chunk_acl_check CHECK ((cardinality(acl) > 0));
alter table search_chunk add constraint search_chunk_chunk_id_fkey FOREIGN KEY (chunk_id) REFERENCES chunk(id) ON DELETE CASCADE;
alter table search_chunk add constraint search_chunk_pkey PRIMARY KEY (chunk_id);
alter table search_chunk add constraint search_chunk_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table search_index add constraint search_index_pkey PRIMARY KEY (id);
alter table search_index add constraint search_index_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table search_index add constraint search_index_tenant_id_model_dimensions_chunker_key UNIQUE (tenant_id, model, dimensions, chunker);
alter table search_posting add constraint search_posting_pkey PRIMARY KEY (tenant_id, term, document_id, chunk_id) INCLUDE (title, heading, question, body);
alter table search_statistics add constraint search_statistics_pkey PRIMARY KEY (tenant_id);
alter table search_statistics add constraint search_statistics_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table search_term add constraint search_term_pkey PRIMARY KEY (tenant_id, prefix, term);
alter table source add constraint source_acl_check CHECK ((cardinality(acl) > 0));
alter table source add constraint source_kind_check CHECK ((kind = ANY (ARRAY['folder'::text, 'jsonl'::text, 'git'::text, 'web'::text, 'push'::text, 'entries'::text, 'zendesk'::text, 'confluence'::text, 'notion'::text, 'github'::text, 'sharepoint'::text, 'slack'::text])));
alter table source add constraint source_options_check CHECK ((jsonb_typeof(options) = 'object'::text));
alter table source add constraint source_pkey PRIMARY KEY (id);
alter table source add constraint source_stepped_aside CHECK (((stepped_aside_at IS NULL) OR is_demo));
alter table source add constraint source_sync_every_minutes_check CHECK (((sync_every_minutes >= 1) AND (sync_every_minutes <= 43200)));
alter table source add constraint source_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table source_item add constraint source_item_pkey PRIMARY KEY (source_id, external_id);
alter table source_item add constraint source_item_source_id_fkey FOREIGN KEY (source_id) REFERENCES source(id) ON DELETE CASCADE;
alter table source_item add constraint source_item_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table stored_item add constraint stored_item_pkey PRIMARY KEY (source_id, external_id);
alter table stored_item add constraint stored_item_source_id_fkey FOREIGN KEY (source_id) REFERENCES source(id) ON DELETE CASCADE;
alter table stored_item add constraint stored_item_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table sync_run add constraint sync_run_demo_check CHECK ((demo = ANY (ARRAY['answering'::text, 'stepped-aside'::text])));
alter table sync_run add constraint sync_run_pkey PRIMARY KEY (id);
alter table sync_run add constraint sync_run_source_id_fkey FOREIGN KEY (source_id) REFERENCES source(id) ON DELETE CASCADE;
alter table sync_run add constraint sync_run_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text, 'held'::text])));
alter table sync_run add constraint sync_run_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table team_turn add constraint team_turn_pkey PRIMARY KEY (tenant_id, team);
alter table team_turn add constraint team_turn_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table tenant add constraint tenant_id_check CHECK ((id ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text));
alter table tenant add constraint tenant_pkey PRIMARY KEY (id);
alter table transcript_entry add constraint transcript_entry_conversation_id_cause_type_cause_id_speake_key UNIQUE (conversation_id, cause_type, cause_id, speaker);
alter table transcript_entry add constraint transcript_entry_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES conversation(id);
alter table transcript_entry add constraint transcript_entry_pkey PRIMARY KEY (id);
alter table transcript_entry add constraint transcript_entry_speaker_check CHECK ((speaker = ANY (ARRAY['customer'::text, 'bot'::text, 'agent'::text, 'note'::text])));
alter table transcript_entry add constraint transcript_entry_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);
alter table verified_question add constraint verified_question_chunk_id_fkey FOREIGN KEY (chunk_id) REFERENCES search_chunk(chunk_id) ON DELETE CASCADE;
alter table verified_question add constraint verified_question_pkey PRIMARY KEY (tenant_id, question_hash, chunk_id);
alter table web_message add constraint web_message_author_role_check CHECK ((author_role = ANY (ARRAY['customer'::text, 'bot'::text, 'agent'::text, 'note'::text])));
alter table web_message add constraint web_message_delivery_id_key UNIQUE (delivery_id);
alter table web_message add constraint web_message_installation_id_fkey FOREIGN KEY (installation_id) REFERENCES installation(id);
alter table web_message add constraint web_message_pkey PRIMARY KEY (id);
alter table web_message add constraint web_message_state_check CHECK ((state = ANY (ARRAY['streaming'::text, 'complete'::text])));
alter table web_message add constraint web_message_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenant(id);

CREATE INDEX answer_case_state ON public.answer_case USING btree (tenant_id, state, updated_at DESC);
CREATE INDEX answer_inbox ON public.answer USING btree (inbox_id);
CREATE INDEX answer_newest ON public.answer USING btree (tenant_id, created_at DESC);
CREATE INDEX candidate_card ON public.candidate USING btree (tenant_id) WHERE (card_delivery_id IS NOT NULL);
CREATE INDEX candidate_case_candidate ON public.candidate_case USING btree (candidate_id);
CREATE INDEX candidate_case_document ON public.candidate_case USING btree (document_id) WHERE (document_id IS NOT NULL);
CREATE INDEX candidate_case_newest ON public.candidate_case USING btree (tenant_id, created_at DESC);
CREATE INDEX candidate_state ON public.candidate USING btree (tenant_id, state);
CREATE INDEX chunk_current ON public.chunk USING btree (tenant_id) WHERE is_current;
CREATE INDEX chunk_document ON public.chunk USING btree (document_id);
CREATE INDEX chunk_embedding_chunk ON public.chunk_embedding USING btree (chunk_id);
CREATE INDEX chunk_embedding_text ON public.chunk_embedding USING btree (index_id, text_hash) WHERE (text_hash IS NOT NULL);
CREATE INDEX conversation_awaits ON public.conversation USING btree (awaits_delivery_id) WHERE (awaits_delivery_id IS NOT NULL);
CREATE INDEX delivery_due ON public.delivery USING btree (conversation_id, seq) WHERE (state = ANY (ARRAY['streaming'::text, 'pending'::text, 'sending'::text]));
CREATE INDEX delivery_relayed_as ON public.delivery USING btree (platform_id) WHERE ((purpose = 'relay'::text) AND (platform_id IS NOT NULL));
CREATE INDEX delivery_target ON public.delivery USING btree (target_delivery_id) WHERE (target_delivery_id IS NOT NULL);
CREATE INDEX document_current_version ON public.document USING btree (current_version_id);
CREATE INDEX ended_candidate_card ON public.ended_candidate USING btree (card_delivery_id);
CREATE INDEX ended_candidate_into ON public.ended_candidate USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX ended_candidate_untold ON public.ended_candidate USING btree (tenant_id, created_at) WHERE (told_at IS NULL);
CREATE UNIQUE INDEX handoff_agent_side ON public.handoff USING btree (agent_conversation_id);
CREATE INDEX handoff_conversation ON public.handoff USING btree (conversation_id, created_at DESC);
CREATE INDEX handoff_event_order ON public.handoff_event USING btree (handoff_id, at);
CREATE UNIQUE INDEX handoff_open ON public.handoff USING btree (conversation_id) WHERE (state = ANY (ARRAY['waiting'::text, 'claimed'::text, 'snoozed'::text, 'reopened'::text]));
CREATE INDEX handoff_queue ON public.handoff USING btree (tenant_id, state, created_at);
CREATE INDEX handoff_suggestion_answer ON public.handoff_suggestion USING btree (answer_id);
CREATE INDEX handoff_suggestion_handoff ON public.handoff_suggestion USING btree (handoff_id);
CREATE INDEX handoff_target_ended ON public.handoff_target USING btree (tenant_id, kind, ended_at);
CREATE UNIQUE INDEX handoff_target_running ON public.handoff_target USING btree (handoff_id, kind) WHERE (ended_at IS NULL);
CREATE INDEX handoff_timer_due ON public.handoff_timer USING btree (due_at);
CREATE INDEX handoff_unlearned ON public.handoff USING btree (updated_at) WHERE ((state = 'resolved'::text) AND is_settled AND (learned IS NULL));
CREATE INDEX inbox_turn ON public.inbox USING btree (turn_id) WHERE (turn_id IS NOT NULL);
CREATE INDEX inbox_waiting ON public.inbox USING btree (conversation_id, occurred_at, seq) WHERE (outcome IS NULL);
CREATE INDEX kb_audit_newest ON public.kb_audit USING btree (tenant_id, at DESC);
CREATE INDEX kb_entry_source ON public.kb_entry USING btree (source_id, state);
CREATE INDEX relayed_file_conversation ON public.relayed_file USING btree (conversation_id);
CREATE INDEX relayed_file_keep_until ON public.relayed_file USING btree (tenant_id, keep_until);
CREATE INDEX search_chunk_abbreviations ON public.search_chunk USING btree (tenant_id) WHERE (abbreviations IS NOT NULL);
CREATE INDEX search_chunk_document ON public.search_chunk USING btree (document_id);
CREATE INDEX search_chunk_tenant ON public.search_chunk USING btree (tenant_id);
CREATE UNIQUE INDEX search_index_serving ON public.search_index USING btree (tenant_id) WHERE is_serving;
CREATE INDEX search_posting_chunk ON public.search_posting USING btree (chunk_id);
CREATE UNIQUE INDEX source_name ON public.source USING btree (tenant_id, name) WHERE ((stepped_aside_at IS NULL) AND (removed_at IS NULL));
CREATE INDEX stored_item_change ON public.stored_item USING btree (source_id, change);
CREATE INDEX sync_run_newest ON public.sync_run USING btree (source_id, started_at DESC);
CREATE UNIQUE INDEX sync_run_one ON public.sync_run USING btree (source_id) WHERE (state = 'running'::text);
CREATE INDEX transcript_entry_customers ON public.transcript_entry USING btree (tenant_id, at DESC) WHERE (speaker = 'customer'::text);
CREATE INDEX transcript_entry_order ON public.transcript_entry USING btree (conversation_id, at DESC, seq DESC);
CREATE INDEX verified_question_chunk ON public.verified_question USING btree (chunk_id);
CREATE INDEX web_message_order ON public.web_message USING btree (installation_id, conversation_key, seq);

create policy tenant_only on answer for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on answer_case for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on answer_stage for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on budget_use for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on candidate for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on candidate_case for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on chunk for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on chunk_embedding for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on command_confirmation for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy coordination on conversation for all to deskhand_system using (true) with check (true);
create policy tenant_only on conversation for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on conversation_address for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy coordination on delivery for all to deskhand_system using (true) with check (true);
create policy tenant_only on delivery for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on document for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on document_version for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on ended_candidate for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on feedback for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on gap_report for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy coordination on handoff for all to deskhand_system using (true);
create policy tenant_only on handoff for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on handoff_event for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on handoff_rating for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on handoff_suggestion for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on handoff_target for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy coordination on handoff_timer for all to deskhand_system using (true);
create policy tenant_only on handoff_timer for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy coordination on inbox for all to deskhand_system using (true) with check (true);
create policy tenant_only on inbox for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy coordination on installation for all to deskhand_system using (true) with check (true);
create policy tenant_only on installation for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on kb_audit for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on kb_entry for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on relayed_file for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on relayed_file_piece for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on search_chunk for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on search_index for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on search_posting for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on search_statistics for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on search_term for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on source for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on source_item for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on stored_item for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on sync_run for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on team_turn for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy coordination on tenant for all to deskhand_system using (true) with check (true);
create policy tenant_only on tenant for all to deskhand_app using ((id = current_tenant()));
create policy tenant_only on transcript_entry for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on verified_question for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));
create policy tenant_only on web_message for all to deskhand_app using ((tenant_id = current_tenant())) with check ((tenant_id = current_tenant()));

grant insert, select on answer to deskhand_app;
grant delete, insert, select, update on answer_case to deskhand_app;
grant insert, select on answer_stage to deskhand_app;
grant delete, insert, select, update on budget_use to deskhand_app;
grant delete, insert, select, update on candidate to deskhand_app;
grant delete, insert, select, update on candidate_case to deskhand_app;
grant delete, insert, select, update on chunk to deskhand_app;
grant delete, insert, select, update on chunk_embedding to deskhand_app;
grant delete, insert, select, update on command_confirmation to deskhand_app;
grant insert, select, update on conversation to deskhand_app;
grant insert, select, update on conversation to deskhand_system;
grant insert, select, update on conversation_address to deskhand_app;
grant insert, select, update on delivery to deskhand_app;
grant insert, select, update on delivery to deskhand_system;
grant delete, insert, select, update on document to deskhand_app;
grant delete, insert, select, update on document_version to deskhand_app;
grant insert, select, update on ended_candidate to deskhand_app;
grant insert, select, update on feedback to deskhand_app;
grant insert, select on gap_report to deskhand_app;
grant insert, select, update on handoff to deskhand_app;
grant insert, select on handoff_event to deskhand_app;
grant insert, select on handoff_rating to deskhand_app;
grant delete, insert, select on handoff_suggestion to deskhand_app;
grant insert, select on handoff_target to deskhand_app;
grant delete, insert, select, update on handoff_timer to deskhand_app;
grant select on handoff_timer to deskhand_system;
grant insert, select, update on inbox to deskhand_app;
grant insert, select, update on inbox to deskhand_system;
grant insert, select on installation to deskhand_app;
grant insert, select, update on installation to deskhand_system;
grant insert, select on kb_audit to deskhand_app;
grant delete, insert, select, update on kb_entry to deskhand_app;
grant delete, insert, select on relayed_file to deskhand_app;
grant delete, insert, select on relayed_file_piece to deskhand_app;
grant delete, insert, select, update on search_chunk to deskhand_app;
grant delete, insert, select, update on search_index to deskhand_app;
grant delete, insert, select, update on search_posting to deskhand_app;
grant delete, insert, select, update on search_statistics to deskhand_app;
grant delete, insert, select, update on search_term to deskhand_app;
grant delete, insert, select, update on source to deskhand_app;
grant delete, insert, select, update on source_item to deskhand_app;
grant delete, insert, select, update on stored_item to deskhand_app;
grant delete, insert, select, update on sync_run to deskhand_app;
grant insert, select, update on team_turn to deskhand_app;
grant select on tenant to deskhand_app;
grant insert, select on tenant to deskhand_system;
grant delete, insert, select, update on transcript_entry to deskhand_app;
grant delete, insert, select, update on verified_question to deskhand_app;
grant insert, select, update on web_message to deskhand_app;

CREATE OR REPLACE FUNCTION public.accept_event(p_inbox uuid, p_conversation uuid, p_installation uuid, p_key text, p_event text, p_kind text, p_channel text, p_message text, p_revision integer, p_occurred timestamp with time zone, p_payload jsonb)
 RETURNS TABLE(inbox_id uuid, conversation_id uuid, duplicate boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
#variable_conflict use_column
declare
  v_tenant text;
  v_platform text;
  v_conversation uuid;
  v_inbox uuid;
begin
  select tenant_id, platform into v_tenant, v_platform from installation where id = p_installation;
  if not found then
    return;
  end if;
  insert into conversation (id, tenant_id, installation_id, key)
    values (p_conversation, v_tenant, p_installation, p_key)
    on conflict (installation_id, key) do nothing
    returning id into v_conversation;
  if v_conversation is null then
    select id into v_conversation from conversation where installation_id = p_installation and key = p_key;
  end if;
  insert into inbox (id, tenant_id, installation_id, conversation_id, event_id, platform, channel_id, message_id, kind,
      revision, payload, occurred_at)
    values (p_inbox, v_tenant, p_installation, v_conversation, p_event, v_platform, p_channel, p_message, p_kind,
      p_revision, p_payload, p_occurred)
    on conflict do nothing
    returning id into v_inbox;
  if v_inbox is not null then
    return query select v_inbox, v_conversation, false;
    return;
  end if;
  return query select id, inbox.conversation_id, true from inbox
    where (installation_id = p_installation and event_id = p_event)
       or (tenant_id = v_tenant and platform = v_platform and channel_id = p_channel and message_id = p_message
           and kind = p_kind and revision = p_revision)
    limit 1;
end $function$
;
alter function accept_event owner to deskhand_system;
revoke all on function accept_event from public;
CREATE OR REPLACE FUNCTION public.chunk_visibility_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
declare
  owner text;
  readers text[];
begin
  for owner in select distinct tenant_id from changed where not is_current loop
    delete from search_chunk
     where tenant_id = owner
       and chunk_id = any(array(select id from changed where changed.tenant_id = owner and not is_current));
  end loop;
  for owner, readers in select distinct tenant_id, acl from changed where is_current loop
    update search_chunk set acl = readers
     where tenant_id = owner and acl is distinct from readers
       and chunk_id = any(array(
             select id from changed where changed.tenant_id = owner and is_current and changed.acl = readers));
  end loop;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.claim_conversation(p_conversation uuid, p_owner text, p_lease_ms integer)
 RETURNS TABLE(tenant_id text, installation_id uuid, key text, platform text, fence bigint)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  update conversation
     set lease_owner = p_owner, lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0),
         fence = conversation.fence + 1
    from installation
   where conversation.id = p_conversation and installation.id = conversation.installation_id
     and (conversation.lease_until is null or conversation.lease_until < clock_timestamp())
  returning conversation.tenant_id, conversation.installation_id, conversation.key, installation.platform,
            conversation.fence;
$function$
;
alter function claim_conversation owner to deskhand_system;
revoke all on function claim_conversation from public;
CREATE OR REPLACE FUNCTION public.claim_delivery(p_conversation uuid, p_owner text, p_lease_ms integer)
 RETURNS TABLE(id uuid, tenant_id text, installation_id uuid, key text, platform text, cause_type text, cause_id uuid, purpose text, part integer, operation text, speaker_role text, speaker_name text, reply jsonb, platform_id text, attempt integer, is_uncertain boolean, is_streamed boolean, fence bigint, created_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  v_first delivery;
begin
  -- The first one is found before it is locked: skipping locked rows while looking would hand out the second instead.
  select * into v_first from delivery
   where id = (select id from delivery
                where conversation_id = p_conversation and state in ('streaming', 'pending', 'sending')
                order by seq limit 1)
   for update skip locked;
  if not found or v_first.state not in ('pending', 'sending')
     or exists (select from conversation where id = p_conversation and awaits_delivery_id is not null)
     or v_first.next_attempt_at > clock_timestamp() or v_first.lease_until > clock_timestamp() then
    return;
  end if;
  return query
  update delivery
     set state = 'sending', attempt = delivery.attempt + 1, lease_owner = p_owner,
         lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0), fence = delivery.fence + 1,
         is_uncertain = delivery.is_uncertain or delivery.state = 'sending'
    from conversation, installation
   where delivery.id = v_first.id and conversation.id = delivery.conversation_id
     and installation.id = conversation.installation_id
  returning delivery.id, delivery.tenant_id, conversation.installation_id, conversation.key, installation.platform,
            delivery.cause_type, delivery.cause_id, delivery.purpose, delivery.part, delivery.operation,
            delivery.speaker_role, delivery.speaker_name, delivery.reply,
            coalesce(delivery.platform_id,
                     (select target.platform_id from delivery as target where target.id = delivery.target_delivery_id)),
            delivery.attempt, delivery.is_uncertain, delivery.is_streamed, delivery.fence, delivery.created_at;
end $function$
;
alter function claim_delivery owner to deskhand_system;
revoke all on function claim_delivery from public;
CREATE OR REPLACE FUNCTION public.claim_work(p_conversation uuid, p_owner text, p_lease_ms integer)
 RETURNS TABLE(tenant_id text, installation_id uuid, key text, platform text, fence bigint, inbox_id uuid, payload jsonb, attempts integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  held record;
begin
  select * into held from claim_conversation(p_conversation, p_owner, p_lease_ms);
  if held.fence is null then
    return;
  end if;
  return query
    with first as (
      select waiting.id, waiting.next_attempt_at from inbox as waiting
       where waiting.conversation_id = p_conversation and waiting.tenant_id = held.tenant_id and waiting.outcome is null
       order by (waiting.attempts > 0) desc, waiting.occurred_at, waiting.seq
       limit 1
    ), begun as (
      update inbox set attempts = inbox.attempts + 1
        from first
       where inbox.id = first.id and inbox.tenant_id = held.tenant_id and first.next_attempt_at <= clock_timestamp()
      returning inbox.id, inbox.payload, inbox.attempts - 1 as attempts
    )
    select held.tenant_id, held.installation_id, held.key, held.platform, held.fence,
           begun.id, begun.payload, begun.attempts
      from (select) as one left join begun on true;
end $function$
;
alter function claim_work owner to deskhand_system;
revoke all on function claim_work from public;
CREATE OR REPLACE FUNCTION public.current_tenant()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('deskhand.tenant', true), '') $function$
;
CREATE OR REPLACE FUNCTION public.due_handoffs(p_now timestamp with time zone, p_limit integer)
 RETURNS TABLE(tenant_id text, handoff_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select timer.tenant_id, timer.handoff_id
    from handoff_timer as timer
   where timer.due_at <= p_now
   group by timer.tenant_id, timer.handoff_id
   order by min(timer.due_at) limit p_limit;
$function$
;
alter function due_handoffs owner to deskhand_system;
revoke all on function due_handoffs from public;
CREATE OR REPLACE FUNCTION public.ensure_installation(p_id uuid, p_tenant text, p_platform text, p_external text)
 RETURNS SETOF installation
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into tenant (id) values (p_tenant) on conflict do nothing;
  insert into installation (id, tenant_id, platform, external_id)
    values (p_id, p_tenant, p_platform, p_external)
    on conflict (platform, external_id) do nothing;
  return query select * from installation
    where platform = p_platform and external_id = p_external and tenant_id = p_tenant;
end $function$
;
alter function ensure_installation owner to deskhand_system;
revoke all on function ensure_installation from public;
CREATE OR REPLACE FUNCTION public.find_installation(p_id uuid)
 RETURNS SETOF installation
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select * from installation where id = p_id $function$
;
alter function find_installation owner to deskhand_system;
revoke all on function find_installation from public;
CREATE OR REPLACE FUNCTION public.release_conversation(p_conversation uuid, p_fence bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  update conversation set lease_owner = null, lease_until = null where id = p_conversation and fence = p_fence;
  -- Only the first one counts: the others wait behind it, also while it waits for its next attempt.
  return found and coalesce((
    select next_attempt_at <= clock_timestamp() from inbox
     where conversation_id = p_conversation and outcome is null
     order by (attempts > 0) desc, occurred_at, seq limit 1), false);
end $function$
;
alter function release_conversation owner to deskhand_system;
revoke all on function release_conversation from public;
CREATE OR REPLACE FUNCTION public.renew_conversation(p_conversation uuid, p_fence bigint, p_lease_ms integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  update conversation set lease_until = clock_timestamp() + make_interval(secs => p_lease_ms / 1000.0)
   where id = p_conversation and fence = p_fence and lease_until is not null;
  return found;
end $function$
;
alter function renew_conversation owner to deskhand_system;
revoke all on function renew_conversation from public;
CREATE OR REPLACE FUNCTION public.search_chunk_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into search_statistics as total
      (tenant_id, chunks, documents, title_length, heading_length, question_length, body_length)
    select tenant_id, count(*), count(*) filter (where is_first), sum(title_length), sum(heading_length),
           sum(question_length), sum(body_length)
      from added group by tenant_id
    on conflict (tenant_id) do update
      set chunks = total.chunks + excluded.chunks,
          documents = total.documents + excluded.documents,
          title_length = total.title_length + excluded.title_length,
          heading_length = total.heading_length + excluded.heading_length,
          question_length = total.question_length + excluded.question_length,
          body_length = total.body_length + excluded.body_length;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.search_chunk_removed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
declare
  owner text;
begin
  update search_statistics as total
     set chunks = total.chunks - gone.chunks,
         documents = total.documents - gone.documents,
         title_length = total.title_length - gone.title_length,
         heading_length = total.heading_length - gone.heading_length,
         question_length = total.question_length - gone.question_length,
         body_length = total.body_length - gone.body_length
    from (select tenant_id, count(*) as chunks, count(*) filter (where is_first) as documents,
                 sum(title_length) as title_length, sum(heading_length) as heading_length,
                 sum(question_length) as question_length, sum(body_length) as body_length
            from removed group by tenant_id) as gone
   where total.tenant_id = gone.tenant_id;
  -- After the statistics: their row lets one writer of a tenant at a time change the counts of terms, so that two never
  -- wait for each other's.
  for owner in select distinct tenant_id from removed loop
    delete from search_posting
     where tenant_id = owner and chunk_id = any(array(select chunk_id from removed where removed.tenant_id = owner));
  end loop;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.search_posting_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into search_term as known (tenant_id, prefix, term, chunks, documents)
    select tenant_id, left(term, 2), term, count(*), count(*) filter (where is_first)
      from added group by tenant_id, term order by tenant_id, term
    on conflict (tenant_id, prefix, term) do update
      set chunks = known.chunks + excluded.chunks, documents = known.documents + excluded.documents;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.search_posting_removed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'public', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  -- The prefix is computed before the join: below row-level security only a comparison of columns can use the index.
  with gone as materialized (
    select tenant_id, left(term, 2) as prefix, term, count(*) as chunks, count(*) filter (where is_first) as documents
      from removed group by tenant_id, term
  ), kept as (
    update search_term as known
       set chunks = known.chunks - gone.chunks, documents = known.documents - gone.documents
      from gone
     where known.tenant_id = gone.tenant_id and known.prefix = gone.prefix and known.term = gone.term
       and known.chunks > gone.chunks
  )
  delete from search_term as known
   using gone
   where known.tenant_id = gone.tenant_id and known.prefix = gone.prefix and known.term = gone.term
     and known.chunks <= gone.chunks;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.sweep_conversations(p_limit integer)
 RETURNS TABLE(conversation_id uuid, events boolean, deliveries boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with first_event as (
    select distinct on (conversation_id) conversation_id, next_attempt_at, received_at
      from inbox where outcome is null
     order by conversation_id, (attempts > 0) desc, occurred_at, seq
  ), first_delivery as (
    select distinct on (conversation_id) conversation_id, state, next_attempt_at, lease_until, created_at
      from delivery where state in ('streaming', 'pending', 'sending')
     order by conversation_id, seq
  ), waiting as (
    select first_event.conversation_id, first_event.received_at as since, true as events, false as deliveries
      from first_event join conversation on conversation.id = first_event.conversation_id
     where first_event.next_attempt_at <= clock_timestamp()
       and (conversation.lease_until is null or conversation.lease_until < clock_timestamp())
    union all
    select first_delivery.conversation_id, first_delivery.created_at, false, true
      from first_delivery join conversation on conversation.id = first_delivery.conversation_id
     where first_delivery.state <> 'streaming' and conversation.awaits_delivery_id is null
       and first_delivery.next_attempt_at <= clock_timestamp()
       and (first_delivery.lease_until is null or first_delivery.lease_until < clock_timestamp())
  )
  select conversation_id, bool_or(events), bool_or(deliveries)
    from waiting group by conversation_id order by min(since) limit p_limit;
$function$
;
alter function sweep_conversations owner to deskhand_system;
revoke all on function sweep_conversations from public;
CREATE OR REPLACE FUNCTION public.unlearned_handoffs(p_limit integer)
 RETURNS TABLE(tenant_id text, handoff_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select handoff.tenant_id, handoff.id
    from handoff
   where handoff.state = 'resolved' and handoff.is_settled and handoff.learned is null
   order by handoff.updated_at limit p_limit;
$function$
;
alter function unlearned_handoffs owner to deskhand_system;
revoke all on function unlearned_handoffs from public;

CREATE TRIGGER chunk_visibility_changed AFTER UPDATE ON public.chunk REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION chunk_visibility_changed();
CREATE TRIGGER search_chunk_added AFTER INSERT ON public.search_chunk REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_chunk_added();
CREATE TRIGGER search_chunk_removed AFTER DELETE ON public.search_chunk REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION search_chunk_removed();
CREATE TRIGGER search_posting_added AFTER INSERT ON public.search_posting REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION search_posting_added();
CREATE TRIGGER search_posting_removed AFTER DELETE ON public.search_posting REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION search_posting_removed();
