-- Reports of unanswered questions that were posted, one for a day: who writes the row posts it, whatever process that is.
create table gap_report (
  id uuid primary key,
  tenant_id text not null references tenant (id),
  -- By the calendar of the report's time zone.
  due_on date not null,
  -- False for the day that was due when the report was switched on: its questions are older than the wish for it.
  is_posted boolean not null,
  created_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, due_on)
);

alter table gap_report enable row level security;
alter table gap_report force row level security;
create policy tenant_only on gap_report to deskhand_app
  using (tenant_id = current_tenant()) with check (tenant_id = current_tenant());
grant select, insert on gap_report to deskhand_app;

create index answer_newest on answer (tenant_id, created_at desc);
