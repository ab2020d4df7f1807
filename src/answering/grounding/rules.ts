import { headOf, operatorsAt, replacedBy, type Comparison } from "./comparison.js";
import { ANY_ROLE, areContrary, DENYING, type Operator } from "./lexicon.js";
import type { ReadWord } from "./reading.js";

/** What a claim says otherwise than the sentence it comes from, in the order in which it is looked for. */
export type Departure =
  "unknown-number" | "unit" | "role" | "unknown-name" | "opposite" | "negation" | "condition" | "changed-word";

/** The first departure, or null where the claim keeps to the sentence. */
export function departureIn(comparison: Comparison): Departure | null {
  const found = RULES.find(([, departs]) => departs(comparison));
  return found === undefined ? null : found[0];
}

const RULES: readonly (readonly [Departure, (comparison: Comparison) => boolean])[] = [
  ["unknown-number", hasOtherNumber],
  ["unit", hasOtherUnit],
  ["role", hasOtherRole],
  ["unknown-name", hasOtherName],
  ["opposite", saysContrary],
  ["negation", deniesOtherwise],
  ["condition", holdsOtherwise],
  ["changed-word", hasOtherWord],
];

function wordsAt(words: readonly ReadWord[], positions: readonly number[]): readonly ReadWord[] {
  return positions.flatMap((position) => words[position] ?? []);
}

function ofKind(words: readonly ReadWord[], kind: ReadWord["kind"]): readonly ReadWord[] {
  return words.filter((word) => word.kind === kind);
}

function hasOtherNumber({ claim, sentence, added, left, places, isAround }: Comparison): boolean {
  const unsaid = ofKind(wordsAt(sentence, left), "number").length > 0;
  if (ofKind(wordsAt(claim, added), "number").some(({ key }) => unsaid || !isAround(key))) return true;
  // "one day" where the sentence has "two days".
  return added.some((index) => {
    const place = places[index + 1] ?? -1;
    return claim[index]?.word === "one" && left.includes(place - 1) && sentence[place - 1]?.kind === "number";
  });
}

function hasOtherUnit({ claim, sentence, added, left, isAround, places }: Comparison): boolean {
  const unsaid = [...ofKind(wordsAt(sentence, left), "unit")];
  if (ofKind(wordsAt(claim, added), "unit").some(({ key }) => unsaid.length > 0 || !isAround(key))) return true;
  return claim.some((word, index) => {
    const place = places[index] ?? -1;
    if (word.kind !== "number" || place < 0) return false;
    const said = claim[index + 1];
    const meant = sentence[place + 1];
    if (said === undefined || meant === undefined || said.key === meant.key) return false;
    return said.kind === "unit" && meant.kind === "unit";
  });
}

function hasOtherRole({ claim, sentence, added, left, isAround }: Comparison): boolean {
  const unsaid = ofKind(wordsAt(sentence, left), "role").length > 0;
  return ofKind(wordsAt(claim, added), "role").some(({ key }) => unsaid || !(ANY_ROLE.has(key) || isAround(key)));
}

function hasOtherName(comparison: Comparison): boolean {
  const { claim, sentence, added, isAround } = comparison;
  return added.some((index) => {
    const word = claim[index];
    if (word?.kind !== "name") return false;
    const replaced = wordsAt(sentence, replacedBy(comparison, index));
    return replaced.length > 0 || !isAround(word.key);
  });
}

function saysContrary(comparison: Comparison): boolean {
  const { claim, sentence, added, left } = comparison;
  if (isTurnedAt(comparison)) return true;
  return added.some((index) => {
    const said = claim[index];
    if (said === undefined) return false;
    if (isOrder(said)) {
      const meant = sentence[standsFor(comparison, index)];
      return meant !== undefined && isOrder(meant);
    }
    return left.some((position) => areContrary(said.key, sentence[position]?.key ?? said.key));
  });
}

/** "upper left" where the sentence has "upper right", though a "left" stands elsewhere in it. */
function isTurnedAt({ claim, sentence, places }: Comparison): boolean {
  return claim.some((word, index) => {
    const before = index === 0 ? -1 : (places[index - 1] ?? -1);
    const meant = sentence[before + 1];
    const place = places[index] ?? -1;
    return (
      before >= 0 &&
      place >= 0 &&
      place !== before + 1 &&
      isSide(word) &&
      meant !== undefined &&
      isSide(meant) &&
      meant.key !== word.key
    );
  });
}

