import type { HandoffStanding, ServiceTarget, TargetEnd, TargetKind } from "../ports/handoffs.js";
import type { NewId } from "../ports/ids.js";
import { afterOpenTime, openTimeBetween, type BusinessHours } from "./business-hours.js";
import { isOpen, type HandoffEvent } from "./state-machine.js";

/** How much time a team may take, in milliseconds in which it is open; null: nothing is promised. */
export interface ServiceLevel {
  readonly firstReplyMs: number | null;
  readonly resolveMs: number | null;
}

export const NO_SERVICE_LEVEL: ServiceLevel = { firstReplyMs: null, resolveMs: null };

/** A team as its targets know it. */
export interface MeasuredTeam {
  readonly name: string | null;
  readonly level: ServiceLevel;
  readonly hours: BusinessHours | null;
}

interface TargetClock {
  readonly now: Date;
  readonly newId: NewId;
}

/** The targets of a handoff that a team gets. */
export function startTargets(
  team: MeasuredTeam,
  { now, newId }: TargetClock,
  kinds: readonly TargetKind[] = ["first-reply", "resolution"],
): readonly ServiceTarget[] {
  return kinds.map((kind) => {
    const ms = kind === "first-reply" ? team.level.firstReplyMs : team.level.resolveMs;
    const dueAt = ms === null ? null : afterOpenTime(team.hours, now, ms);
    return { targetId: newId(), kind, team: team.name, startedAt: now, dueAt, missedAt: null, end: null };
  });
}

export interface TargetChange {
  readonly before: HandoffStanding;
  readonly to: HandoffStanding;
  readonly event: HandoffEvent;
  /** Who has it, and had it when the targets began. */
  readonly team: MeasuredTeam;
  /** Who has it from now on; null where it stays. */
  readonly destination: MeasuredTeam | null;
}

/**
 * What becomes of the targets that run. Pure. The first reply is met once, by whoever gives it; another team has all of its
 * own time; what is opened again is to be resolved again.
 *
 * @returns those that are new or not as they were
 */
export function targetsAfter(
  running: readonly ServiceTarget[],
  { before, to, event, team, destination }: TargetChange,
  clock: TargetClock,
): readonly ServiceTarget[] {
  const { now } = clock;
  const changed = running.flatMap((target): ServiceTarget[] => {
    const how = endOf(target.kind, { to, event, isGone: destination !== null });
    if (how !== null) return [ended(target, how, { now, hours: team.hours })];
    return event.kind === `${target.kind}-due` && target.missedAt === null ? [{ ...target, missedAt: now }] : [];
  });
  if (destination !== null) {
    const kinds = running.map(({ kind }) => kind);
    return [...changed, ...startTargets(destination, clock, kinds)];
  }
  const isOpenedAgain = isOpen(to.state) && !isOpen(before.state);
  return isOpenedAgain ? [...changed, ...startTargets(team, clock, ["resolution"])] : changed;
}

function endOf(
  kind: TargetKind,
  { to, event, isGone }: { readonly to: HandoffStanding; readonly event: HandoffEvent; readonly isGone: boolean },
): TargetEnd["how"] | null {
  if (isGone) return "dropped";
  if (kind === "first-reply" && event.kind === "reply") return "met";
  if (isOpen(to.state)) return null;
  if (to.state === "expired") return "expired";
  return to.state === "resolved" && kind === "resolution" ? "met" : "dropped";
}

function ended(
  target: ServiceTarget,
  how: TargetEnd["how"],
  { now, hours }: { readonly now: Date; readonly hours: BusinessHours | null },
): ServiceTarget {
  const { dueAt, startedAt } = target;
  const isLate = how !== "dropped" && dueAt !== null && dueAt < now;
  const openMs = how === "met" ? openTimeBetween(hours, startedAt, now) : null;
  return { ...target, missedAt: target.missedAt ?? (isLate ? now : null), end: { at: now, how, openMs } };
}
