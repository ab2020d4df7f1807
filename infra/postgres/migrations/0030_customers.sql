-- Whose words a handoff is about: who asked, and who wrote to the agents since. Empty for those of versions that did not keep it.
alter table handoff add column customer_ids text[] not null default '{}';