function isSide({ word }: ReadWord): boolean {
  return word === "left" || word === "right";
}

/** "before" may be said with "after" when all is turned round, so these two count only at the same place. */
function isOrder({ word }: ReadWord): boolean {
  return word === "before" || word === "after";
}

/** The one word of the sentence between the very neighbours that an added word has, or -1. */
function standsFor({ claim, sentence, places, left }: Comparison, index: number): number {
  const before = index === 0 ? -1 : (places[index - 1] ?? -1);
  const after = index === claim.length - 1 ? sentence.length : (places[index + 1] ?? -1);
  if (index > 0 && before < 0) return -1;
  return after === before + 2 && left.includes(before + 1) ? before + 1 : -1;
}

interface Denial {
  readonly head: number;
  /** Negators and denying words which the other side does not have at the same place. */
  readonly index: number;
}

function deniesOtherwise(comparison: Comparison): boolean {
  const { claim, sentence, places, added, left } = comparison;
  const said = denialsIn(claim);
  const meant = denialsIn(sentence);
  const saidOf = new Set(said.map(({ head }) => places[head] ?? -1));
  const meantOf = new Set(meant.map(({ head }) => head));
  const saidOnly = said.filter(({ head }) => !meantOf.has(places[head] ?? -1));
  const meantOnly = meant.filter(({ head }) => !saidOf.has(head));
  const saidElse = saidOnly.length + added.filter((index) => DENYING.has(claim[index]?.key ?? "")).length;
  const meantElse = meantOnly.length + left.filter((index) => DENYING.has(sentence[index]?.key ?? "")).length;
  if (saidElse > 0 && meantElse === 0) return true;
  const used = new Set(places);
  // A "not" of the sentence matters where the claim says the same without it.
  const dropped = meantOnly.filter(({ head }) => used.has(head));
  if (dropped.length > saidElse) return true;
  // Both deny, each something that the other affirms.
  return (
    saidOnly.some(({ head }) => (places[head] ?? -1) >= 0) &&
    meantOnly.every(({ head }) => used.has(head)) &&
    meantOnly.length > 0 &&
    saidElse !== meantElse
  );
}

function denialsIn(words: readonly ReadWord[]): readonly Denial[] {
  return [...words.keys()]
    .filter((index) => words[index]?.isNegator === true)
    .map((index) => ({ index, head: headOf(words, index) }));
}

function holdsOtherwise(comparison: Comparison): boolean {
  return (
    restrictsOtherwise(comparison) ||
    countsOtherwise(comparison) ||
    obligesOtherwise(comparison) ||
    hasOtherOperator(comparison)
  );
}

function has(words: readonly ReadWord[], ...operators: readonly Operator[]): boolean {
  return words.some(({ operator }) => operator !== null && operators.includes(operator));
}

/** Whether an operator of the sentence was said of something that the claim says too. */
function dropsFrom({ claim, sentence, places }: Comparison, operator: Operator): boolean {
  if (has(claim, operator)) return false;
  const used = new Set(places);
  return operatorsAt(sentence, operator).some((index) => used.has(headOf(sentence, index)));
}

function restrictsOtherwise(comparison: Comparison): boolean {
  const { claim, sentence, frame } = comparison;
  const more = (words: readonly ReadWord[], than: readonly ReadWord[], operator: Operator): boolean =>
    operatorsAt(words, operator).length > operatorsAt(than, operator).length;
  const negators = (words: readonly ReadWord[]): number => words.filter(({ isNegator }) => isNegator).length;
  // "nobody but", "only", "except": each may stand for another.
  if (more(claim, sentence, "only") && !more(sentence, claim, "unless") && !has(frame, "only")) return true;
  if (more(claim, sentence, "unless") && !more(sentence, claim, "only")) return true;
  if (dropsFrom(comparison, "only") && !has(claim, "unless") && negators(claim) <= negators(sentence)) return true;
  if (dropsFrom(comparison, "unless") && !has(claim, "only")) return true;
  return changesEvenIf(comparison);
}

