import { contentStems } from "../../../src/answering/text/words.js";
import type { GenerationRequest, PromptPassage } from "../../../src/ports/models.js";
import { languageOf } from "../../../src/text/analyze.js";
import { detectLanguage } from "../../../src/text/language.js";
import { tokenize } from "../../../src/text/tokens.js";
import type { Language } from "../../../src/text/stop-words.js";
import { profileQuestion, typeMatch, type QuestionProfile } from "./extractive-question.js";
import { meanTheSame } from "./extractive-thesaurus.js";
import { quoteUnits, type QuoteUnit } from "./extractive-units.js";

export interface ScoredUnit extends QuoteUnit {
  /** How well it answers, about 0 to 2. Comparable within one question only. */
  readonly score: number;
  /** The part of the score that is its own: its words and its kind, without the standing of its passage. */
  readonly relevance: number;
  readonly stems: ReadonlySet<string>;
}

export interface ScoredPassage {
  readonly passage: PromptPassage;
  readonly units: readonly ScoredUnit[];
  /** Share of the question's weight in its title and headings. */
  readonly headingOverlap: number;
}

export interface Scoring {
  readonly profile: QuestionProfile;
  readonly passages: readonly ScoredPassage[];
}

/** What each sign is worth, beside 1 for a sentence that has all the question's words itself. */
const WORTH = {
  context: 0.5,
  retrieval: 0.45,
  rank: 0.15,
  answerType: 0.22,
  opening: 0.08,
  faqOpening: 0.25,
} as const;

const PENALTY = {
  question: 0.4,
  crossReference: 0.35,
  introduction: 0.3,
  fragment: 0.2,
  long: 0.12,
  leansBack: 0.06,
  cutOff: 0.3,
  otherLanguage: 0.6,
} as const;

const SYNONYM_MATCH = 0.55;
const PREFIX_MATCH = 0.75;
const CROSS_REFERENCE =
  /^\**(?:for (?:more|further|details|other|all)|see(?: also)?|more (?:about|on|information)|further (?:reading|information)|related|read more|learn more|siehe|mehr (?:dazu|informationen)|voir|véase|más información|pour plus|per saperne|zie)\b|\b(?:is|are) (?:described|explained|listed) in\b|\b(?:see|siehe|voir|vea) (?:the )?(?:release notes|section|page|chapter|article)\b/iu;
export const LEANS_BACK =
  /^\**(?:this|that|these|those|it|they|he|she|however|then|but|also|therefore|otherwise|instead|so|after that|in this case|in that case|dies|diese|dann|aber|sonst|cela|alors|mais|esto|entonces|pero)\b/iu;

export function scoreRequest({ question, passages }: GenerationRequest): Scoring {
  const language = languageOf(
    passages
      .map((passage) => passage.text)
      .join(" ")
      .slice(0, 4000),
  );
  const profile = profileQuestion(question, language);
  const stemsOf = createStemsOf(language);
  const asked = detectLanguage(tokenize(question).map((token) => token.word));
  const parsed = passages.map((passage) => ({
    passage,
    units: quoteUnits(passage).map((unit) => ({ ...unit, stems: stemsOf(unit.text) })),
  }));
  const weights = weigh(
    profile.stems,
    parsed.flatMap(({ units }) => units.map((unit) => unit.stems)),
  );
  const best = Math.max(...passages.map((passage) => passage.score), Number.EPSILON);
  return {
    profile,
    passages: parsed.map(({ passage, units }, rank) => {
      const heading = stemsOf([passage.title, ...passage.headingPath].join(" "));
      const standing =
        WORTH.retrieval * (passage.score / best) +
        WORTH.rank / (rank + 1) -
        (isForeign(passage, asked) ? PENALTY.otherLanguage : 0);
      const context = { heading, stemsOf, standing, weights, profile };
      return {
        passage,
        headingOverlap: overlap(weights, heading),
        units: units.map((unit, at) => scoreUnit(unit, at, units, context)),
      };
    }),
  };
}

