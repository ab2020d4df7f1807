import { z } from "zod";
import type { ServiceLevel } from "../../src/handoff/service-level.js";

const MINUTE_MS = 60_000;

const minutes = (text: string) => z.number().positive().max(100_000).nullable().describe(text);

const FIRST_REPLY = "Within how many minutes of its opening time a team is to answer first; null: nothing is promised.";
const RESOLVE = "Within how many minutes of its opening time it is to be resolved; null: nothing is promised.";

/** What is promised where a team says nothing else. */
export const slaSchema = z
  .strictObject({
    firstReplyMinutes: minutes(FIRST_REPLY).default(null),
    resolveMinutes: minutes(RESOLVE).default(null),
  })
  .prefault({})
  .describe("What is due when: the card says so, and the team is told once when it is overdue.");

/** What a team promises otherwise; what it leaves out is as in `handoff.sla`. */
export const teamSlaSchema = z
  .strictObject({ firstReplyMinutes: minutes(FIRST_REPLY).optional(), resolveMinutes: minutes(RESOLVE).optional() })
  .optional()
  .describe("What this team promises; what is left out is as in `handoff.sla`.");

export type SlaSettings = z.infer<typeof slaSchema>;

interface SlaProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type TeamSla = z.infer<typeof teamSlaSchema>;

/** Promises that cannot be kept: what is resolved was answered first. */
export function slaProblems(house: SlaSettings, teams: readonly { readonly sla?: TeamSla }[]): readonly SlaProblem[] {
  return [
    ...contradiction(house, ["sla"]),
    ...teams.flatMap(({ sla }, index) => (sla === undefined ? [] : contradiction(sla, ["teams", index, "sla"], house))),
  ];
}

function contradiction(
  own: NonNullable<TeamSla>,
  path: readonly (string | number)[],
  house?: SlaSettings,
): readonly SlaProblem[] {
  const { firstReplyMinutes: first = house?.firstReplyMinutes, resolveMinutes: last = house?.resolveMinutes } = own;
  if (typeof first !== "number" || typeof last !== "number" || last >= first) return [];
  if (own.resolveMinutes !== undefined) {
    const message = `is less than ${first}, within which (firstReplyMinutes) the first reply is promised`;
    return [{ path: [...path, "resolveMinutes"], message }];
  }
  if (own.firstReplyMinutes === undefined) return [];
  const message = `is more than ${last}, within which (resolveMinutes) it is to be resolved`;
  return [{ path: [...path, "firstReplyMinutes"], message }];
}

/** @param own a team's */
export function serviceLevel(house: SlaSettings, own: z.infer<typeof teamSlaSchema> = {}): ServiceLevel {
  const { firstReplyMinutes = house.firstReplyMinutes, resolveMinutes = house.resolveMinutes } = own;
  return { firstReplyMs: inMs(firstReplyMinutes), resolveMs: inMs(resolveMinutes) };
}

function inMs(count: number | null): number | null {
  return count === null ? null : count * MINUTE_MS;
}
