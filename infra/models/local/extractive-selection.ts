import { coverTogether } from "./extractive-headings.js";
import { LEANS_BACK, sum, type ScoredPassage, type ScoredUnit, type Scoring } from "./extractive-scoring.js";

/** Words of a whole answer, list markers included. */
const WORD_BUDGET = 75;
const MAX_SENTENCES = 5;
/** A further sentence must be about the question by at least this share of what the best one is. */
const WORTH_SAYING = 0.4;
/** One from another passage must come closer to it, and from a document that fits about as well as the first. */
const WORTH_ADDING = 0.45;
const NEAR_THE_FIRST = 0.35;
const SAME_PASSAGE = 0.05;
const NEXT_TO_CHOSEN = 0.15;
/** For saying what the question asks and no chosen sentence says; this much for the whole question. */
const SOMETHING_NEW = 0.5;
/** Without a single word of the question of its own. */
const BESIDE_THE_POINT = 0.12;
/** Two sentences that share this much of their words say the same. */
const SAME_WORDS = 0.6;
const MIN_PROCEDURE_STEPS = 2;
/** How close to the best sentence a procedure must come to be the answer to a how-to question. */
const PROCEDURE_SHARE = 0.8;

/** What is quoted, in the order in which it is read. */
export interface Selection {
  readonly units: readonly ScoredUnit[];
  /** A procedure did not fit: its last steps are missing. */
  readonly isCut: boolean;
}

export function selectUnits(scoring: Scoring): Selection {
  const procedure = scoring.profile.types.has("procedure") ? bestProcedure(scoring) : null;
  if (procedure !== null) return procedure;
  const all = scoring.passages.flatMap((passage) => passage.units);
  const [anchor] = all.filter(isQuotable).sort((left, right) => right.score - left.score);
  if (anchor === undefined) return { units: [], isCut: false };
  const chosen = withIntroductions(withContextBefore(bestSentences(all, anchor), all), all);
  return { units: inReadingOrder(chosen, anchor), isCut: false };
}

function isQuotable(unit: ScoredUnit): boolean {
  return unit.words <= WORD_BUDGET && unit.kind !== "code" && !isIntroduction(unit) && !unit.answersAnother;
}

function isIntroduction(unit: ScoredUnit): boolean {
  return unit.kind === "sentence" && /[:：]\**$/u.test(unit.text);
}

function bestSentences(all: readonly ScoredUnit[], anchor: ScoredUnit): readonly ScoredUnit[] {
  const upToAnchor = anchor.passage.kind === "faq" ? openingUpTo(anchor, all) : withStepsBefore(anchor, all);
  let chosen = wordsOf(upToAnchor) <= WORD_BUDGET ? upToAnchor : [anchor];
  while (chosen.length < MAX_SENTENCES) {
    const next = nextSentence(all, chosen, anchor);
    if (next === null) break;
    chosen = [...chosen, ...next];
  }
  return chosen;
}

/** An answer to a frequent question opens with what was asked; what comes later leans on it. */
function openingUpTo(anchor: ScoredUnit, all: readonly ScoredUnit[]): readonly ScoredUnit[] {
  const opening = all.filter(
    (unit) => isQuotable(unit) && unit.passage === anchor.passage && unit.position <= anchor.position,
  );
  return wordsOf(opening) <= WORD_BUDGET && opening.length <= MAX_SENTENCES ? opening : [anchor];
}

function nextSentence(
  all: readonly ScoredUnit[],
  chosen: readonly ScoredUnit[],
  anchor: ScoredUnit,
): readonly ScoredUnit[] | null {
  const room = WORD_BUDGET - wordsOf(chosen);
  const candidates = all
    .filter(
      (unit) =>
        isQuotable(unit) && unit.words <= room && !chosen.some((other) => other === unit || saySame(unit, other)),
    )
    .filter((unit) => isWorthSaying(unit, chosen, anchor))
    .map((unit) => {
      const added = withStepsBefore(unit, all).filter((step) => !chosen.includes(step));
      return { added, value: sum(added.map((step) => step.score + bonus(step, chosen, anchor))) / added.length };
    })
    .filter(({ added }) => wordsOf(added) <= room)
    .sort((left, right) => right.value - left.value);
  return candidates[0]?.added ?? null;
}

