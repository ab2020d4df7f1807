import type { SyncRemark } from "../../src/ports/knowledge.js";

/** What a document may say of itself besides its text. */
export interface SaidOfItself {
  readonly externalId: string;
  readonly lang?: string | null;
  /** First and last day on which it holds, `2026-05-01`, or an instant. */
  readonly validFrom?: string | null;
  readonly validUntil?: string | null;
  readonly remarks?: readonly Omit<SyncRemark, "externalId">[];
}

/** What a version records about its document besides its text. */
export interface VersionFacts {
  readonly lang: string | null;
  /** It is answered from since then, and before then. */
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/u;
const DAY_MS = 86_400_000;

/** Days begin and end in UTC; the last day belongs to it whole. */
export function versionFacts({ lang = null, validFrom = null, validUntil = null }: SaidOfItself): VersionFacts {
  return { lang, validFrom: instantOf(validFrom, 0), validUntil: instantOf(validUntil, DAY_MS) };
}

export function remarksOf({ externalId, remarks = [] }: SaidOfItself): readonly SyncRemark[] {
  return remarks.map((remark) => ({ externalId, ...remark }));
}

function instantOf(text: string | null, afterDayMs: number): Date | null {
  if (text === null) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : new Date(DAY.test(text) ? time + afterDayMs : time);
}
