-- What a customer adds to their rating.
alter table handoff_rating add column words text, add column words_at timestamptz;
grant update (words, words_at) on handoff_rating to deskhand_app;
