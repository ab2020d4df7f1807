import { contentStems } from "../../../src/answering/text/words.js";
import type { GenerationRequest, PromptPassage } from "../../../src/ports/models.js";
import { languageOf } from "../../../src/text/analyze.js";
import { detectLanguageOfText } from "../../../src/text/language.js";
import { remember } from "../../../src/text/remember.js";
import type { Language } from "../../../src/text/stop-words.js";
import { coverTogether, createHeadingsOver } from "./extractive-headings.js";
import { profileQuestion, typeMatch, type QuestionProfile } from "./extractive-question.js";
import { meanTheSame } from "./extractive-thesaurus.js";
import { quoteUnits, type QuoteUnit } from "./extractive-units.js";

export interface ScoredUnit extends QuoteUnit {
  /** How well it answers, about 0 to 2. Comparable within one question only. */
  readonly score: number;
  /** The part of the score that is its own: its words and its kind, without the standing of its passage. */
  readonly relevance: number;
  /** Share of the question's weight in the title and headings that it stands under. */
  readonly headingOverlap: number;
  /** For each of the question's stems the share of the question that its own words carry. */
  readonly covers: readonly number[];
  readonly stems: ReadonlySet<string>;
  /** "No, …" answers the question it stands under, and would seem to answer this one. */
  readonly answersAnother: boolean;
}

export interface ScoredPassage {
  readonly passage: PromptPassage;
  readonly units: readonly ScoredUnit[];
}

export interface Scoring {
  readonly profile: QuestionProfile;
  readonly passages: readonly ScoredPassage[];
}

/**
 * What each sign is worth, beside 1 for a sentence that has all the question's words itself. All rows of a table stand
 * under the same header, so it says less about any of them, unless the row has what is asked for: a time, a price.
 */
const WORTH = {
  context: 0.5,
  rowContext: 0.2,
  retrieval: 1,
  rank: 0.3,
  answerType: 0.22,
  opening: 0.08,
  faqOpening: 0.25,
} as const;

const PENALTY = {
  question: 0.4,
  crossReference: 0.35,
  aboutThePage: 1,
  introduction: 0.3,
  fragment: 0.2,
  long: 0.12,
  leansBack: 0.06,
  cutOff: 0.3,
  otherLanguage: 0.6,
} as const;

/** A few sentences tell the language of a passage. */
const SAMPLE_WORDS = 60;

const MAX_REMEMBERED_PASSAGES = 500;
const MAX_REMEMBERED_SENTENCES = 5_000;

/** Share of each question that the other one holds, the answer included, when both ask the same. */
const SAME_QUESTION = 0.5;
const WORD_FOUND_NOWHERE = 0.5;
const SYNONYM_MATCH = 0.55;
const COMPOUND_MATCH = 0.6;
const PREFIX_MATCH = 0.75;
const IS_QUESTION = /\?\**$/u;
const CROSS_REFERENCE =
  /^\**(?:for (?:more|further|details|other|all)|see(?: also)?|more (?:about|on|information)|further (?:reading|information)|related|read more|learn more|siehe|mehr (?:dazu|informationen)|voir|véase|más información|pour plus|per saperne|zie)\b|\b(?:is|are) (?:described|explained|listed) in\b|\b(?:see|siehe|voir|vea) (?:the )?(?:release notes|section|page|chapter|article)\b/iu;
/** Tells what can be read there instead of saying it. */
const ABOUT_THE_PAGE =
  /^\**(?:in |dans |en |op )?(?:this|diese[rsm]?|cette|cet|ce|esta|este|questa|questo|n?esta|n?este|deze|dit) (?:page|article|guide|section|chapter|document|manual|topic|tutorial|seite|artikel|abschnitt|kapitel|anleitung|dokument|chapitre|página|sección|guía|artículo|documento|capítulo|pagina|sezione|guida|articolo|seção|artigo|handleiding|hoofdstuk),? (?:(?:you|we|will|can|also|briefly|you'll|we'll) ){0,3}(?:tells?|explains?|describes?|shows?|covers?|lists?|contains?|outlines?|summari[sz]es?|learn|find|look|beschreibt|erklärt|zeigt|erfahren|finden|explique|décrit|présente|explica|describe|muestra|descrive|mostra|descreve|beschrijft|legt)\b/iu;