/** Nobody can begin with the third step: a step is quoted with all that come before it. */
function withStepsBefore(unit: ScoredUnit, all: readonly ScoredUnit[]): readonly ScoredUnit[] {
  if (unit.kind !== "step") return [unit];
  return all.filter(
    (other) =>
      other.passage === unit.passage &&
      other.group === unit.group &&
      other.kind === "step" &&
      other.position <= unit.position,
  );
}

function isWorthSaying(unit: ScoredUnit, chosen: readonly ScoredUnit[], anchor: ScoredUnit): boolean {
  if (unit.passage !== anchor.passage) {
    return unit.passage.score >= NEAR_THE_FIRST && unit.relevance >= anchor.relevance * WORTH_ADDING;
  }
  const share = follows(unit, chosen) || unit.isWarning ? WORTH_SAYING / 2 : WORTH_SAYING;
  return unit.relevance >= anchor.relevance * share;
}

/** Whether it goes on where a chosen sentence of the same paragraph or list ends. */
function follows(unit: ScoredUnit, chosen: readonly ScoredUnit[]): boolean {
  return chosen.some(
    (other) => other.passage === unit.passage && other.group === unit.group && other.position === unit.position - 1,
  );
}

function bonus(unit: ScoredUnit, chosen: readonly ScoredUnit[], anchor: ScoredUnit): number {
  const place = (unit.passage === anchor.passage ? SAME_PASSAGE : 0) + (follows(unit, chosen) ? NEXT_TO_CHOSEN : 0);
  const isBesideThePoint = sum(unit.covers) === 0;
  return place + SOMETHING_NEW * newShare(unit, chosen) - (isBesideThePoint ? BESIDE_THE_POINT : 0);
}

/** The share of the question that it adds to what the chosen ones cover. */
function newShare(unit: ScoredUnit, chosen: readonly ScoredUnit[]): number {
  const said = chosen.map((other) => other.covers).reduce(coverTogether);
  return sum(coverTogether(said, unit.covers)) - sum(said);
}

function saySame(unit: ScoredUnit, other: ScoredUnit): boolean {
  if (unit.passage === other.passage) return unit.text === other.text;
  const smaller = Math.min(unit.stems.size, other.stems.size);
  let shared = 0;
  for (const stem of unit.stems) if (other.stems.has(stem)) shared += 1;
  return smaller === 0 || shared / smaller >= SAME_WORDS;
}

/** A sentence that opens with "This" or "However" is quoted with the one before it, where there is room. */
function withContextBefore(chosen: readonly ScoredUnit[], all: readonly ScoredUnit[]): readonly ScoredUnit[] {
  return chosen.reduce<readonly ScoredUnit[]>((quoted, unit) => {
    if (!LEANS_BACK.test(unit.text)) return quoted;
    const before = all.find((other) => other.passage === unit.passage && other.position === unit.position - 1);
    return before === undefined || !isQuotable(before) ? quoted : withRoomFor(quoted, withStepsBefore(before, all));
  }, chosen);
}

/** Items and steps of a list are quoted with the line that says what they are. */
function withIntroductions(chosen: readonly ScoredUnit[], all: readonly ScoredUnit[]): readonly ScoredUnit[] {
  return chosen.reduce<readonly ScoredUnit[]>((quoted, unit) => {
    const introduction = introductionOf(unit, all);
    return introduction === null ? quoted : withRoomFor(quoted, [introduction]);
  }, chosen);
}

