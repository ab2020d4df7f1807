import { LEANS_BACK, type ScoredPassage, type ScoredUnit, type Scoring } from "./extractive-scoring.js";

/** Words of a whole answer, and of one that is mostly a procedure. */
const WORD_BUDGET = 75;
const PROCEDURE_BUDGET = 78;
const MAX_SENTENCES = 5;
/** A further sentence must be worth at least this share of the best one. */
const WORTH_SAYING = 0.62;
const SAME_PASSAGE = 0.18;
const NEXT_TO_CHOSEN = 0.16;
/** Two sentences that share this much of their words say the same. */
const SAME_WORDS = 0.6;
const MIN_PROCEDURE_STEPS = 2;

/** What is quoted: in the order in which it is read, units of one list side by side. */
export interface Selection {
  readonly units: readonly ScoredUnit[];
  /** Whether the steps among them are a procedure from its first step on. */
  readonly isProcedure: boolean;
  /** A procedure did not fit: its last steps are missing. */
  readonly isCut: boolean;
}

export function selectUnits(scoring: Scoring): Selection {
  const procedure = scoring.profile.types.has("procedure") ? bestProcedure(scoring) : null;
  if (procedure !== null) return procedure;
  return { units: inReadingOrder(bestSentences(scoring)), isProcedure: false, isCut: false };
}

function bestSentences(scoring: Scoring): readonly ScoredUnit[] {
  const units = scoring.passages
    .flatMap((passage) => passage.units)
    .filter((unit) => unit.words <= WORD_BUDGET && unit.kind !== "code");
  const [anchor] = units.toSorted((left, right) => right.score - left.score);
  if (anchor === undefined) return [];
  let chosen: readonly ScoredUnit[] = [anchor];
  for (;;) {
    const next = nextSentence(units, chosen, anchor);
    if (next === null) return withContextBefore(chosen, units);
    chosen = [...chosen, next];
  }
}

function nextSentence(
  units: readonly ScoredUnit[],
  chosen: readonly ScoredUnit[],
  anchor: ScoredUnit,
): ScoredUnit | null {
  if (chosen.length >= MAX_SENTENCES) return null;
  const room = WORD_BUDGET - wordsOf(chosen);
  const candidates = units
    .filter((unit) => unit.words <= room && !chosen.some((other) => other === unit || saySame(unit, other)))
    .map((unit) => ({ unit, value: unit.score + bonus(unit, chosen, anchor) }))
    .filter(({ unit, value }) => value >= anchor.score * WORTH_SAYING && !unit.text.endsWith(":"))
    .sort((left, right) => right.value - left.value);
  return candidates[0]?.unit ?? null;
}

function bonus(unit: ScoredUnit, chosen: readonly ScoredUnit[], anchor: ScoredUnit): number {
  const near = chosen.some(
    (other) => other.passage === unit.passage && other.group === unit.group && other.position === unit.position - 1,
  );
  return (unit.passage === anchor.passage ? SAME_PASSAGE : 0) + (near ? NEXT_TO_CHOSEN : 0);
}

function saySame(unit: ScoredUnit, other: ScoredUnit): boolean {
  const smaller = Math.min(unit.stems.size, other.stems.size);
  if (smaller === 0) return unit.text === other.text;
  let shared = 0;
  for (const stem of unit.stems) if (other.stems.has(stem)) shared += 1;
  return shared / smaller >= SAME_WORDS && unit.passage !== other.passage;
}

/** A sentence that opens with "This" or "However" is quoted with the one before it, where there is room. */
function withContextBefore(chosen: readonly ScoredUnit[], units: readonly ScoredUnit[]): readonly ScoredUnit[] {
  return chosen.reduce<readonly ScoredUnit[]>((all, unit) => {
    if (!LEANS_BACK.test(unit.text)) return all;
    const before = units.find((other) => other.passage === unit.passage && other.position === unit.position - 1);
    if (before === undefined || all.includes(before) || before.text.endsWith(":")) return all;
    return wordsOf(all) + before.words <= WORD_BUDGET ? [...all, before] : all;
  }, chosen);
}

/** The passage of the best sentence first; inside a passage as in the document. */
function inReadingOrder(chosen: readonly ScoredUnit[]): readonly ScoredUnit[] {
  const order = [...new Set(chosen.map((unit) => unit.passage))];
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

/** The steps that answer a how-to question, when they do so better than any sentence. */
function bestProcedure({ passages }: Scoring): Selection | null {
  const procedures = passages.flatMap(proceduresOf).sort((left, right) => right.score - left.score);
  const [best] = procedures;
  if (best === undefined) return null;
  const bestSentence = Math.max(
    ...passages.flatMap(({ units }) => units.filter((unit) => unit.kind !== "step").map((unit) => unit.score)),
    0,
  );
  return best.score >= bestSentence * 0.8 ? fitProcedure(best) : null;
}

function proceduresOf({ units, headingOverlap }: ScoredPassage): readonly Procedure[] {
  const groups = new Map<number, ScoredUnit[]>();
  for (const unit of units) if (unit.kind === "step") groups.set(unit.group, [...(groups.get(unit.group) ?? []), unit]);
  return [...groups.values()]
    .filter((steps) => steps.length >= MIN_PROCEDURE_STEPS)
    .map((steps) => {
      const scores = steps.map((step) => step.score).sort((left, right) => right - left);
      const score = ((scores[0] ?? 0) + (scores[1] ?? 0)) / 2 + 0.5 * headingOverlap;
      return { steps, around: besideSteps(units, steps), score };
    });
}

/** The introduction just before, warnings and what happens in the end just after. */
function besideSteps(units: readonly ScoredUnit[], steps: readonly ScoredUnit[]): readonly ScoredUnit[] {
  const first = steps[0]?.position ?? 0;
  const last = steps.at(-1)?.position ?? 0;
  return units.filter(
    (unit) =>
      (unit.position === first - 1 && unit.kind === "sentence") ||
      (unit.position > last && unit.position <= last + 2 && unit.kind === "sentence"),
  );
}

/** Steps first, as many as fit from the beginning; then warnings, the introduction, and what follows. */
function fitProcedure({ steps, around }: Procedure): Selection {
  const kept: ScoredUnit[] = [];
  for (const step of steps) {
    if (wordsOf(kept) + step.words > PROCEDURE_BUDGET) break;
    kept.push(step);
  }
  const isCut = kept.length < steps.length;
  const wanted = around.toSorted(
    (left, right) => Number(right.isWarning) - Number(left.isWarning) || right.score - left.score,
  );
  for (const unit of wanted) {
    if (wordsOf(kept) + unit.words <= PROCEDURE_BUDGET) kept.push(unit);
  }
  return { units: kept.toSorted((left, right) => left.position - right.position), isProcedure: true, isCut };
}

function wordsOf(units: readonly ScoredUnit[]): number {
  return units.reduce((sum, unit) => sum + unit.words, 0);
}
