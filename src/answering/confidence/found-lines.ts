import type { Passage } from "../../ports/knowledge.js";
import { mainTerms } from "../../text/analyze.js";
import type { Language } from "../../text/stop-words.js";
import { normalise } from "./letter-groups.js";

/** A title, heading, other wording, sentence or item of what was found, as it is compared with the question. */
export interface FoundLine {
  /** Which of the different titles it belongs to; 0 is the first passage's. */
  readonly title: number;
  readonly isHeading: boolean;
  readonly terms: ReadonlySet<string>;
  /** Its beginning as letters are compared. */
  readonly normalised: string;
}

export interface FoundLines {
  readonly lines: readonly FoundLine[];
  /**
   * How much a term tells the lines apart: its inverse document frequency with the lines as documents, as a share of an
   * absent term's, 0 to 1. It needs no statistics of the knowledge base, whose idf says little when it is small.
   */
  readonly rarity: (term: string) => number;
  /** Whether any of the lines has it. */
  readonly holds: (term: string) => boolean;
  /** How like the terms are others: the cosine of both, each term weighed by its rarity. 0 to 1. */
  readonly cosineTo: (terms: ReadonlySet<string>) => (others: ReadonlySet<string>) => number;
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
    const add = (line: string, isHeading: boolean): void => {
      lines.push({ title, isHeading, terms: mainTerms(line, language), normalised: normalise(line) });
    };
    if (!titles.has(passage.title)) add(passage.title, true);
    titles.set(passage.title, title);
    for (const heading of headings) add(heading, true);
    for (const line of bodyLines(passage)) add(line, false);
  }
  return { lines, ...countTerms(lines) };
}

function bodyLines({ variants = [], text }: Passage): readonly string[] {
  const lines = [...variants, ...text.split(BREAKS)].map((line) => line.trim());
  return lines.filter((line) => line.length > 1).slice(0, MAX_LINES);
}

function countTerms(lines: readonly FoundLine[]): Pick<FoundLines, "rarity" | "holds" | "cosineTo"> {
  const counts = new Map<string, number>();
  for (const { terms } of lines) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  const idf = (count: number): number => Math.log(1 + lines.length / (count + 0.5));
  const most = idf(0);
  const rarity = (term: string): number => idf(counts.get(term) ?? 0) / most;
  return { rarity, holds: (term) => counts.has(term), cosineTo: cosineBy(rarity) };
}

function cosineBy(rarity: FoundLines["rarity"]): FoundLines["cosineTo"] {
  const lengths = new Map<ReadonlySet<string>, number>();
  const lengthOf = (terms: ReadonlySet<string>): number => {
    const known = lengths.get(terms);
    if (known !== undefined) return known;
    let squares = 0;
    for (const term of terms) squares += rarity(term) ** 2;
    lengths.set(terms, Math.sqrt(squares));
    return Math.sqrt(squares);
  };
  return (terms) => {
    const weights = [...terms].map((term) => [term, rarity(term) ** 2] as const);
    return (others) => {
      let shared = 0;
      for (const [term, weight] of weights) if (others.has(term)) shared += weight;
      return shared === 0 ? 0 : shared / (lengthOf(terms) * lengthOf(others));
    };
  };
}
