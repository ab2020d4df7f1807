import { languageOf } from "../../text/analyze.js";
import type { Language } from "../../text/stop-words.js";
import type { PackedPassage } from "../stages/pack.js";
import { splitQuotable } from "../text/sentences.js";
import { contentStems, contentWordsAndParts } from "../text/words.js";
import { exactTokens, isNegated, numbersIn, oppositesIn } from "./facts.js";
import { readWords, type ReadWord } from "./reading.js";

/** One sentence, list item or table row of a passage, ready to be compared with. */
export interface EvidenceSentence {
  readonly text: string;
  readonly stems: ReadonlySet<string>;
  readonly isNegated: boolean;
  readonly opposites: ReadonlySet<string>;
  readonly words: readonly ReadWord[];
  /** What introduces it: the header of its table, the sentence before its list. */
  readonly introduction: readonly ReadWord[];
  /** The same for all steps of one numbered list; null outside of one. */
  readonly procedure: string | null;
}

/** What a passage is taken apart into when a sentence is not a plain quote from it. */
export interface EvidenceDetails {
  /** What its words are stemmed in. */
  readonly language: Language;
  /** Whether much of it is in a script that is written without spaces between words. */
  readonly hasUnspaced: boolean;
  readonly stems: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
  /** Addresses, codes and paths, lower case, whole. */
  readonly exact: ReadonlySet<string>;
  readonly sentences: readonly EvidenceSentence[];
  readonly heading: readonly ReadWord[];
}

/** A passage as proof. Everything is made on first use. */
export interface Evidence {
  readonly number: number;
  /** Its whole text, normalised. */
  normalised(): string;
  /** Whether this is, normalised, one of its sentences, list items or table rows, whole. */
  quotes(normalisedSentence: string): boolean;
  details(): EvidenceDetails;
}

export function evidenceOf({ number, prompt }: PackedPassage): Evidence {
  const heading = [prompt.title, ...prompt.headingPath].join("\n");
  const parts = once(() => partsOf(prompt.text));
  const normalised = once(() => normalise(prompt.text));
  const quotable = once(() => new Set(parts().map((part) => normalise(part.text))));
  return {
    number,
    normalised,
    quotes: (sentence) => quotable().has(sentence),
    details: once(() => detailsOf(number, heading, stripMarkup(prompt.text), parts())),
  };
}

/** Most passages are never looked into: a quote is proved by the one it names. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Passages that are cited together prove together what none of them says alone. */
export function combineEvidence(passages: readonly Evidence[]): Evidence {
  return {
    number: passages[0]?.number ?? 0,
    normalised: once(() => passages.map((evidence) => evidence.normalised()).join("\n")),
    quotes: (sentence) => passages.some((evidence) => evidence.quotes(sentence)),
    details: () => combineDetails(passages.map((evidence) => evidence.details())),
  };
}

function combineDetails(all: readonly EvidenceDetails[]): EvidenceDetails {
  const union = (pick: (details: EvidenceDetails) => ReadonlySet<string>): ReadonlySet<string> =>
    new Set(all.flatMap((details) => [...pick(details)]));
  return {
    language: all[0]?.language ?? "english",
    hasUnspaced: all.some((details) => details.hasUnspaced),
    stems: union((details) => details.stems),
    words: union((details) => details.words),
    numbers: union((details) => details.numbers),
    exact: union((details) => details.exact),
    sentences: all.flatMap((details) => details.sentences),
    heading: all.flatMap((details) => details.heading),
  };
}

/** The words as read aloud: markup, punctuation at the edges, case and spacing do not count. */
export function normalise(text: string): string {
  return stripMarkup(text).normalize("NFKC").toLowerCase().replaceAll("’", "'").replaceAll(/\s+/gu, " ").trim();
}

/** Markdown's marks without its words. Link targets go: an address counts only where a reader sees it. */
function stripMarkup(text: string): string {
  return text
    .replaceAll(/!?\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/gu, "$1")
    .replaceAll(/(?<![\p{L}\p{N}])[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?![\p{L}\p{N}])|`+/gu, "")
    .replaceAll(/^[ \t]*(?:#{1,6}|>|[-*+]|\d{1,9}[.)])[ \t]+/gmu, "")
    .replaceAll(/\\([\\`*_{}[\]()#+.!|<>~-])/gu, "$1");
}

interface PassagePart {
  readonly text: string;
  /** The header above a table row, the sentence that introduces a list. */
  readonly context: string;
  readonly isRow: boolean;
  /** Which numbered list it is a step of, counted from 1; 0 outside of one. */
  readonly procedure: number;
}

const ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]/u;
const STEP = /^\d{1,9}[.)][ \t]/u;

function partsOf(text: string): readonly PassagePart[] {
  const parts: PassagePart[] = [];
  let tableHeader = "";
  let introduction = "";
  let procedure = 0;
  let isInProcedure = false;
  for (const { text: block, isIndented } of blocksOf(text)) {
    const isRow = block.startsWith("|");
    if (isRow && tableHeader === "") tableHeader = block;
    if (!isRow) tableHeader = "";
    const isItem = ITEM.test(block);
    const isStep = STEP.test(block) && !isIndented;
    if (isStep && !isInProcedure) procedure += 1;
    if (!isIndented) isInProcedure = isStep;
    const sentences = isRow ? [block] : splitQuotable(stripMarkup(block).replaceAll(/\s+/gu, " "));
    const context = isRow ? tableHeader : isItem ? introduction : "";
    for (const sentence of sentences)
      parts.push({ text: sentence, context, isRow, procedure: isInProcedure ? procedure : 0 });
    if (!isItem && !isRow) introduction = /[:：]$/u.test(sentences.at(-1) ?? "") ? (sentences.at(-1) ?? "") : "";
  }
  return parts;
}

/** Paragraphs, list items and table rows: sentences never run from one into the next. */
function blocksOf(text: string): readonly { readonly text: string; readonly isIndented: boolean }[] {
  return text
    .split(/\n[ \t]*\n|\n(?=[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t])|\n(?=\|)|(?<=\|)\n/u)
    .map((block) => ({ text: block.trim(), isIndented: /^\n*[ \t]{2,}/u.test(block) }))
    .filter((block) => block.text !== "");
}

const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]{2}/u;

function detailsOf(number: number, heading: string, text: string, parts: readonly PassagePart[]): EvidenceDetails {
  const whole = `${heading}\n${text}`;
  const language = languageOf(whole);
  const headingStems = contentStems(heading, language);
  const sentences = parts.map((part) => ({
    text: part.isRow ? `${part.context} ${part.text}` : part.text,
    stems: new Set([
      ...contentStems(part.isRow ? `${part.text} ${part.context}` : part.text, language),
      ...headingStems,
    ]),
    isNegated: isNegated(part.text),
    opposites: oppositesIn(part.text),
    words: readWords(part.text),
    introduction: readWords(part.context),
    procedure: part.procedure === 0 ? null : `${String(number)}.${String(part.procedure)}`,
  }));
  return {
    language,
    hasUnspaced: UNSPACED.test(whole),
    stems: new Set([...headingStems, ...sentences.flatMap((sentence) => [...sentence.stems])]),
    words: new Set(contentWordsAndParts(whole)),
    numbers: numbersIn(whole),
    exact: exactTokens(whole),
    sentences,
    heading: readWords(heading),
  };
}