function introductionOf(unit: ScoredUnit, all: readonly ScoredUnit[]): ScoredUnit | null {
  if (unit.kind !== "item" && unit.kind !== "step") return null;
  const first = all.find((other) => other.passage === unit.passage && other.group === unit.group);
  const before = all.find((other) => other.passage === unit.passage && other.position === (first?.position ?? 0) - 1);
  return before !== undefined && isIntroduction(before) ? before : null;
}

function withRoomFor(all: readonly ScoredUnit[], added: readonly ScoredUnit[]): readonly ScoredUnit[] {
  const missing = added.filter((unit) => !all.includes(unit));
  return wordsOf(all) + wordsOf(missing) > WORD_BUDGET ? all : [...all, ...missing];
}

/** The passage of the best sentence first; inside a passage as in the document. */
function inReadingOrder(chosen: readonly ScoredUnit[], anchor: ScoredUnit): readonly ScoredUnit[] {
  const order = [...new Set([anchor, ...chosen].map((unit) => unit.passage))];
  return chosen.toSorted((left, right) => {
    const passages = order.indexOf(left.passage) - order.indexOf(right.passage);
    return passages === 0 ? left.position - right.position : passages;
  });
}

interface Procedure {
  readonly steps: readonly ScoredUnit[];
  readonly around: readonly ScoredUnit[];
  readonly score: number;
}

/** The steps that answer a how-to question, when they do so about as well as any sentence. */
function bestProcedure({ passages }: Scoring): Selection | null {
  const [best] = passages.flatMap(proceduresOf).sort((left, right) => right.score - left.score);
  const sentences = passages.flatMap(({ units }) => units.filter((unit) => unit.kind !== "step"));
  const bestSentence = Math.max(...sentences.map((unit) => unit.score), 0);
  return best !== undefined && best.score >= bestSentence * PROCEDURE_SHARE ? fitProcedure(best) : null;
}

function proceduresOf({ units }: ScoredPassage): readonly Procedure[] {
  const groups = new Map<number, readonly ScoredUnit[]>();
  for (const unit of units) {
    if (unit.kind === "step") groups.set(unit.group, [...(groups.get(unit.group) ?? []), unit]);
  }
  return [...groups.values()]
    .filter((steps) => steps.length >= MIN_PROCEDURE_STEPS)
    .map((steps) => {
      const scores = steps.map((step) => step.score).sort((left, right) => right - left);
      const score = ((scores[0] ?? 0) + (scores[1] ?? 0)) / 2 + (steps[0]?.headingOverlap ?? 0) / 2;
      return { steps, around: besideSteps(units, steps), score };
    });
}

/** The introduction just before, and what comes just after: mostly the result, or a warning. */
function besideSteps(units: readonly ScoredUnit[], steps: readonly ScoredUnit[]): readonly ScoredUnit[] {
  const first = steps[0]?.position ?? 0;
  const last = steps.at(-1)?.position ?? 0;
  return units.filter((unit) => {
    if (unit.kind !== "sentence" || unit.position === first - 1) return unit.kind === "sentence";
    return unit.position > last && unit.position <= last + 2 && unit.isWhole && !isIntroduction(unit);
  });
}

/** Steps first, as many as fit from the beginning; then warnings, the introduction, and what follows. */
function fitProcedure({ steps, around }: Procedure): Selection {
  let kept: readonly ScoredUnit[] = [];
  for (const step of steps) {
    if (wordsOf(kept) + step.words > WORD_BUDGET) break;
    kept = [...kept, step];
  }
  const isCut = kept.length < steps.length;
  const wanted = around.toSorted(
    (left, right) => Number(right.isWarning) - Number(left.isWarning) || right.score - left.score,
  );
  for (const unit of wanted) kept = withRoomFor(kept, [unit]);
  return { units: kept.toSorted((left, right) => left.position - right.position), isCut };
}

function wordsOf(units: readonly ScoredUnit[]): number {
  return units.reduce((sum, unit) => sum + unit.words, 0);
}