type StemmedUnit = QuoteUnit & { readonly stems: ReadonlySet<string> };
type StemsOf = (text: string) => ReadonlySet<string>;
type Weights = ReadonlyMap<string, number>;

interface Context {
  readonly heading: ReadonlySet<string>;
  readonly stemsOf: StemsOf;
  readonly standing: number;
  readonly weights: Weights;
  readonly profile: QuestionProfile;
}

/** Who asks in one language is answered in it, as long as there is something to answer from. */
function isForeign(passage: PromptPassage, asked: Language | null): boolean {
  return asked !== null && languageOf(passage.text) !== asked;
}

/** Remembers: headings and table headers stand beside many units. */
function createStemsOf(language: Language): StemsOf {
  const memo = new Map<string, ReadonlySet<string>>();
  return (text) => {
    const stems = memo.get(text) ?? new Set(contentStems(text, language));
    memo.set(text, stems);
    return stems;
  };
}

/** Rare words say more about what is asked than common ones. */
function weigh(stems: readonly string[], units: readonly ReadonlySet<string>[]): Weights {
  const weightOf = (stem: string): number => {
    const count = units.filter((unit) => unit.has(stem)).length;
    return Math.log(1 + (units.length - count + 0.5) / (count + 0.5));
  };
  return new Map(stems.map((stem) => [stem, weightOf(stem)]));
}

function scoreUnit(unit: StemmedUnit, at: number, units: readonly StemmedUnit[], context: Context): ScoredUnit {
  const { weights, profile, stemsOf } = context;
  const own = overlap(weights, unit.stems);
  const around = new Set([...context.heading, ...stemsOf(unit.heading), ...stemsOf(unit.context)]);
  const before = units[at - 1];
  if (before?.group === unit.group) for (const stem of before.stems) around.add(stem);
  const withContext = overlap(weights, new Set([...unit.stems, ...around]));
  const relevance =
    own +
    WORTH.context * (withContext - own) +
    WORTH.answerType * typeMatch(profile.types, unit.text) -
    penalties(unit);
  return { ...unit, relevance, score: relevance + context.standing + openingBonus(unit) };
}

function openingBonus(unit: QuoteUnit): number {
  if (unit.position > 1) return 0;
  const first = unit.passage.kind === "faq" ? WORTH.faqOpening : WORTH.opening;
  return unit.position === 0 ? first : first / 2;
}

function penalties(unit: QuoteUnit): number {
  let penalty = 0;
  if (/\?\**$/u.test(unit.text)) penalty += PENALTY.question;
  if (CROSS_REFERENCE.test(unit.text)) penalty += PENALTY.crossReference;
  if (unit.kind === "sentence" && unit.text.endsWith(":")) penalty += PENALTY.introduction;
  if (unit.kind === "sentence" && unit.words < 4) penalty += PENALTY.fragment;
  if (unit.words > 45) penalty += PENALTY.long;
  if (unit.kind === "sentence" && (/^\p{Ll}/u.test(unit.text) || !unit.isWhole)) penalty += PENALTY.cutOff;
  if (LEANS_BACK.test(unit.text)) penalty += PENALTY.leansBack;
  return penalty;
}

/** Share of the question's weight that some stems carry. */
function overlap(weights: Weights, stems: ReadonlySet<string>): number {
  let found = 0;
  let total = 0;
  for (const [stem, weight] of weights) {
    total += weight;
    found += weight * closeness(stem, stems);
  }
  return total === 0 ? 0 : found / total;
}

function closeness(stem: string, stems: ReadonlySet<string>): number {
  if (stems.has(stem)) return 1;
  let closest = 0;
  for (const other of stems) {
    if (isPrefix(stem, other)) closest = Math.max(closest, PREFIX_MATCH);
    else if (meanTheSame(stem, other)) closest = Math.max(closest, SYNONYM_MATCH);
  }
  return closest;
}

/** "config" and "configur", "print" and "printer": what a stemmer leaves apart. */
function isPrefix(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  return short.length >= 4 && long.length - short.length <= 3 && long.startsWith(short);
}