/** In the languages that questions are recognised in. "No card is needed" is none. */
const YES_OR_NO = /^\W*(?:yes|no|ja|nein|oui|non|sí|sim|não|nee|sì)\W*?(?:[,.;:!–—]|\s-\s|$)/iu;
export const LEANS_BACK =
  /^\**(?:this|that|these|those|it|they|he|she|however|then|but|also|therefore|otherwise|instead|so|after that|in this case|in that case|dies|diese|dann|aber|sonst|cela|alors|mais|esto|entonces|pero)\b/iu;

export function scoreRequest({ question, history, passages }: GenerationRequest): Scoring {
  const language = languageOf(
    passages
      .map((passage) => passage.text)
      .join(" ")
      .slice(0, 4000),
    SAMPLE_WORDS,
  );
  const profile = profileQuestion(question, history, language);
  const stemsOf = remember((text) => new Set(contentStems(text, language)), MAX_REMEMBERED_SENTENCES);
  const asked = detectLanguageOfText(question);
  const parsed = passages.map((passage) => ({
    passage,
    units: quoteUnits(passage).map((unit) => ({ ...unit, stems: stemsOf(unit.text) })),
  }));
  const weights = weigh(
    profile,
    parsed.flatMap(({ units }) => units.map((unit) => unit.stems)),
  );
  const coverageOf = createCoverageOf(profile, weights, stemsOf);
  const best = Math.max(...passages.map((passage) => passage.score), Number.EPSILON);
  const headingsOver = createHeadingsOver(parsed, coverageOf);
  return {
    profile,
    passages: parsed.map(({ passage, units }, rank) => {
      const standing =
        WORTH.retrieval * (passage.score / best) +
        WORTH.rank / (rank + 1) -
        (isForeign(passage, asked) ? PENALTY.otherLanguage : 0);
      const context = { rank, headingsOver, coverageOf, stemsOf, standing, profile };
      return { passage, units: units.map((unit, at) => scoreUnit(unit, at, units, context)) };
    }),
  };
}

type StemmedUnit = QuoteUnit & { readonly stems: ReadonlySet<string> };
type StemsOf = (text: string) => ReadonlySet<string>;
type Coverage = readonly number[];
type CoverageOf = (text: string) => Coverage;

interface Context {
  readonly rank: number;
  readonly headingsOver: (unit: QuoteUnit) => Coverage;
  readonly coverageOf: CoverageOf;
  readonly stemsOf: StemsOf;
  readonly standing: number;
  readonly profile: QuestionProfile;
}

/** Who asks in one language is answered in it, as long as there is something to answer from. */
function isForeign(passage: PromptPassage, asked: Language | null): boolean {
  return asked !== null && languageOfPassage(passage.text) !== asked;
}

const languageOfPassage = remember((text) => languageOf(text, SAMPLE_WORDS), MAX_REMEMBERED_PASSAGES);

/** The share of the question's weight that a text carries, for each of its stems. */
function createCoverageOf(profile: QuestionProfile, weights: readonly number[], stemsOf: StemsOf): CoverageOf {
  const total = sum(weights);
  return remember((text) => {
    const there = stemsOf(text);
    return profile.stems.map((stem, index) => {
      const share = total === 0 ? 0 : (weights[index] ?? 0) / total;
      return isSameNumber(stem, profile, there) ? share * closeness(stem, there) : 0;
    });
  }, MAX_REMEMBERED_SENTENCES);
}

/**
 * Rare words say more about what is asked than common ones. One that stands nowhere tells no sentence from another: it is
 * often mistyped, and counts only for what means the same.
 */
function weigh(profile: QuestionProfile, units: readonly ReadonlySet<string>[]): readonly number[] {
  return profile.stems.map((stem) => {
    const count = units.filter((unit) => unit.has(stem) && isSameNumber(stem, profile, unit)).length;
    const weight = Math.log(1 + (units.length - count + 0.5) / (count + 0.5));
    return count === 0 ? weight * WORD_FOUND_NOWHERE : weight;
  });
}

