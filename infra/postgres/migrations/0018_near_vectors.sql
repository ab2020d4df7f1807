-- In the row itself and not beside it: a search that looks at every vector reads them twice as fast. Vectors that are too
-- long for a page still go beside it. What was written before stays where it is until it is written again.
alter table chunk_embedding alter column embedding set storage main;
