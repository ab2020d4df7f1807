import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { Language } from "../../src/text/stop-words.js";
import { STATISTICS_COLUMNS, toStatistics, type CorpusStatistics, type StatisticsRow } from "./corpus-statistics.js";
import { editDistance } from "../../src/text/edit-distance.js";
import { lookUpParts } from "./compound-parts.js";
import type { QueryWord } from "./query-terms.js";
import { MAX_WEAK_POSTINGS, TERM_WEIGHTS } from "./ranking.js";
import type { ResolvedWord, TermUse } from "./resolved-word.js";

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
  term_chunks: number | null;
  term_documents: number | null;
}

// First the question's terms that are indexed; then, for words of which none is, terms with the same beginning and about
// the same length. A term that was indexed once but is no longer in any chunk does not count. The beginning is computed
// before the look-up: below row-level security only a comparison of columns can use the index, and all terms are read else.
const LOOK_UP_TERMS = `
  with wanted as materialized (
    select *, left(term, 2) as prefix
      from unnest($2::int[], $3::text[], $4::boolean[], $5::int[], $6::boolean[])
           as wanted (word, term, is_fuzzy, slack, is_weak)
  ), known as materialized (
    select wanted.word, term.term, term.chunks, term.documents
      from wanted
      cross join lateral (
        select term.term, term.chunks, term.documents from search_term as term
         where term.tenant_id = $1 and term.prefix = wanted.prefix and term.term = wanted.term
        offset 0
      ) as term
     where term.chunks > 0 and (not wanted.is_weak or term.chunks <= ${MAX_WEAK_POSTINGS})
  ), found as (
    select word, term, chunks, documents, true as is_known from known
    union all
    select wanted.word, near.term, near.chunks, near.documents, false
      from wanted
      cross join lateral (
        select term.term, term.chunks, term.documents from search_term as term
         where term.tenant_id = $1 and term.prefix = wanted.prefix and term.chunks > 0
           and length(term.term) between length(wanted.term) - wanted.slack and length(wanted.term) + wanted.slack
         limit ${MAX_NEIGHBOURS}
      ) as near
     where wanted.is_fuzzy
       and not exists (select from known where known.word = wanted.word)
  )
  select found.word, found.term, found.is_known, found.chunks::float8 as term_chunks,
         found.documents::float8 as term_documents, ${STATISTICS_COLUMNS}
    from (select 1) as one
    left join search_statistics as total on total.tenant_id = $1 and total.chunks > 0 and total.documents > 0
    left join found on true`;

/** What a search needs to know before it can rank. */
export interface Vocabulary {
  readonly words: readonly ResolvedWord[];
  readonly statistics: CorpusStatistics;
}

/**
 * Drops terms that are not indexed, gives a mistyped word what it may have meant, and reads the corpus statistics. In a
 * transaction that looks up, like {@link searchLexical}.
 */
export async function lookUpWords(
  transaction: Queryable,
  tenantId: TenantId,
  words: readonly QueryWord[],
  languages: readonly Language[],
): Promise<Vocabulary> {
  const wanted = words.flatMap((word, index) =>
    [...word.terms.keys()].map((term) => ({ index, term, isFuzzy: term === word.mainTerm && mayBeMistyped(word) })),
  );
  const values = [
    tenantId,
    wanted.map(({ index }) => index),
    wanted.map(({ term }) => term),
    wanted.map(({ isFuzzy }) => isFuzzy),
    wanted.map(({ term }) => allowedMistakes(term)),
    wanted.map(({ index }) => words[index]?.isWeak === true),
  ];
  const { rows } = await transaction.query<TermRow>(LOOK_UP_TERMS, values, { isPrepared: true });
  const resolved = words.map((word, index) =>
    resolveWord(
      word,
      rows.filter((row) => row.word === index),
    ),
  );
  const whole = withoutBrokenPhrases(resolved);
  const parts = await lookUpParts(transaction, tenantId, whole, languages);
  return { words: [...whole, ...parts], statistics: toStatistics(rows[0]) };
}

function resolveWord(word: QueryWord, rows: readonly TermRow[]): ResolvedWord {
  const known = usesOf(rows.filter((row) => row.is_known === true));
  if (known.size > 0) {
    const terms = new Map([...word.terms].filter(([term]) => known.has(term)));
    return { ...word, terms, uses: known, isKnown: [...terms.values()].some((weight) => weight === 1) };
  }
  const near = usesOf(rows);
  const terms = new Map(nearest(word.mainTerm, [...near.keys()]).map((term) => [term, TERM_WEIGHTS.similar]));
  return { ...word, terms, uses: near, isKnown: false };
}

/** A phrase of which a word is nowhere stands nowhere: the others are not looked for. The question's own words keep their positions. */
function withoutBrokenPhrases(words: readonly ResolvedWord[]): readonly ResolvedWord[] {
  const broken = new Set(words.flatMap(({ phrase, uses }) => (phrase !== null && uses.size === 0 ? [phrase.id] : [])));
  return broken.size === 0 ? words : words.filter(({ phrase }) => phrase === null || !broken.has(phrase.id));
}

function usesOf(rows: readonly TermRow[]): ReadonlyMap<string, TermUse> {
  return new Map(
    rows.flatMap(({ term, term_chunks: chunks, term_documents: documents }) =>
      term === null ? [] : [[term, { chunks: chunks ?? 0, documents: documents ?? 0 }] as const],
    ),
  );
}

function mayBeMistyped(word: QueryWord): boolean {
  return (
    !word.isWeak && word.phrase === null && word.mainTerm.length >= MIN_FUZZY_LENGTH && !/\p{N}/u.test(word.mainTerm)
  );
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
