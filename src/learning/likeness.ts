import { letterCosines } from "../answering/confidence/letter-cosines.js";
import { normalise } from "../answering/confidence/letter-groups.js";
import type { TakeTurns } from "../text/take-turns.js";
import type { SolvedQuestion } from "../ports/candidates.js";
import { languageOf, mainTerms } from "../text/analyze.js";

/**
 * How sure it is that two handoffs were about the same thing, 0 to 1, by the place of the one for all others. Both what was
 * asked and what was answered count: people ask the same in words that have little in common.
 * @param background other things that customers write: a word that stands in many of them tells little
 */
export async function likenessOf(
  solved: readonly SolvedQuestion[],
  background: readonly string[],
  takeTurns: TakeTurns,
): Promise<(place: number) => readonly number[]> {
  const others = await inTurns(background, takeTurns, (text) => mainTerms(text, languageOf(text)));
  const terms = await inTurns(solved, takeTurns, (one) => {
    const language = languageOf(wholeOf(one));
    return { answer: mainTerms(one.answer, language), whole: mainTerms(wholeOf(one), language) };
  });
  const questions = letterCosines([...solved.map(({ question }) => question), ...background].map(normalise));
  await takeTurns();
  const answers = termCosines(
    terms.map(({ answer }) => answer),
    others,
  );
  await takeTurns();
  const wholes = termCosines(
    terms.map(({ whole }) => whole),
    others,
  );
  return (place) => {
    const [asked, answered, whole] = [questions(place), answers(place), wholes(place)];
    return solved.map((_, other) => sureness(asked[other] ?? 0, answered[other] ?? 0, whole[other] ?? 0));
  };
}

async function inTurns<Text, Read>(
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

/** Logistic regression on pairs of handoffs made from every second thread of StackFAQ: see decision 19. */
const WEIGHTS = { asked: 14.9, answered: 6.4, whole: 9.5, bias: -4.8 } as const;

function sureness(asked: number, answered: number, whole: number): number {
  const { bias } = WEIGHTS;
  return 1 / (1 + Math.exp(-(bias + WEIGHTS.asked * asked + WEIGHTS.answered * answered + WEIGHTS.whole * whole)));
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
function wholeOf({ question, answer }: SolvedQuestion): string {
  return `${question}\n${answer}`;
}

function unitVector(terms: Terms, weigh: (term: string) => number): ReadonlyMap<string, number> {
  const weighed = [...terms].map((term) => [term, weigh(term)] as const);
  const length = Math.sqrt(weighed.reduce((sum, [, weight]) => sum + weight ** 2, 0)) || 1;
  return new Map(weighed.map(([term, weight]) => [term, weight / length]));
}
