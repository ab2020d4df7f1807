import type { Language } from "../../text/stop-words.js";
import { contentStems } from "../text/words.js";
import type { EvidenceSentence } from "./evidence.js";

const THEN_WORDS =
  "(?:und |et |y |e |en )?(?:dann|danach|anschließend|puis|ensuite|luego|después(?! de)|a continuación|depois(?! de)|em seguida|poi|quindi|daarna|vervolgens)";
const BEFORE_WORDS = "bevor|avant (?:de|que)|antes de|prima di|voordat";

/** Before what comes next in time. */
const THEN = new RegExp(
  `[,;.]?\\s*(?<![\\p{L}\\p{N}])(?:${THEN_WORDS}|${BEFORE_WORDS})(?![\\p{L}\\p{N}]),?\\s*`,
  "giu",
);
/** Between what could be two sentences. */
const NEW_THOUGHT = new RegExp(`;\\s+|[,;.]\\s*${THEN_WORDS}(?![\\p{L}\\p{N}]),?\\s*`, "giu");
/** When something holds, before or behind it. */
const CONDITION =
  /^(?:si|wenn|falls|cuando|lorsque|quand|se|als|indien)(?![\p{L}\p{N}])[^,]*,|,?\s(?:si|wenn|falls|cuando|lorsque|quand|se|als|indien)(?![\p{L}\p{N}]).*$/giu;
/** At the beginning: what follows up to the comma comes first. */
const FIRST =
  /^(?:nachdem|après (?:avoir|être)|después de|depois de|dopo (?:aver|esser)\p{L}*|nadat)(?![\p{L}\p{N}])[^,]*,/iu;

/** The thoughts of a claim that each come from a sentence of their own; what has few words stays with the others. */
export function thoughtsOf(claim: string, language: Language): readonly string[] {
  const parts = claim.split(NEW_THOUGHT);
  return parts.some((part) => contentStems(part, language).length < MIN_WORDS) ? [claim] : parts;
}

const MIN_WORDS = 2;

/** Whether a claim puts what happens in another order than the sentences that it comes from. */
export function isToldInOtherOrder(claim: string, sentences: readonly EvidenceSentence[], language: Language): boolean {
  const places = eventsOf(claim).map((event) => placeOf(event, sentences, language));
  return places.slice(1).some((later, index) => {
    const earlier = places[index];
    if (later === null || earlier === null || earlier === undefined) return false;
    if (earlier.sentence !== later.sentence) return isEarlierStep(later, earlier, sentences);
    return tellsOrder(sentences[later.sentence]?.text ?? "") && later.at < earlier.at;
  });
}

interface Place {
  readonly sentence: number;
  readonly at: number;
}

function isEarlierStep(one: Place, other: Place, sentences: readonly EvidenceSentence[]): boolean {
  const procedure = sentences[one.sentence]?.procedure ?? null;
  return procedure !== null && procedure === sentences[other.sentence]?.procedure && one.sentence < other.sentence;
}

function eventsOf(text: string): readonly string[] {
  const first = FIRST.exec(text);
  const parts = first === null ? [text] : [first[0], text.slice(first[0].length)];
  return parts
    .flatMap((part) => part.split(THEN))
    .map((part) => part.replaceAll(CONDITION, " "))
    .filter((part) => part.trim() !== "");
}

function tellsOrder(text: string): boolean {
  return eventsOf(text).length > 1;
}

/** The sentence that has most of an event's words, and where they stand in it; null where none has most of them. */
function placeOf(event: string, sentences: readonly EvidenceSentence[], language: Language): Place | null {
  const stems = [...new Set(contentStems(event, language))];
  let best: (Place & { readonly count: number }) | null = null;
  for (const [sentence, { text }] of sentences.entries()) {
    const order = contentStems(text, language);
    const positions = stems.map((stem) => order.indexOf(stem)).filter((position) => position >= 0);
    if (positions.length * 2 < stems.length || positions.length <= (best?.count ?? 1)) continue;
    const at = positions.reduce((sum, position) => sum + position, 0) / positions.length;
    best = { sentence, at, count: positions.length };
  }
  return best;
}
