import { stemWord } from "../../text/stem.js";
import { contentStems, contentWordsOf } from "../text/words.js";
import type { Evidence, EvidenceDetails, EvidenceSentence } from "./evidence.js";
import { normalise } from "./evidence.js";
import { compareClosely } from "./closely.js";
import { claimedNumbers, contradict, exactTokens, isNegated, oppositesIn } from "./facts.js";
import { departureAbroad } from "./read-abroad.js";
import { isReadForRestrictions } from "./restrictions.js";
import type { Departure } from "./rules.js";
import { isToldInOtherOrder, thoughtsOf } from "./sequence.js";

export type Verdict = "supported" | "no-claim" | UnsupportedBecause;

/** Why a sentence may not be said, in the order in which it is tested. */
export type UnsupportedBecause = "unknown-token" | "too-few-words" | "order" | Departure;

/** Share of a sentence's content words that its passage must have, anywhere. */
const MIN_PASSAGE_SHARE = 0.6;
/** And in one sentence of it with its neighbours: words gathered from all over prove nothing. */
const MIN_LOCAL_SHARE = 0.5;
/** Sentences of the passage this close to the best match are taken to be about the same. */
const SAME_MATTER = 0.12;
/** Languages that capitalise nouns, and headlines, would make every word a name. */
const MAX_NAME_SHARE = 0.4;

/** Whether a passage says what `sentence` (plain text, without citation marks) says. */
export function verdictOn(sentence: string, evidence: Evidence): Verdict {
  const normalised = normalise(sentence);
  if (normalised === "") return "no-claim";
  // Whole sentences only: a part of one may leave out its "not".
  if (evidence.quotes(normalised)) return "supported";
  const details = evidence.details();
  if ([...exactTokens(sentence)].some((token) => !details.exact.has(token))) return "unknown-token";
  if (claimedNumbers(sentence).some((number) => !details.numbers.has(number))) return "unknown-number";
  const stems = new Set(contentStems(sentence, details.language));
  if (stems.size === 0) return isNegated(sentence) || isBareYes(normalised) ? "too-few-words" : "no-claim";
  if (hasUnknownName(sentence, details)) return "unknown-name";
  if (isIntroduction(sentence, stems.size)) return "no-claim";
  if (isReadClosely(details)) return compareClosely(sentence, details);
  if (share(stems, details.stems) < MIN_PASSAGE_SHARE) return "too-few-words";
  return isReadForRestrictions(details.language) ? verdictAbroad(sentence, details) : localVerdict(sentence, details);
}

function verdictAbroad(sentence: string, details: EvidenceDetails): Verdict {
  const verdicts = thoughtsOf(sentence, details.language).map((thought) => localVerdict(thought, details));
  const against = verdicts.find((verdict) => verdict !== "supported");
  if (against !== undefined) return against;
  return isToldInOtherOrder(sentence, details.sentences, details.language) ? "order" : "supported";
}

/** The rules that look word by word know English; whatever is written without spaces has no words for them. */
function isReadClosely(details: EvidenceDetails): boolean {
  return details.language === "english" && !details.hasUnspaced;
}

function isBareYes(normalised: string): boolean {
  return /^(?:yes|ja|oui|sí|sim|sì|correct|right|of course|certainly)[.!,]?$/u.test(normalised);
}

/** "Follow these steps:" says nothing that could be wrong. */
function isIntroduction(sentence: string, contentWords: number): boolean {
  return /[:：]\s*$/u.test(sentence) && contentWords <= 3 && !isNegated(sentence);
}

function localVerdict(sentence: string, { sentences, language }: EvidenceDetails): Verdict {
  const stems = new Set(contentStems(sentence, language));
  const windows = sentences.map((middle, index) => {
    const around = sentences.slice(Math.max(0, index - 1), index + 2);
    return { middle, around, share: share(stems, joined(around)), own: share(stems, middle.stems) };
  });
  if (windows.every((window) => window.share < MIN_LOCAL_SHARE)) return "too-few-words";
  const best = Math.max(...windows.map((window) => window.own));
  const sameMatter = windows.filter((window) => window.own >= best - SAME_MATTER);
  const polarity = isNegated(sentence);
  if (sameMatter.every(({ middle }) => middle.isNegated !== polarity)) return "negation";
  const opposites = oppositesIn(sentence);
  if (sameMatter.every(({ middle }) => contradict(opposites, middle.opposites))) return "opposite";
  return departureAbroad(sentence, sameMatter, language) ?? "supported";
}

function joined(sentences: readonly EvidenceSentence[]): ReadonlySet<string> {
  return new Set(sentences.flatMap((sentence) => [...sentence.stems]));
}

function share(stems: ReadonlySet<string>, of: ReadonlySet<string>): number {
  if (stems.size === 0) return 1;
  let found = 0;
  for (const stem of stems) if (of.has(stem)) found += 1;
  return found / stems.size;
}

/** A capitalised word in the middle of a sentence that the passage does not have. */
function hasUnknownName(sentence: string, evidence: EvidenceDetails): boolean {
  const words = sentence.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu) ?? [];
  const names = words.slice(1).filter((word) => /^\p{Lu}/u.test(word) && word !== "I");
  if (names.length > words.length * MAX_NAME_SHARE) return false;
  return names.some((name) => contentWordsOf(name).some((word) => !isKnown(word, evidence)));
}

function isKnown(word: string, evidence: EvidenceDetails): boolean {
  return evidence.words.has(word) || evidence.stems.has(stemWord(word, evidence.language));
}
