import { Temporal } from "temporal-polyfill";

/** Somebody of a team, as the platform where it works knows them. */
export interface Member {
  /** The id that their events have as their author's. */
  readonly id: string;
  readonly name: string;
}

/** Who has to answer when, by name: the days of a duty first, then the week. */
export interface OnCall {
  /** The zone in which days begin. */
  readonly timeZone: string;
  /** Both days belong to it, as `2026-12-24`. */
  readonly duties: readonly { readonly from: string; readonly to: string; readonly member: string }[];
  /** Seven names, Monday first; null for a day of nobody. */
  readonly week: readonly (string | null)[];
}

/** How it is decided whom of a team a handoff is for. Whoever it is for, anybody may claim it. */
export interface Assignment {
  readonly by: "round-robin" | "least-loaded" | "on-call";
  readonly members: readonly Member[];
  /** Null unless it is by that. */
  readonly onCall: OnCall | null;
}

export interface AssignmentFacts {
  readonly now: Date;
  /** Ids of those who have been asked, or have let go of it. */
  readonly asked: readonly string[];
  readonly away: ReadonlySet<string>;
  /** The id of whoever of the team was asked last, for whatever handoff. */
  readonly lastId: string | null;
  /** How many open handoffs somebody holds, or has been asked for. */
  readonly loads: ReadonlyMap<string, number>;
}

/** Whom a handoff is for next; null when all of them were asked, or nobody is on call. Pure. */
export function chooseMember(assignment: Assignment, facts: AssignmentFacts): Member | null {
  const left = inOrder(assignment, facts).filter(({ id }) => !facts.asked.includes(id));
  return left.find(({ id }) => !facts.away.has(id)) ?? left[0] ?? null;
}

function inOrder({ by, members, onCall }: Assignment, { now, lastId, loads }: AssignmentFacts): readonly Member[] {
  switch (by) {
    case "round-robin":
      return behind(members, lastId);
    case "least-loaded": {
      const load = ({ id }: Member) => loads.get(id) ?? 0;
      return [...behind(members, lastId)].sort((one, other) => load(one) - load(other));
    }
    case "on-call": {
      const name = onCall === null ? null : nameOnCall(onCall, now);
      const at = members.findIndex((member) => member.name === name);
      return at === -1 ? [] : [...members.slice(at), ...members.slice(0, at)];
    }
  }
}

/** The members in their order, beginning with the one behind the last. */
function behind(members: readonly Member[], lastId: string | null): readonly Member[] {
  const next = members.findIndex(({ id }) => id === lastId) + 1;
  return [...members.slice(next), ...members.slice(0, next)];
}

/** The name of whoever is on call at that moment; null for nobody. */
export function nameOnCall({ timeZone, duties, week }: OnCall, at: Date): string | null {
  const day = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
  const today = day.toString();
  const duty = duties.find(({ from, to }) => from <= today && today <= to);
  return duty?.member ?? week[day.dayOfWeek - 1] ?? null;
}

/** Tells which of these people of a team are away now; who is not known to be is not. Never rejects. */
export type PresenceOf = (team: string, ids: readonly string[]) => Promise<ReadonlySet<string>>;
