import type { HandoffStanding, ServiceTarget } from "../ports/handoffs.js";
import { afterOpenTime, nextOpening, type BusinessHours } from "./business-hours.js";
import type { HandoffTimerKind } from "./state-machine.js";

/** When people are reminded and what is given up, each in milliseconds; null: never. */
export interface TimerPolicy {
  /** Open time until the team is reminded of a handoff that nobody has claimed; each further time after twice as long. */
  readonly remindMs: number | null;
  /** Open time until its holder is reminded that the customer waits. */
  readonly idleMs: number | null;
  /** Until one that nobody claims expires, and the customer is told. */
  readonly expireMs: number | null;
  /** Open time until one that nobody has claimed goes to the fallback team. */
  readonly reassignMs: number | null;
  /** Until a customer's silence after it was resolved counts as a yes. */
  readonly settleMs: number | null;
  /** Open time until the next of its team is asked for one that nobody has claimed; left out: never. */
  readonly assignMs?: number | null;
}

/** A timer that runs, or that is to run. */
export interface HandoffTimer {
  readonly kind: HandoffTimerKind;
  readonly dueAt: Date;
  /** How often it has run out before. */
  readonly round: number;
}

export interface TimerScene {
  readonly policy: TimerPolicy;
  readonly hours: BusinessHours | null;
  readonly now: Date;
  /** Whether it has another team to go to. */
  readonly mayBeReassigned: boolean;
  /** Those that run; left out where there is none. */
  readonly targets?: readonly ServiceTarget[];
  /** Null, or left out, where its team names nobody. */
  readonly asks?: AskScene | null;
}

export interface AskScene {
  /** How many there are to be asked. */
  readonly members: number;
  /** Whether it has come to its team or become free just now. */
  readonly isNew: boolean;
}

/** Reminders after this one would only be noise: what still waits then, expires. */
const MOST_ROUNDS = 6;

/**
 * Which timers run after a change, and from when: a timer that belongs to both, before and after, runs on.
 *
 * @param running those that run now
 * @param over the one that has just run out, if it is that which changed the handoff
 */
export function timersAfter(
  to: HandoffStanding,
  { running, over }: { readonly running: readonly HandoffTimer[]; readonly over: HandoffTimer | null },
  { policy, hours, now, mayBeReassigned, targets = [], asks = null }: TimerScene,
): readonly HandoffTimer[] {
  const start = (kind: HandoffTimerKind, dueAt: Date | null, round = 0): readonly HandoffTimer[] =>
    dueAt === null ? [] : [{ kind, dueAt, round }];
  const ofStanding = kindsOf(to).flatMap((kind) => {
    if (kind === "wake") return start(kind, to.snoozedUntil);
    if (kind === "ask-next") return asks === null ? [] : askTimer(asks, { running, over }, { policy, hours, now });
    if (kind === "reassign" && !mayBeReassigned) return [];
    const ms = durationOf(kind, policy);
    if (ms === null) return [];
    if (over?.kind === kind) {
      const round = over.round + 1;
      if (!isRepeated(kind) || round >= MOST_ROUNDS) return [];
      return start(kind, afterOpenTime(hours, now, ms * 2 ** round), round);
    }
    const known = running.find((timer) => timer.kind === kind);
    if (known !== undefined) return [known];
    if (isRepeated(kind) || kind === "reassign") return start(kind, afterOpenTime(hours, now, ms));
    const dueAt = new Date(now.getTime() + ms);
    return start(kind, kind === "expire" ? notBeforeOpen(dueAt, hours, now) : dueAt);
  });
  return [...ofStanding, ...targets.flatMap((target) => targetTimer(target, running))];
}

/** The first is asked as soon as the team is open, the others one after the other. */
function askTimer(
  { members, isNew }: AskScene,
  { running, over }: { readonly running: readonly HandoffTimer[]; readonly over: HandoffTimer | null },
  { policy, hours, now }: Pick<TimerScene, "policy" | "hours" | "now">,
): HandoffTimer[] {
  const { assignMs = null } = policy;
  const start = (dueAt: Date | null, round: number): HandoffTimer[] =>
    dueAt === null ? [] : [{ kind: "ask-next", dueAt, round }];
  if (over?.kind === "ask-next") {
    const round = over.round + 1;
    return assignMs === null || round >= members ? [] : start(afterOpenTime(hours, now, assignMs), round);
  }
  const known = running.find(({ kind }) => kind === "ask-next");
  if (known !== undefined) return [known];
  return isNew ? start(nextOpening(hours, now), 0) : [];
}

/** A target is due at a moment of its own, whatever else changes; what was missed once is not told again. */
function targetTimer({ kind: of, dueAt, missedAt }: ServiceTarget, running: readonly HandoffTimer[]): HandoffTimer[] {
  if (dueAt === null || missedAt !== null) return [];
  const kind = of === "first-reply" ? "first-reply-due" : "resolution-due";
  const known = running.find((timer) => timer.kind === kind && timer.dueAt.getTime() === dueAt.getTime());
  return [known ?? { kind, dueAt, round: 0 }];
}

/** Nothing is given up before the team had a chance to see it. */
const LEAST_OPEN_MS = 3_600_000;

function notBeforeOpen(dueAt: Date, hours: BusinessHours | null, now: Date): Date {
  const seenAt = afterOpenTime(hours, now, LEAST_OPEN_MS);
  return seenAt !== null && seenAt > dueAt ? seenAt : dueAt;
}

type StandingTimerKind = Exclude<HandoffTimerKind, "first-reply-due" | "resolution-due">;

/** The timers of a standing. */
function kindsOf({ state, customerWaits, isSettled }: HandoffStanding): readonly StandingTimerKind[] {
  switch (state) {
    case "waiting":
    case "reopened":
      return ["remind", "reassign", "expire", "ask-next"];
    case "claimed":
      return customerWaits ? ["idle"] : [];
    case "snoozed":
      return ["wake"];
    case "resolved":
      return isSettled ? [] : ["settle"];
    case "returned":
    case "expired":
      return [];
  }
}

function durationOf(kind: Exclude<StandingTimerKind, "wake" | "ask-next">, policy: TimerPolicy): number | null {
  const durations = {
    remind: policy.remindMs,
    idle: policy.idleMs,
    expire: policy.expireMs,
    settle: policy.settleMs,
    reassign: policy.reassignMs,
  } as const;
  return durations[kind];
}

/** Reminders count while somebody could act on them, and come again. */
function isRepeated(kind: HandoffTimerKind): boolean {
  return kind === "remind" || kind === "idle";
}
