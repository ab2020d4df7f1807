import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { Language } from "../../src/text/stop-words.js";
import { bestWay, splittings } from "./compounds.js";
import { phraseWord } from "./query-terms.js";
import { MAX_PHRASE_WORDS } from "./ranking.js";
import type { ResolvedWord, TermUse } from "./resolved-word.js";

// The beginning is computed before the look-up: below row-level security only a comparison of columns can use the index.
const LOOK_UP_PARTS = `
  with wanted as materialized (
    select term, left(term, 2) as prefix from unnest($2::text[]) as wanted (term)
  )
  select found.term, found.chunks::float8 as chunks, found.documents::float8 as documents
    from wanted
    cross join lateral (
      select term.term, term.chunks, term.documents from search_term as term
       where term.tenant_id = $1 and term.prefix = wanted.prefix and term.term = wanted.term and term.chunks > 0
      offset 0
    ) as found`;

/**
 * The two parts that a word may have, as words of a phrase that stands for it, as far as there is room for further words.
 * Asks the database for nothing where there is nothing to part.
 */
export async function lookUpParts(
  transaction: Queryable,
  tenantId: TenantId,
  words: readonly ResolvedWord[],
  languages: readonly Language[],
): Promise<readonly ResolvedWord[]> {
  const parted = splittings(words, languages);
  if (parted.length === 0) return [];
  const terms = [...new Set(parted.flatMap(({ ways }) => ways.flat(2)))];
  const { rows } = await transaction.query<{ term: string } & TermUse>(LOOK_UP_PARTS, [tenantId, terms]);
  const uses = new Map(rows.map(({ term, chunks, documents }) => [term, { chunks, documents }]));
  const parts = parted.flatMap((splitting) => {
    const phrase = { id: -1 - splitting.position, standsFor: [splitting.position] };
    return (bestWay(splitting, uses) ?? []).map((each) => ({ ...phraseWord(each, phrase), uses, isKnown: true }));
  });
  const room = MAX_PHRASE_WORDS - words.filter(({ phrase }) => phrase !== null).length;
  return parts.slice(0, room - (room % 2));
}
