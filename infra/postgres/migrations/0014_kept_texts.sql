-- Of a text that a person restored: which text the source had then, whoever could read it and however it was cut. While the
-- source has that text, the restored one stays. Null: a text of the source itself.
alter table document_version add column source_text_hash text;

-- A restored text has the hash of the newest text of its source, which is the first one that had it.
alter table document no force row level security;
alter table document_version no force row level security;
alter table chunk no force row level security;
with restored as (
  select kept.tenant_id, kept.id,
         (select source_text.id from document_version as source_text
           where source_text.tenant_id = kept.tenant_id and source_text.document_id = kept.document_id
             and source_text.hash = kept.hash and source_text.number < kept.number
           order by source_text.number limit 1) as source_text_id
    from document
    join document_version as kept on kept.tenant_id = document.tenant_id and kept.id = document.current_version_id
   where document.kept_at is not null and kept.hash <> ''
)
update document_version as kept
   set source_text_hash = encode(sha256(convert_to(concat_ws(E'\n', newest.title,
           coalesce((select array_to_string(chunk.variants, E'\n') from chunk
                      where chunk.tenant_id = newest.tenant_id and chunk.version_id = newest.id
                      order by chunk.ord limit 1), ''),
           newest.body), 'UTF8')), 'hex')
  from restored
  join document_version as newest on newest.tenant_id = restored.tenant_id and newest.id = restored.source_text_id
 where kept.tenant_id = restored.tenant_id and kept.id = restored.id;
alter table document force row level security;
alter table document_version force row level security;
alter table chunk force row level security;
