-- What a search reads of a list of postings stands in its index: once a table is vacuumed, the rows beside it, which lie
-- scattered, are not looked at any more.
alter table search_posting drop constraint search_posting_pkey;
alter table search_posting
  add primary key (tenant_id, term, document_id, chunk_id) include (title, heading, question, body);
