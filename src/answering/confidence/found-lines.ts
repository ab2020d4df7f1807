import type { Passage } from "../../ports/knowledge.js";
import { analyze } from "../../text/analyze.js";
import type { Language } from "../../text/stop-words.js";

/** A title, heading, other wording, sentence or item of what was found, as it is compared with the question. */
export interface FoundLine {
  /** Which of the different titles it belongs to; 0 is the first passage's. */
  readonly title: number;
  readonly text: string;
  readonly isHeading: boolean;
  readonly terms: ReadonlySet<string>;
}

export interface FoundLines {
  readonly lines: readonly FoundLine[];
  /**
   * How much a term tells the lines apart: its inverse document frequency with the lines as documents, as a share of an
   * absent term's, 0 to 1. It needs no statistics of the knowledge base, whose idf says little when it is small.
   */
  readonly rarity: (term: string) => number;
}

/** Of one passage as many lines are looked at. */
const MAX_LINES = 60;
const BREAKS = /\n+|\s\|\s|(?<=[.!?])\s+/u;

/** Passages of one title are one thing: several answers to a question do not compete with each other. */
export function linesOf(passages: readonly Passage[], language: Language): FoundLines {
  const titles = new Map<string, number>();
  const lines: FoundLine[] = [];
  for (const passage of passages) {
    const title = titles.get(passage.title) ?? titles.size;
    const headings = passage.headingPath.filter((heading) => heading !== passage.title);
    const add = (text: string, isHeading: boolean): void => {
      lines.push({ title, text, isHeading, terms: termsOf(text, language) });
    };
    if (!titles.has(passage.title)) add(passage.title, true);
    titles.set(passage.title, title);
    for (const heading of headings) add(heading, true);
    for (const line of bodyLines(passage)) add(line, false);
  }
  return { lines, rarity: rarityAmong(lines) };
}

/** The same passages come up for question after question: their lines are analysed once, this many of them. */
const MAX_REMEMBERED_LINES = 20_000;
const remembered = new Map<string, ReadonlySet<string>>();

function termsOf(text: string, language: Language): ReadonlySet<string> {
  const key = `${language} ${text}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED_LINES) remembered.clear();
  const terms = new Set(analyze(text, language).map((group) => group.term));
  remembered.set(key, terms);
  return terms;
}

function bodyLines({ variants, text }: Passage): readonly string[] {
  const lines = [...(variants ?? []), ...text.split(BREAKS)].map((line) => line.trim());
  return lines.filter((line) => line.length > 1).slice(0, MAX_LINES);
}

function rarityAmong(lines: readonly FoundLine[]): FoundLines["rarity"] {
  const counts = new Map<string, number>();
  for (const { terms } of lines) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  const idf = (count: number): number => Math.log(1 + lines.length / (count + 0.5));
  const most = idf(0);
  return (term) => idf(counts.get(term) ?? 0) / most;
}
