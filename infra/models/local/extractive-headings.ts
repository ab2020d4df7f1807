import type { PromptPassage } from "../../../src/ports/models.js";
import type { QuoteUnit } from "./extractive-units.js";

/** For each word of the question the share of the question that a text carries. */
type Coverage = readonly number[];
type CoverageOf = (text: string) => Coverage;

interface PassageUnits {
  readonly passage: PromptPassage;
  readonly units: readonly QuoteUnit[];
}

/** What the title says of a section that has a word in its text, where another one has it in its heading. */
const ONLY_MENTIONED = 0.5;

/**
 * What of the question the title and the headings over a unit carry. The title stands over every section of a document: a
 * word of it that the heading of one section names speaks for the sections that have it, and for no other. So "reset my
 * password" is not answered from "Before you give it away" because the page is called "Restart, password reset and factory reset".
 */
export function createHeadingsOver(
  passages: readonly PassageUnits[],
  coverageOf: CoverageOf,
): (unit: QuoteUnit) => Coverage {
  const named = new Map<string, Coverage>();
  const said = new Map<string, Coverage>();
  for (const { passage, units } of passages) {
    for (const unit of units) {
      const section = sectionOf(unit);
      const own = coverageOf(ownHeadings(passage, unit));
      named.set(passage.title, coverTogether(named.get(passage.title) ?? [], own));
      const here = [own, coverageOf(unit.text), coverageOf(unit.context)];
      said.set(section, here.reduce(coverTogether, said.get(section) ?? []));
    }
  }
  const over = (unit: QuoteUnit): Coverage => {
    const { passage } = unit;
    const headed = coverageOf(ownHeadings(passage, unit));
    const mentioned = said.get(sectionOf(unit)) ?? [];
    const elsewhere = named.get(passage.title) ?? [];
    const title = coverageOf(passage.title).map((share, at) => {
      if ((elsewhere[at] ?? 0) === 0 || (headed[at] ?? 0) > 0) return share;
      return (mentioned[at] ?? 0) > 0 ? share * ONLY_MENTIONED : 0;
    });
    return coverTogether(title, coverageOf(passage.headingPath.filter((part) => part !== passage.title).join(" ")));
  };
  // All units of a section have the same headings over them.
  const known = new Map<string, Coverage>();
  return (unit) => {
    const section = sectionOf(unit);
    const covered = known.get(section) ?? over(unit);
    known.set(section, covered);
    return covered;
  };
}

export function coverTogether(left: Coverage, right: Coverage): Coverage {
  const longer = left.length >= right.length ? left : right;
  return longer.map((_, at) => Math.max(left[at] ?? 0, right[at] ?? 0));
}

function ownHeadings(passage: PromptPassage, unit: QuoteUnit): string {
  return [...passage.headingPath.filter((part) => part !== passage.title), unit.heading].join(" ");
}

function sectionOf({ passage, heading }: QuoteUnit): string {
  return `${passage.number}\n${heading}`;
}
