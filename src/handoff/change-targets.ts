import type { HandoffStanding, ServiceTarget } from "../ports/handoffs.js";
import { hoursOf, slaOf } from "./choose-team.js";
import type { HandoffRules, HandoffScene } from "./handoff-scene.js";
import { startTargets, targetsAfter, type MeasuredTeam } from "./service-level.js";
import { shortTime } from "./short-time.js";
import type { HandoffEvent } from "./state-machine.js";

/** What became of a handoff's targets. */
export interface ChangedTargets {
  readonly running: readonly ServiceTarget[];
  /** Whether the card says something else now. */
  readonly isShown: boolean;
  /** For the audit row; null where nothing is to be told. */
  readonly detail: string | null;
}

/** The targets of a handoff that is opened for that team. */
export function targetsOf(rules: HandoffRules, team: string | null): readonly ServiceTarget[] {
  return startTargets(measured(rules, team), { now: rules.clock.now(), newId: rules.newId });
}

/** Writes what a change means for the targets of a handoff whose row is locked. */
export async function changeTargets(
  { rules, stores, handoff }: HandoffScene,
  to: HandoffStanding,
  { event, destination }: { readonly event: HandoffEvent; readonly destination: { readonly team: string } | null },
): Promise<ChangedTargets> {
  const running = await stores.handoffs.targets(handoff.handoffId);
  const changed = targetsAfter(
    running,
    {
      ...{ before: handoff, to, event, team: measured(rules, handoff.team) },
      destination: destination === null ? null : measured(rules, destination.team),
    },
    { now: rules.clock.now(), newId: rules.newId },
  );
  await stores.handoffs.setTargets(handoff.handoffId, changed);
  count(rules, changed, running);
  const untouched = running.filter(({ targetId }) => !changed.some((one) => one.targetId === targetId));
  return {
    running: [...untouched, ...changed].filter(({ end }) => end === null),
    isShown: changed.some(({ dueAt }) => dueAt !== null),
    detail: changed.map(inWords).find((words) => words !== null) ?? null,
  };
}

function measured(rules: HandoffRules, team: string | null): MeasuredTeam {
  return { name: team, level: slaOf(rules, team), hours: hoursOf(rules, team) };
}

function count({ metrics }: HandoffRules, changed: readonly ServiceTarget[], before: readonly ServiceTarget[]): void {
  for (const { targetId, kind, missedAt, end } of changed) {
    if (kind === "first-reply" && end?.openMs != null) metrics?.firstReply(end.openMs);
    const wasMissed = before.find((one) => one.targetId === targetId)?.missedAt != null;
    if (missedAt !== null && !wasMissed) metrics?.targetMissed(kind);
  }
}

const WHAT = { "first-reply": "first reply", resolution: "resolution" } as const;

/** A first reply, and whatever was due, for the row that says what happened. */
function inWords({ kind, dueAt, missedAt, end }: ServiceTarget): string | null {
  const due = dueAt === null ? null : `due ${shortTime(dueAt)}`;
  if (end === null) return missedAt === null || due === null ? null : `${WHAT[kind]} overdue, ${due}`;
  if (end.openMs === null || (due === null && kind === "resolution")) return null;
  const after = `${WHAT[kind]} after ${Math.round(end.openMs / MINUTE_MS)} open minutes`;
  return due === null ? after : `${after}, ${missedAt === null ? "in time" : "late"}, ${due}`;
}

const MINUTE_MS = 60_000;

/** What is due when, for the card; empty where nothing is. */
export function dueWords(running: readonly ServiceTarget[]): string {
  return running
    .flatMap(({ kind, dueAt, missedAt }) => {
      if (dueAt === null) return [];
      const at = shortTime(dueAt);
      if (missedAt !== null)
        return [kind === "first-reply" ? `first reply overdue since ${at}` : `overdue since ${at}`];
      return [kind === "first-reply" ? `first reply by ${at}` : `resolved by ${at}`];
    })
    .join(", ");
}
