import type { Database, Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { Passage, VerifiedAnswers } from "../../src/ports/knowledge.js";
import type { IndexableChunk } from "./chunk-indexer-port.js";
import { IN_FORCE } from "./in-force.js";
import { questionKey, questionKeys } from "./question-key.js";
import { readPassages } from "./read-passages.js";

/** One question of a chunk. */
export interface QuestionRow {
  readonly chunkId: string;
  readonly key: string;
}

/** The questions that a chunk is the answer to: none, unless it is one of questions and answers. */
export function questionsOfChunk({
  chunkId,
  kind,
  title,
  headingPath,
  variants,
}: IndexableChunk): readonly QuestionRow[] {
  if (kind !== "faq" || headingPath.length > 0) return [];
  return questionKeys([title, ...variants]).map((key) => ({ chunkId, key }));
}

const WRITE_QUESTIONS = `
  insert into verified_question (tenant_id, question_hash, chunk_id)
    select $1, written.key, written.chunk_id from unnest($2::uuid[], $3::text[]) as written (chunk_id, key)
    on conflict do nothing`;

/** After the rows of `search_chunk`, with which they go. */
export async function writeQuestions(
  transaction: Queryable,
  tenantId: TenantId,
  rows: readonly QuestionRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const values = [tenantId, rows.map(({ chunkId }) => chunkId), rows.map(({ key }) => key)];
  await transaction.query(WRITE_QUESTIONS, values);
}

// Two rows are enough to know that there is not one. A part of a longer answer is no answer. `lateral` and `offset 0` make
// it a loop over indexes, planned so with and without statistics.
const FIND_ANSWERS = `
  select asked.chunk_id::text as chunk_id, whole.parts = 1 as is_whole
    from verified_question as asked
    cross join lateral (
      select document_id from search_chunk as indexed
       where indexed.chunk_id = asked.chunk_id and indexed.tenant_id = $1 and indexed.acl && $2::text[] and ${IN_FORCE}
      offset 0
    ) as readable
    cross join lateral (
      select count(*) as parts from search_chunk as part
       where part.document_id = readable.document_id and part.tenant_id = $1
      offset 0
    ) as whole
   where asked.tenant_id = $1 and asked.question_hash = $3
   limit 2`;

interface AnswerRow {
  chunk_id: string;
  is_whole: boolean;
}

/** A passage that was not searched for has the words of its question, all of them. */
const SCORES = { lexical: 0, vector: null, coverage: 1, fused: 1 } as const;

/** Looks questions up among those of the entries, by one index. */
export function createVerifiedAnswers(database: Database): VerifiedAnswers {
  return {
    async find({ tenantId, text, audience }): Promise<Passage | null> {
      const key = questionKey(text);
      if (key === null) return null;
      return database.withTenant(tenantId, async (transaction) => {
        const values = [tenantId, audience, key];
        const { rows } = await transaction.query<AnswerRow>(FIND_ANSWERS, values, { isPrepared: true });
        const [only, other] = rows;
        if (only === undefined || other !== undefined || !only.is_whole) return null;
        const passages = await readPassages(transaction, tenantId, audience, [only.chunk_id]);
        const passage = passages.get(only.chunk_id);
        return passage === undefined ? null : { ...passage, scores: SCORES };
      });
    },
  };
}
