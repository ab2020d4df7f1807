-- How often a sync of the source was asked for, and up to which of these a run has ended well that began after it.
alter table source
  add column sync_requests bigint not null default 0,
  add column sync_requests_served bigint not null default 0,
  -- A worker is about to begin a run; nobody else does until then.
  add column sync_claimed_until timestamptz,
  -- Runs on request that failed, one after the other: the next one waits longer.
  add column sync_failures int not null default 0;
