import { divide, unexplained, type Stretch } from "./alignment.js";
import { compare, type Comparison } from "./comparison.js";
import type { EvidenceDetails } from "./evidence.js";
import { ORDERS } from "./lexicon.js";
import { carries, readWords, type ReadWord } from "./reading.js";
import { departureIn, type Departure } from "./rules.js";
import { continues, inTime, isMarked, tellsOrder } from "./timeline.js";

/** Share of a claim's words that the sentences it comes from, with what stands around them, must have. */
const MIN_SHARE = 0.6;

/** Whether the sentences of a passage that say most of a claim say all of it. */
export function compareClosely(
  claim: string,
  evidence: EvidenceDetails,
): "supported" | "too-few-words" | "order" | Departure {
  const words = readWords(claim);
  const stretches = divide(words, evidence.sentences);
  const comparisons = stretches.map((stretch) => bestComparison(stretch, stretches, evidence));
  if (shareKnown(comparisons) < MIN_SHARE) return "too-few-words";
  const departure = comparisons.map(departureIn).find((found) => found !== null) ?? null;
  if (departure !== null) return departure;
  return isInOtherOrder(words, placesOf(stretches, comparisons, evidence)) ? "order" : "supported";
}

/** Where a claim stands among the steps of a procedure, or null. */
export interface StepPlace {
  readonly procedure: string;
  readonly step: number;
}

/** Whether a sentence says that it comes after the one before it. */
export function followsOn(sentence: string): boolean {
  return continues(readWords(sentence.slice(0, 40)));
}

export function stepOf(claim: string, evidence: EvidenceDetails): StepPlace | null {
  const words = readWords(claim);
  const first = divide(words, evidence.sentences)[0];
  const procedure = first === undefined ? null : (evidence.sentences[first.index]?.procedure ?? null);
  return first === undefined || procedure === null ? null : { procedure, step: first.index };
}

/** Two sentences may say a stretch equally well; it is enough that one of them says it. */
function bestComparison(stretch: Stretch, all: readonly Stretch[], evidence: EvidenceDetails): Comparison {
  const cost = unexplained(stretch.words, evidence.sentences[stretch.index]?.words ?? []);
  const others = evidence.sentences.flatMap(({ words }, index) =>
    index !== stretch.index && unexplained(stretch.words, words) <= cost ? index : [],
  );
  const first = compareWith(stretch, stretch.index, all, evidence);
  if (departureIn(first) === null) return first;
  const found = others.map((index) => compareWith(stretch, index, all, evidence));
  return found.find((comparison) => departureIn(comparison) === null) ?? first;
}

function compareWith(
  stretch: Stretch,
  index: number,
  all: readonly Stretch[],
  { sentences, heading }: EvidenceDetails,
): Comparison {
  const sentence = sentences[index];
  const beside = [index - 1, index + 1, ...all.map((other) => other.index)].filter((other) => other !== index);
  return compare(
    stretch.words,
    sentence?.words ?? [],
    [...heading, ...(sentence?.introduction ?? [])],
    [...new Set(beside)].flatMap((other) => sentences[other]?.words ?? []),
  );
}

function shareKnown(comparisons: readonly Comparison[]): number {
  let known = 0;
  let all = 0;
  for (const { claim, places, isAround } of comparisons) {
    claim.forEach((word, index) => {
      if (!carries(word)) return;
      all += 1;
      if ((places[index] ?? -1) >= 0 || isAround(word.key)) known += 1;
    });
  }
  // Single letters and grammar prove nothing.
  return all === 0 ? 0 : known / all;
}

interface Place {
  readonly sentence: number;
  readonly procedure: string | null;
  /** When it happens within its sentence. */
  readonly moment: number;
  /** Whether its sentence says that it comes before or after something. */
  readonly isMarked: boolean;
}

function placesOf(
  stretches: readonly Stretch[],
  comparisons: readonly Comparison[],
  { sentences }: EvidenceDetails,
): ReadonlyMap<ReadWord, Place> {
  const places = new Map<ReadWord, Place>();
  comparisons.forEach(({ claim, sentence, places: found }, at) => {
    const told = sentence.some(({ word }) => word === "then");
    const moments = new Map(
      inTime(sentence).flatMap((event, moment) => {
        const marked = isMarked(event) || ((told || isOrder(event)) && event.filter(carries).length > 1);
        return event.map((word) => [word, { moment, isMarked: marked }] as const);
      }),
    );
    const index = stretches[at]?.index ?? 0;
    claim.forEach((word, position) => {
      const beside = sentence[found[position] ?? -1];
      const moment = beside === undefined ? undefined : moments.get(beside);
      if (moment === undefined || !carries(word) || !isOneMoment(word.key, moments)) return;
      places.set(word, { sentence: index, procedure: sentences[index]?.procedure ?? null, ...moment });
    });
  });
  return places;
}

/** A word of two events ("click A, click B") tells neither. */
function isOneMoment(key: string, moments: ReadonlyMap<ReadWord, { readonly moment: number }>): boolean {
  return new Set([...moments].filter(([word]) => word.key === key).map(([, { moment }]) => moment)).size === 1;
}

function isInOtherOrder(words: readonly ReadWord[], places: ReadonlyMap<ReadWord, Place>): boolean {
  const events = inTime(words).flatMap((event) => placeOfEvent(event, places) ?? []);
  const tells = tellsOrder(words);
  return events.slice(1).some((later, index) => {
    const earlier = events[index];
    if (earlier === undefined) return false;
    if (earlier.sentence === later.sentence)
      return tells && (earlier.isMarked || later.isMarked) && later.moment < earlier.moment;
    return earlier.procedure !== null && earlier.procedure === later.procedure && later.sentence < earlier.sentence;
  });
}

/** Where most of what an event is told with stands. */
function placeOfEvent(event: readonly ReadWord[], places: ReadonlyMap<ReadWord, Place>): Place | null {
  const found = event.flatMap((word) => places.get(word) ?? []);
  if (found.length * 3 < event.filter(carries).length) return null;
  const counts = new Map<string, { place: Place; count: number }>();
  for (const place of found) {
    const key = `${String(place.sentence)}/${String(place.moment)}`;
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { place, count });
  }
  const [best] = [...counts.values()].sort((one, other) => other.count - one.count);
  return best?.place ?? null;
}

/** Orders are followed in the order in which they are given. */
function isOrder(event: readonly ReadWord[]): boolean {
  return ORDERS.has(event.find(carries)?.key ?? "");
}
