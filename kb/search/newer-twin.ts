import type { Passage } from "../../src/ports/knowledge.js";

/** What two passages are compared by. */
export type Dated = Pick<Passage, "documentId" | "title" | "headingPath" | "updatedAt" | "scores">;

/** Two states of a text on one day are an edit, not an older and a newer one. */
const LEAST_MS = 24 * 60 * 60 * 1_000;

/** What a title or heading says of a page that is kept for the record, alone or in brackets. */
const OUTDATED =
  /^(?:deprecated|outdated|obsolete|archived|superseded|veraltet|obsolète|obsoleto|obsoleta|verouderd)\b|[([](?:deprecated|outdated|obsolete|archived|superseded|old|veraltet|alt|obsolète|obsoleto|obsoleta|verouderd)[)\]]/iu;

/**
 * Whether a passage takes the place of one that says nearly the same: it is of another document that was changed later, or
 * the other's title says that it is out of date, and it holds as much of the question. So a page for another device or
 * version, which differs in the one word that is asked for, does not.
 */
export function isNewerTwin(passage: Dated, other: Dated): boolean {
  if (passage.documentId === other.documentId || passage.scores.coverage < other.scores.coverage) return false;
  const [isOutdated, isOtherOutdated] = [saysOutdated(passage), saysOutdated(other)];
  if (isOutdated !== isOtherOutdated) return isOtherOutdated;
  if (passage.updatedAt === null || other.updatedAt === null) return false;
  return Date.parse(passage.updatedAt) - Date.parse(other.updatedAt) >= LEAST_MS;
}

function saysOutdated({ title, headingPath }: Dated): boolean {
  return [title, ...headingPath].some((text) => OUTDATED.test(text));
}
