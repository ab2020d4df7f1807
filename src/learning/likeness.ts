import { letterCosines } from "../answering/confidence/letter-cosines.js";
import { normalise } from "../answering/confidence/letter-groups.js";
import { logistic } from "../answering/confidence/logistic-regression.js";
import type { TakeTurns } from "../text/take-turns.js";
import type { SolvedQuestion } from "../ports/candidates.js";
import { languageOf, mainTerms } from "../text/analyze.js";
import type { GroupingRule } from "./grouping-rule.js";

/** Of one case, by its place, to all others. */
type Cosines = (place: number) => ArrayLike<number>;

/** How like each other cases are in what was asked, in what was answered, and in both together. */
export interface CaseCosines {
  readonly asked: Cosines;
  readonly answered: Cosines;
  readonly whole: Cosines;
}

/**
 * Both what was asked and what was answered count: people ask the same in words that have little in common.
 * @param background other things that customers write: a word that stands in many of them tells little
 */
export async function cosinesOf(
  solved: readonly SolvedQuestion[],
  background: readonly string[],
  takeTurns: TakeTurns,
): Promise<CaseCosines> {
  const others = await inTurns(background, takeTurns, (text) => mainTerms(text, languageOf(text)));
  const terms = await inTurns(solved, takeTurns, (one) => {
    const language = languageOf(wholeOf(one));
    return { answer: mainTerms(one.answer, language), whole: mainTerms(wholeOf(one), language) };
  });
  const asked = letterCosines([...solved.map(({ question }) => question), ...background].map(normalise));
  await takeTurns();
  const answered = termCosines(
    terms.map(({ answer }) => answer),
    others,
  );
  await takeTurns();
  const whole = termCosines(
    terms.map((one) => one.whole),
    others,
  );
  return { asked, answered, whole };
}

/** How sure it is that two handoffs were about the same thing, 0 to 1, by the place of the one for all others. */
export function likenessOf(
  { asked, answered, whole }: CaseCosines,
  count: number,
  rule: GroupingRule,
): (place: number) => Float64Array {
  return (place) => {
    const [questions, answers, both] = [asked(place), answered(place), whole(place)];
    return Float64Array.from({ length: count }, (_, other) =>
      logistic(
        rule.bias +
          rule.asked * (questions[other] ?? 0) +
          rule.answered * (answers[other] ?? 0) +
          rule.whole * (both[other] ?? 0),
      ),
    );
  };
}

/** In the order of the texts; everything else of the process has its turn meanwhile. */
export async function inTurns<Text, Read>(
  texts: readonly Text[],
  takeTurns: TakeTurns,
  read: (text: Text) => Read,
): Promise<readonly Read[]> {
  const found: Read[] = [];
  for (const text of texts) {
    found.push(read(text));
    await takeTurns();
  }
  return found;
}

type Terms = ReadonlySet<string>;

/** Cosines of texts by their terms, each weighed by how few of the texts hold it. */
function termCosines(terms: readonly Terms[], background: readonly Terms[]): (place: number) => readonly number[] {
  const all = [...terms, ...background];
  const counts = new Map<string, number>();
  for (const set of all) for (const term of set) counts.set(term, (counts.get(term) ?? 0) + 1);
  const vectors = terms.map((set) =>
    unitVector(set, (term) => Math.log(1 + all.length / ((counts.get(term) ?? 0) + 0.5))),
  );
  return (place) => {
    const own = vectors[place] ?? new Map<string, number>();
    return vectors.map((other) => [...other].reduce((sum, [term, weight]) => sum + weight * (own.get(term) ?? 0), 0));
  };
}

/** A question alone is often too short to tell its language. */
export function wholeOf({ question, answer }: SolvedQuestion): string {
  return `${question}\n${answer}`;
}

function unitVector(terms: Terms, weigh: (term: string) => number): ReadonlyMap<string, number> {
  const weighed = [...terms].map((term) => [term, weigh(term)] as const);
  const length = Math.sqrt(weighed.reduce((sum, [, weight]) => sum + weight ** 2, 0)) || 1;
  return new Map(weighed.map(([term, weight]) => [term, weight / length]));
}
