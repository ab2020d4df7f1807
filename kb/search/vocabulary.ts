import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import { STATISTICS_COLUMNS, toStatistics, type CorpusStatistics, type StatisticsRow } from "./corpus-statistics.js";
import { editDistance } from "./edit-distance.js";
import type { QueryWord } from "./query-terms.js";
import { MAX_WEAK_POSTINGS, TERM_WEIGHTS } from "./ranking.js";

/** How many terms of the knowledge base one unknown word is compared with, and how many of the nearest it may mean. */
const MAX_NEIGHBOURS = 400;
const MAX_MEANINGS = 3;
/** Shorter words have too many neighbours by chance. */
const MIN_FUZZY_LENGTH = 4;
/** From this length on, two mistakes are forgiven. */
const MIN_TWO_MISTAKES_LENGTH = 8;

interface TermRow extends StatisticsRow {
  word: number | null;
  term: string | null;
  is_known: boolean | null;
}

// First the question's terms that are indexed; then, for words of which none is, terms with the same beginning and about
// the same length. A term that was indexed once but is no longer in any chunk does not count. The two settings are for
// the statements that follow in this transaction: planned without statistics (a fresh index, or an embedded database,
// which never collects any) they would loop over every posting of every chunk, and compiling them costs more than they do.
const LOOK_UP_TERMS = `
  with wanted as (
    select * from unnest($2::int[], $3::text[], $4::boolean[], $5::int[], $6::boolean[])
           as wanted (word, term, is_fuzzy, slack, is_weak)
  ), known as materialized (
    select wanted.word, wanted.term
      from wanted
     where case when wanted.is_weak then
             (select count(*) from (select from search_posting as posting
                                     where posting.tenant_id = $1 and posting.term = wanted.term
                                     limit ${MAX_WEAK_POSTINGS + 1}) as counted) between 1 and ${MAX_WEAK_POSTINGS}
           else
             exists (select from search_posting as posting where posting.tenant_id = $1 and posting.term = wanted.term)
           end
  ), found as (
    select known.word, known.term, true as is_known from known
    union all
    select wanted.word, near.term, false
      from wanted
      cross join lateral (
        select term.term from search_term as term
         where term.tenant_id = $1 and term.prefix = left(wanted.term, 2)
           and length(term.term) between length(wanted.term) - wanted.slack and length(wanted.term) + wanted.slack
         limit ${MAX_NEIGHBOURS}
      ) as near
     where wanted.is_fuzzy
       and not exists (select from known where known.word = wanted.word)
  )
  select found.word, found.term, found.is_known, ${STATISTICS_COLUMNS},
         set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)
    from (select 1) as one
    left join search_statistics as total on total.tenant_id = $1 and total.chunks > 0 and total.documents > 0
    left join found on true`;

/** A word of the question after a look at what is indexed. */
export interface ResolvedWord extends QueryWord {
  /** Whether the word itself is indexed, and not just something that looks like it. */
  readonly isKnown: boolean;
}

/** What a search needs to know before it can rank. */
export interface Vocabulary {
  readonly words: readonly ResolvedWord[];
  readonly statistics: CorpusStatistics;
}

/**
 * Drops terms that are not indexed, gives a mistyped word what it may have meant, and reads the corpus statistics. Sets
 * the transaction up for {@link searchLexical} and {@link searchVector}.
 */
export async function lookUpWords(
  transaction: Queryable,
  tenantId: TenantId,
  words: readonly QueryWord[],
): Promise<Vocabulary> {
  const wanted = words.flatMap((word, index) =>
    [...word.terms.keys()].map((term) => ({ index, term, isFuzzy: term === word.mainTerm && mayBeMistyped(word) })),
  );
  const { rows } = await transaction.query<TermRow>(LOOK_UP_TERMS, [
    tenantId,
    wanted.map(({ index }) => index),
    wanted.map(({ term }) => term),
    wanted.map(({ isFuzzy }) => isFuzzy),
    wanted.map(({ term }) => allowedMistakes(term)),
    wanted.map(({ index }) => words[index]?.isWeak === true),
  ]);
  const resolved = words.map((word, index) =>
    resolveWord(
      word,
      rows.filter((row) => row.word === index),
    ),
  );
  return { words: resolved, statistics: toStatistics(rows[0]) };
}

function resolveWord(word: QueryWord, rows: readonly TermRow[]): ResolvedWord {
  const termsWhere = (isKnown: boolean): string[] =>
    rows.flatMap((row) => (row.term !== null && row.is_known === isKnown ? [row.term] : []));
  const known = termsWhere(true);
  if (known.length > 0) {
    const terms = new Map([...word.terms].filter(([term]) => known.includes(term)));
    return { ...word, terms, isKnown: [...terms.values()].some((weight) => weight === 1) };
  }
  const similar = nearest(word.mainTerm, termsWhere(false));
  return { ...word, terms: new Map(similar.map((term) => [term, TERM_WEIGHTS.similar])), isKnown: false };
}

function mayBeMistyped(word: QueryWord): boolean {
  return !word.isWeak && word.mainTerm.length >= MIN_FUZZY_LENGTH && !/\p{N}/u.test(word.mainTerm);
}

function allowedMistakes(term: string): number {
  return term.length >= MIN_TWO_MISTAKES_LENGTH ? 2 : 1;
}

function nearest(term: string, candidates: readonly string[]): readonly string[] {
  const limit = allowedMistakes(term);
  const measured = candidates
    .map((candidate) => ({ candidate, distance: editDistance(term, candidate, limit) }))
    .filter(({ distance }) => distance <= limit);
  const best = Math.min(...measured.map(({ distance }) => distance));
  return measured
    .filter(({ distance }) => distance === best)
    .map(({ candidate }) => candidate)
    .sort()
    .slice(0, MAX_MEANINGS);
}
