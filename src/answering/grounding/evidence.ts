import { languageOf } from "../../text/analyze.js";
import type { Language } from "../../text/stop-words.js";
import type { PackedPassage } from "../stages/pack.js";
import { splitSentences } from "../text/sentences.js";
import { contentStems, contentWordsOf } from "../text/words.js";
import { exactTokens, isNegated, numbersIn, oppositesIn } from "./facts.js";

/** One sentence, list item or table row of a passage, ready to be compared with. */
export interface EvidenceSentence {
  readonly normalised: string;
  readonly stems: ReadonlySet<string>;
  readonly isNegated: boolean;
  readonly opposites: ReadonlySet<string>;
}

/** A passage as proof: what it says, sentence by sentence, and the things that must not be made up. */
export interface Evidence {
  readonly number: number;
  /** What its words are stemmed in. */
  readonly language: Language;
  readonly stems: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
  /** Addresses, codes and paths, lower case, whole. */
  readonly exact: ReadonlySet<string>;
  readonly sentences: readonly EvidenceSentence[];
  readonly normalised: string;
}

export function evidenceOf({ number, prompt }: PackedPassage): Evidence {
  const heading = [prompt.title, ...prompt.headingPath].join(" \n ");
  const whole = `${heading}\n${stripMarkup(prompt.text)}`;
  const language = languageOf(whole);
  return {
    number,
    language,
    stems: new Set(contentStems(whole, language)),
    words: new Set(contentWordsOf(whole)),
    numbers: numbersIn(whole),
    exact: exactTokens(whole),
    sentences: sentencesOf(prompt.text, heading, language),
    normalised: normalise(prompt.text),
  };
}

/** Passages that are cited together prove together what none of them says alone. */
export function combineEvidence(passages: readonly Evidence[]): Evidence {
  const union = (pick: (evidence: Evidence) => Iterable<string>): ReadonlySet<string> =>
    new Set(passages.flatMap((evidence) => [...pick(evidence)]));
  return {
    number: passages[0]?.number ?? 0,
    language: passages[0]?.language ?? "english",
    stems: union((evidence) => evidence.stems),
    words: union((evidence) => evidence.words),
    numbers: union((evidence) => evidence.numbers),
    exact: union((evidence) => evidence.exact),
    sentences: passages.flatMap((evidence) => evidence.sentences),
    normalised: passages.map((evidence) => evidence.normalised).join("\n"),
  };
}

/** The words as read aloud: markup, punctuation at the edges, case and spacing do not count. */
export function normalise(text: string): string {
  return stripMarkup(text).normalize("NFKC").toLowerCase().replaceAll("’", "'").replaceAll(/\s+/gu, " ").trim();
}

/** Markdown's marks without its words. Link targets go: an address counts only where a reader sees it. */
export function stripMarkup(text: string): string {
  return text
    .replaceAll(/!?\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/gu, "$1")
    .replaceAll(/(?<![\p{L}\p{N}])[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?![\p{L}\p{N}])|`+/gu, "")
    .replaceAll(/^[ \t]*(?:#{1,6}|>|[-*+]|\d{1,9}[.)])[ \t]+/gmu, "")
    .replaceAll(/\\([\\`*_{}[\]()#+.!|<>~-])/gu, "$1");
}

function sentencesOf(text: string, heading: string, language: Language): readonly EvidenceSentence[] {
  const sentences: EvidenceSentence[] = [];
  let tableHeader = "";
  for (const block of blocksOf(text)) {
    const isRow = block.startsWith("|");
    if (isRow && tableHeader === "") tableHeader = block;
    if (!isRow) tableHeader = "";
    const parts = isRow ? [block] : splitSentences(stripMarkup(block).replaceAll(/\s+/gu, " "));
    for (const part of parts)
      sentences.push(evidenceSentence(part, isRow ? `${heading} ${tableHeader}` : heading, language));
  }
  return sentences;
}

function evidenceSentence(text: string, context: string, language: Language): EvidenceSentence {
  return {
    normalised: normalise(text),
    stems: new Set([...contentStems(text, language), ...contentStems(context, language)]),
    isNegated: isNegated(text),
    opposites: oppositesIn(text),
  };
}

/** Paragraphs, list items and table rows: sentences never run from one into the next. */
function blocksOf(text: string): readonly string[] {
  return text
    .split(/\n[ \t]*\n|\n(?=[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t])|\n(?=\|)|(?<=\|)\n/u)
    .map((block) => block.trim())
    .filter((block) => block !== "");
}