function scoreUnit(unit: StemmedUnit, at: number, units: readonly StemmedUnit[], context: Context): ScoredUnit {
  const { profile, coverageOf } = context;
  const heading = context.headingsOver(unit);
  const covers = coverageOf(unit.text);
  const own = sum(covers);
  const before = units[at - 1];
  const around = [heading, coverageOf(unit.heading), coverageOf(unit.context)];
  if (before?.group === unit.group) around.push(coverageOf(before.text));
  const withContext = sum(around.reduce(coverTogether, covers));
  const match = typeMatch(profile.types, unit.text);
  const relevance =
    own +
    (unit.kind === "row" && match === 0 ? WORTH.rowContext : WORTH.context) * (withContext - own) +
    WORTH.answerType * match -
    penalties(unit);
  const score = relevance + context.standing + openingBonus(unit);
  const answersAnother = YES_OR_NO.test(unit.text) && !standsUnderTheQuestion(unit, before, context);
  return { ...unit, headingOverlap: sum(heading), covers, relevance, score, answersAnother };
}

/** An entry that was found first may have been found by another wording of its question, which is not seen here. */
function standsUnderTheQuestion(unit: StemmedUnit, before: StemmedUnit | undefined, context: Context): boolean {
  const { profile, coverageOf, stemsOf } = context;
  const heading = context.headingsOver(unit);
  const { kind, text, title, headingPath } = unit.passage;
  if (context.rank === 0 && kind === "faq" && sum(coverTogether(heading, coverageOf(text))) > 0) return true;
  const nearest = unit.heading === "" ? (headingPath.at(-1) ?? title) : unit.heading;
  const itsQuestion = before !== undefined && IS_QUESTION.test(before.text) ? before.text : nearest;
  const asked = new Set(profile.stems);
  const its = [...stemsOf(itsQuestion)];
  const itsShare = its.filter((stem) => closeness(stem, asked) > 0).length / Math.max(its.length, 1);
  const askedShare = sum(coverTogether(coverageOf(itsQuestion), coverageOf(unit.text)));
  return Math.min(itsShare, askedShare) >= SAME_QUESTION;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function openingBonus(unit: QuoteUnit): number {
  if (unit.position > 1) return 0;
  const first = unit.passage.kind === "faq" ? WORTH.faqOpening : WORTH.opening;
  return unit.position === 0 ? first : first / 2;
}

function penalties(unit: QuoteUnit): number {
  let penalty = 0;
  if (IS_QUESTION.test(unit.text)) penalty += PENALTY.question;
  if (CROSS_REFERENCE.test(unit.text)) penalty += PENALTY.crossReference;
  if (ABOUT_THE_PAGE.test(unit.text)) penalty += PENALTY.aboutThePage;
  if (unit.kind === "sentence" && unit.text.endsWith(":")) penalty += PENALTY.introduction;
  if (unit.kind === "sentence" && unit.words < 4) penalty += PENALTY.fragment;
  if (unit.words > 45) penalty += PENALTY.long;
  if (unit.kind === "sentence" && (/^\p{Ll}/u.test(unit.text) || !unit.isWhole)) penalty += PENALTY.cutOff;
  if (LEANS_BACK.test(unit.text)) penalty += PENALTY.leansBack;
  return penalty;
}

/** 40 days are not 40 degrees: a number of the question is the same only where what it is a number of stands too. */
function isSameNumber(stem: string, { counted }: QuestionProfile, there: ReadonlySet<string>): boolean {
  const beside = counted.get(stem);
  return beside === undefined || beside.some((other) => closeness(other, there) > 0);
}

/** How well some stems stand for one of the question's: 1 for itself, less for its relatives. */
function closeness(stem: string, stems: ReadonlySet<string>): number {
  if (stems.has(stem)) return 1;
  let closest = 0;
  for (const other of stems) {
    if (isPrefix(stem, other)) closest = Math.max(closest, PREFIX_MATCH);
    else if (isCompound(stem, other)) closest = Math.max(closest, COMPOUND_MATCH);
    else if (meanTheSame(stem, other)) closest = Math.max(closest, SYNONYM_MATCH);
  }
  return closest;
}

/** "storm" and "thunderstorm", "karte" and "speicherkarte": a compound ends with what it is. */
function isCompound(left: string, right: string): boolean {
  if (left.length > right.length) return isCompound(right, left);
  return left.length >= 5 && right.length - left.length >= 3 && right.endsWith(left);
}

/** "config" and "configur", "print" and "printer": what a stemmer leaves apart. */
function isPrefix(left: string, right: string): boolean {
  if (left.length > right.length) return isPrefix(right, left);
  return left.length >= 4 && right.length - left.length <= 3 && right.startsWith(left);
}
