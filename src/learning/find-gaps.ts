import type { CaseDocument } from "../ports/answer-cases.js";
import type { GapPeriod, GapStore, UnansweredQuestion } from "../ports/gaps.js";
import { withoutPersonalData } from "./personal-data.js";
import { NO_TEXT_VECTORS } from "../text/word-vectors.js";
import { GROUPING_RULE } from "./grouping-model.js";
import { regroup } from "./regroup.js";

/** Questions about the same thing that the documents do not answer. */
export interface Gap {
  /** The newest of them, without personal data. */
  readonly question: string;
  readonly questions: number;
  readonly people: number;
  /** How many of them were answered, and it did not help. */
  readonly notHelpful: number;
  /** How many were asked about it in the time before, which is as long. */
  readonly before: number;
  /** The document that most of them are close to. */
  readonly document: CaseDocument | null;
}

export interface GapReport {
  /** ISO 8601. */
  readonly since: string;
  readonly until: string;
  readonly questions: number;
  readonly people: number;
  readonly before: number;
  /** What the most people ask first. */
  readonly gaps: readonly Gap[];
  /** Whether there were more than are read. */
  readonly isCut: boolean;
}

/** Of both periods together; the newest are read. */
export const QUESTIONS_READ = 1_000;

/**
 * How sure it must be that two questions are one gap. There are no answers to compare: on StackFAQ's questions it is right
 * for eight to nine of ten pairs at 0.5 to 0.7, and finds seven to eight.
 */
const SAME_GAP = 0.6;

type WithGaps = <T>(work: (gaps: Pick<GapStore, "unanswered">) => Promise<T>) => Promise<T>;

/** @param audience what the reader may read; null: everything */
export async function findGaps(
  withGaps: WithGaps,
  { since, until }: GapPeriod,
  audience: readonly string[] | null,
): Promise<GapReport> {
  const lengthMs = until.getTime() - since.getTime();
  const both = { since: new Date(since.getTime() - lengthMs), until };
  const all = await withGaps((gaps) => gaps.unanswered(both, QUESTIONS_READ + 1, audience));
  const read = all.slice(0, QUESTIONS_READ);
  const isNew = ({ at }: UnansweredQuestion) => at.getTime() >= since.getTime();
  const solved = read.map(({ question }) => ({ question, answer: "", candidateId: null, isUntouched: true }));
  const groups = (await regroup(solved, [], NO_TEXT_VECTORS, { ...GROUPING_RULE, least: SAME_GAP })).map((places) =>
    places.flatMap((place) => read[place] ?? []),
  );
  const gaps = groups.flatMap((group) => {
    const asked = group.filter(isNew);
    return asked.length === 0 ? [] : [gapOf(asked, group.length - asked.length)];
  });
  const asked = read.filter(isNew);
  return {
    since: since.toISOString(),
    until: until.toISOString(),
    questions: asked.length,
    people: peopleIn(asked),
    before: read.length - asked.length,
    gaps: gaps.sort((one, other) => other.people - one.people || other.questions - one.questions),
    isCut: all.length > read.length,
  };
}

function gapOf(asked: readonly UnansweredQuestion[], before: number): Gap {
  const [newest] = [...asked].sort((one, other) => other.at.getTime() - one.at.getTime());
  const names = asked.map(({ name }) => name);
  return {
    question: withoutPersonalData(newest?.question ?? "", names),
    questions: asked.length,
    people: peopleIn(asked),
    notHelpful: asked.filter(({ isNotHelpful }) => isNotHelpful).length,
    before,
    document: mostOften(asked.flatMap(({ document }) => document ?? [])),
  };
}

function peopleIn(asked: readonly UnansweredQuestion[]): number {
  return new Set(asked.map(({ askedBy }) => askedBy)).size;
}

function mostOften(documents: readonly CaseDocument[]): CaseDocument | null {
  const counts = new Map<string, { readonly document: CaseDocument; count: number }>();
  for (const document of documents) {
    const key = `${document.source}/${document.externalId}`;
    const known = counts.get(key) ?? { document, count: 0 };
    counts.set(key, { document, count: known.count + 1 });
  }
  const [most] = [...counts.values()].sort((one, other) => other.count - one.count);
  return most?.document ?? null;
}