function changesEvenIf({ claim, sentence, places }: Comparison): boolean {
  const said = evenIf(claim);
  const meant = evenIf(sentence);
  if (said >= 0) return meant < 0 && has(sentence, "if");
  return meant >= 0 && places.includes(meant);
}

/** Where the "if" of an "even if" stands, or -1. */
function evenIf(words: readonly ReadWord[]): number {
  return words.findIndex(({ operator }, index) => operator === "if" && words[index - 1]?.operator === "even");
}

const WHOLE: ReadonlySet<string> = new Set(["all", "every", "each", "everyone", "everybody", "everything"]);

function countsOtherwise({ claim, sentence, frame }: Comparison): boolean {
  const adds = (operator: Operator): boolean =>
    has(claim, operator) && !has(sentence, operator) && !has(frame, operator);
  if (adds("always") || adds("sometimes")) return true;
  if (adds("lower") && has(sentence, "upper")) return true;
  if (adds("upper") && has(sentence, "lower")) return true;
  if ((adds("some") || adds("most")) && has(sentence, "all")) return true;
  return !has(sentence, "all") && !has(frame, "all") && claim.some(({ word }) => WHOLE.has(word));
}

/** "must" where the sentence says "can" of the same, and the other way round. */
function obligesOtherwise({ claim, sentence, places }: Comparison): boolean {
  const heads = (words: readonly ReadWord[], operator: Operator): readonly number[] =>
    operatorsAt(words, operator).map((index) => headOf(words, index));
  const said = (operator: Operator): readonly number[] =>
    heads(claim, operator).flatMap((head) => (head < 0 ? [] : (places[head] ?? -1)));
  const clash = (one: Operator, other: Operator): boolean =>
    !has(sentence, one) && said(one).some((place) => place >= 0 && heads(sentence, other).includes(place));
  return clash("must", "may") || clash("may", "must") || clash("must", "should");
}

/** Another operator between the same two words. */
function hasOtherOperator(comparison: Comparison): boolean {
  const { claim, sentence, added } = comparison;
  return added.some((index) => {
    const said = claim[index]?.operator ?? null;
    const meant = sentence[standsFor(comparison, index)]?.operator ?? null;
    return said !== null && meant !== null && meant !== said;
  });
}

const BEFORE_VERBS: ReadonlySet<string> = new Set(
  "to can could may might must should will would not that also always automatically you they we it please then who".split(
    " ",
  ),
);
const AFTER_VERBS: ReadonlySet<string> = new Set("the a an your their all any it them this".split(" "));
const IS: ReadonlySet<string> = new Set("is are be been being was were".split(" "));
const ENDINGS = ["ing", "ed", "ly"] as const;

/** Another noun between the same neighbours; verbs have too many of the same meaning to tell. */
function hasOtherWord(comparison: Comparison): boolean {
  const { claim, sentence, added } = comparison;
  return added.some((index) => {
    const word = claim[index];
    if (word?.kind !== "plain" || isVerbAt(claim, index)) return false;
    const replaced = replacedBy(comparison, index);
    if (replaced.length === 0 || replaced.length > 2) return false;
    return !replaced.some((position) => isVerbAt(sentence, position) || endAlike(word, sentence[position]));
  });
}

/** Forms of verbs, and adverbs, in each other's place. */
function endAlike(one: ReadWord, other: ReadWord | undefined): boolean {
  return ENDINGS.some((ending) => one.word.endsWith(ending) && other?.word.endsWith(ending) === true);
}

function isVerbAt(words: readonly ReadWord[], index: number): boolean {
  const word = words[index];
  const before = words[index - 1];
  const after = words[index + 1];
  const isPlural = /[^s]s$/u.test(word?.word ?? "");
  if (before !== undefined && word?.afterBreak === false && BEFORE_VERBS.has(before.word) && !isPlural) return true;
  if (IS.has(before?.word ?? "") && /(?:ed|en|ing)$/u.test(word?.word ?? "")) return true;
  if (after === undefined || after.afterBreak) return false;
  const opens = index === 0 || word?.afterBreak === true || before?.word === "and" || before?.word === "or";
  return AFTER_VERBS.has(after.word) || (opens && after.kind === "name");
}
