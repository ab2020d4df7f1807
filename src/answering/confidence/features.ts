import type { Passage, PassageScores, SearchResult } from "../../ports/knowledge.js";
import { analyze, languageOf, type TermGroup } from "../../text/analyze.js";
import { linesOf, type FoundLine, type FoundLines } from "./found-lines.js";
import { letterGroups, likeness, normalise } from "./letter-groups.js";

/** What retrieval shows about a question, each part between 0 and 1 or close to it. The names stand in traces. */
export const FEATURES = [
  /** BM25F of the first passage by itself; saturates. */
  "strength",
  /** Lexical and vector score of the first passage together: a share of the best that could be scored. */
  "score",
  /** How far the next title is behind, as a share of the first one's score. */
  "margin",
  /** How far it is behind by the trained order; saturates. */
  "lead",
  /** How evenly the first ten titles share the score: 0 when one stands out, 1 when all are alike (normalised entropy). */
  "evenness",
  /** Share of the question's idf mass that the first passage holds. */
  "coverage",
  /** How much less of it the best passage of another title holds. */
  "coverageLead",
  /** Share of the question's rarity in words that nothing that was found holds. */
  "absent",
  /** Share of the first title's words that the question holds. */
  "titleMatched",
  /** Likeness in letters of the question and the nearest line of the first title. */
  "wording",
  /** How much less like it the nearest line of another title is. */
  "wordingLead",
  /** How many of the words that are typical of the first title's lines the question holds. */
  "typical",
  /** How like each other the first title's lines are: high for an entry with many wordings, low for a page. */
  "sameness",
  /** `titleMatched` times `sameness`: the title of an entry with many wordings is a label and says less. */
  "labelMatched",
  /** 1 when the question is, word for word or stem for stem, a title, a heading or a line of the first title. */
  "exact",
] as const;

export type FeatureName = (typeof FEATURES)[number];
export type Features = Readonly<Record<FeatureName, number>>;

/** A BM25F score of this much is half way to the strongest. */
const HALF_STRENGTH = 25;
/** Titles over which `evenness` looks, and the difference of scores that makes one e times as likely. */
const EVENNESS = { titles: 10, temperature: 0.06 } as const;
/** How many words are typical of a title. */
const TYPICAL_WORDS = 6;
/** Lines of the first title that are compared with each other, and with how many of the nearest each. */
const SAMENESS = { lines: 25, nearest: 3 } as const;

/** A question with what was found, as the features look at it. */
interface Evidence {
  readonly found: FoundLines;
  /** The first title's lines. */
  readonly own: readonly FoundLine[];
  /** All terms of the question. */
  readonly terms: ReadonlySet<string>;
  /** Its words with a topic; all of them when none has one. */
  readonly topics: readonly TermGroup[];
  readonly normalised: string;
}

/** Null when nothing was found or nothing was asked: then there is nothing to be confident about. Pure. */
export function featuresOf(question: string, result: SearchResult): Features | null {
  const [first] = result.passages;
  if (first === undefined || result.analysis.terms.length === 0) return null;
  const evidence = gather(question, result.passages);
  const bests = bestOfTitles(result.passages);
  const titleMatched = titleShare(first, evidence, languageOf(question));
  const sameness = samenessOf(evidence);
  return {
    ...scoreFeatures(bests, first),
    ...wordingFeatures(evidence),
    absent: absentShare(evidence),
    titleMatched,
    typical: typicalShare(evidence),
    sameness,
    labelMatched: titleMatched * sameness,
    exact: isExact(evidence) ? 1 : 0,
  };
}

function gather(question: string, passages: readonly Passage[]): Evidence {
  // Both sides in the language of the question, so that the same word has the same stem.
  const language = languageOf(question);
  const groups = analyze(question, language);
  const withTopic = groups.filter((group) => !group.isWeak);
  const found = linesOf(passages, language);
  return {
    found,
    own: found.lines.filter(({ title }) => title === 0),
    terms: new Set(groups.map((group) => group.term)),
    topics: withTopic.length === 0 ? groups : withTopic,
    normalised: normalise(question),
  };
}

// Documents of one title (several answers to one question, say) do not compete with each other.
function bestOfTitles(passages: readonly Passage[]): readonly Passage[] {
  const bests = new Map<string, Passage>();
  for (const passage of passages) if (!bests.has(passage.title)) bests.set(passage.title, passage);
  return [...bests.values()];
}

