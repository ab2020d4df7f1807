alter table sync_run
  -- Items that the place lists; null while it is being listed.
  add column items_listed int,
  -- Of these, how many the run is through with; before, how many it has come upon.
  add column items_done int not null default 0;
