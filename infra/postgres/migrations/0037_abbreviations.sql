-- The abbreviations that a chunk explains, each as `MFA=multi-factor authentication`; null where it explains none. Chunks of before
-- get theirs when they are analysed anew.
alter table search_chunk add column abbreviations text[];
create index search_chunk_abbreviations on search_chunk (tenant_id) where abbreviations is not null;
