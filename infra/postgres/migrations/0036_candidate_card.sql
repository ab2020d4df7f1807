-- The card of a candidate in the agents' channel, and as of when it shows the candidate.
alter table candidate
  add column card_delivery_id uuid references delivery (id) on delete set null,
  add column card_as_of timestamptz;
create index candidate_card on candidate (tenant_id) where card_delivery_id is not null;