function scoreFeatures(
  bests: readonly Passage[],
  { scores }: Passage,
): Pick<Features, "strength" | "score" | "margin" | "lead" | "evenness" | "coverage" | "coverageLead"> {
  const [, second, ...others] = bests;
  const rivals = second === undefined ? [] : [second, ...others];
  return {
    strength: scores.lexical / (scores.lexical + HALF_STRENGTH),
    score: scores.fused,
    margin: second === undefined ? 1 : marginOf(scores.fused, second.scores.fused),
    lead: leadOf(scores, second?.scores),
    evenness: evennessOf(bests.slice(0, EVENNESS.titles).map((best) => best.scores.fused)),
    coverage: scores.coverage,
    coverageLead: scores.coverage - Math.max(0, ...rivals.map((rival) => rival.scores.coverage)),
  };
}

/** Between -1 and 1: below 0 where the trained order put a lower score first. */
function marginOf(first: number, second: number): number {
  return (first - second) / Math.max(first, second, 1e-6);
}

function leadOf({ relevance: first }: PassageScores, second: PassageScores | undefined): number {
  if (first === undefined || second?.relevance === undefined) return 1;
  return 1 - Math.exp(second.relevance - first);
}

function evennessOf(scores: readonly number[]): number {
  const most = Math.max(...scores);
  const odds = scores.map((score) => Math.exp((score - most) / EVENNESS.temperature));
  const total = sum(odds);
  return -sum(odds.map((each) => (each / total) * Math.log(each / total + 1e-12))) / Math.log(EVENNESS.titles);
}

function wordingFeatures({ found, normalised }: Evidence): Pick<Features, "wording" | "wordingLead"> {
  const groups = letterGroups(normalised);
  let [own, other] = [0, 0];
  for (const line of found.lines) {
    const like = likeness(groups, line.normalised);
    if (line.title === 0) own = Math.max(own, like);
    else other = Math.max(other, like);
  }
  return { wording: own, wordingLead: own - other };
}

function absentShare({ found, topics }: Evidence): number {
  const absent = topics.filter(({ term, others }) => ![term, ...others].some(found.holds));
  return share(absent, topics, ({ term }) => found.rarity(term));
}

function titleShare({ title }: Passage, { terms, topics }: Evidence, language: ReturnType<typeof languageOf>): number {
  const forms = new Set([...terms, ...topics.flatMap(({ others }) => others)]);
  const words = analyze(title, language).filter((group) => !group.isWeak);
  const named = words.flatMap((group) => [group.term, ...group.others]);
  return named.length === 0 ? 0 : named.filter((form) => forms.has(form)).length / named.length;
}

function typicalShare({ found, own, terms }: Evidence): number {
  const counts = new Map<string, number>();
  for (const line of own) {
    for (const term of line.terms) counts.set(term, (counts.get(term) ?? 0) + (line.isHeading ? 2 : 1));
  }
  const typical = [...counts]
    .map(([term, count]) => ({ term, weight: (count / own.length) * found.rarity(term) }))
    .sort((one, other) => other.weight - one.weight || (one.term < other.term ? -1 : 1))
    .slice(0, TYPICAL_WORDS);
  const held = typical.filter(({ term }) => terms.has(term));
  return share(held, typical, ({ weight }) => weight);
}

/** The mean over lines of how like each is to its nearest others: cosine of terms weighed by rarity. */
function samenessOf({ own, found }: Evidence): number {
  const lines = own.slice(0, SAMENESS.lines).map(({ terms }) => {
    const weights = new Map([...terms].map((term) => [term, found.rarity(term) ** 2]));
    return { weights, length: Math.sqrt(sum([...weights.values()])) };
  });
  const nearest = lines.map((line) => {
    const likes = lines.flatMap((other) => (other === line ? [] : [cosine(line, other)]));
    const best = likes.sort((one, another) => another - one).slice(0, SAMENESS.nearest);
    return best.length === 0 ? 0 : sum(best) / best.length;
  });
  return sum(nearest) / Math.max(nearest.length, 1);
}

interface WeighedLine {
  readonly weights: ReadonlyMap<string, number>;
  readonly length: number;
}

function cosine(one: WeighedLine, other: WeighedLine): number {
  if (one.length * other.length === 0) return 0;
  let shared = 0;
  for (const [term, weight] of one.weights) if (other.weights.has(term)) shared += weight;
  return shared / (one.length * other.length);
}

function isExact({ own, terms, normalised }: Evidence): boolean {
  if (normalised === "") return false;
  return own.some(
    (line) =>
      line.normalised === normalised ||
      ((line.isHeading || terms.size > 1) && line.terms.size === terms.size && isWithin(line.terms, terms)),
  );
}

function isWithin(terms: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return terms.size > 0 && [...terms].every((term) => others.has(term));
}

function share<Item>(part: readonly Item[], whole: readonly Item[], weigh: (item: Item) => number): number {
  const total = sum(whole.map(weigh));
  return total === 0 ? 0 : sum(part.map(weigh)) / total;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
