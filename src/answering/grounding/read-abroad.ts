import type { Language } from "../../text/stop-words.js";
import { contentStems } from "../text/words.js";
import { amountsIn, countsInOtherUnit } from "./amounts.js";
import type { EvidenceSentence } from "./evidence.js";
import { negationsIn } from "./facts.js";
import { isReadForRestrictions, restrictionsIn, type Restriction } from "./restrictions.js";

export type AbroadDeparture = "unknown-number" | "unit" | "negation" | "condition";

/** A sentence of a passage that a claim may come from, with those around it. */
export interface Candidate {
  readonly middle: EvidenceSentence;
  readonly around: readonly EvidenceSentence[];
}

/**
 * What a claim in a language other than English says otherwise than every sentence that it may come from; null where one of
 * them says the same, and for languages that have no lists of words.
 */
export function departureAbroad(
  claim: string,
  candidates: readonly Candidate[],
  language: Language,
): AbroadDeparture | null {
  if (!isReadForRestrictions(language)) return null;
  const departures = candidates.map((candidate) => departureFrom(claim, candidate, language));
  const [first = null] = departures;
  return departures.includes(null) ? null : first;
}

function departureFrom(claim: string, { middle, around }: Candidate, language: Language): AbroadDeparture | null {
  const said = amountsIn(claim);
  const near = amountsIn([middle, ...around].map(({ text }) => text).join("\n"));
  if ([...said.numbers].some((number) => !near.numbers.has(number))) return "unknown-number";
  if (countsInOtherUnit(said, near, amountsIn(middle.text))) return "unit";
  if (isNearlyTheSame(claim, middle.text, language) && negationsIn(claim) !== negationsIn(middle.text))
    return "negation";
  return restrictsOtherwise(claim, middle.text, language) ? "condition" : null;
}

/** So few words may differ where one "not" more or less is a change. */
const MOST_OTHER_WORDS = 2;

function isNearlyTheSame(claim: string, sentence: string, language: Language): boolean {
  const said = new Set(contentStems(claim, language));
  const meant = new Set(contentStems(sentence, language));
  const others =
    [...said].filter((stem) => !meant.has(stem)).length + [...meant].filter((stem) => !said.has(stem)).length;
  return others <= MOST_OTHER_WORDS && said.size > MOST_OTHER_WORDS;
}

/** What may not be said where the sentence does not say it. */
const ADDED: readonly Restriction[] = ["only", "unless", "always", "sometimes", "lower", "upper", "all", "some"];
/** What may not be left out where what it is said of is kept. */
const DROPPED: readonly Restriction[] = ["only", "unless", "lower", "upper"];
const CONTRARY: readonly (readonly [Restriction, Restriction])[] = [
  ["must", "may"],
  ["may", "must"],
];

function restrictsOtherwise(claim: string, sentence: string, language: Language): boolean {
  const said = restrictionsIn(claim, language);
  const meant = restrictionsIn(sentence, language);
  const has = (found: typeof said, name: Restriction): boolean => (found.get(name) ?? []).length > 0;
  if (ADDED.some((name) => has(said, name) && !has(meant, name))) return true;
  if (has(said, "if") && !has(meant, "if") && !has(meant, "unless")) return true;
  if (CONTRARY.some(([one, other]) => has(said, one) && !has(said, other) && has(meant, other) && !has(meant, one)))
    return true;
  const stems = new Set(contentStems(claim, language));
  return DROPPED.some((name) => {
    if (has(said, name)) return false;
    return (meant.get(name) ?? []).some((end) => {
      const [head] = contentStems(sentence.slice(end), language);
      return head !== undefined && stems.has(head);
    });
  });
}
