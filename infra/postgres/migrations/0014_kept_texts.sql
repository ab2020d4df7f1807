-- Of a text that a person restored: which text the source had then, whoever could read it and however it was cut. While the
-- source has that text, the restored one stays. Null: a text of the source itself.
alter table document_version add column source_text_hash text;
