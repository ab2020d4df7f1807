import { errorCode } from "../ports/errors.js";
import type { Logger } from "../ports/logger.js";
import type { Queue } from "../ports/queue.js";
import type { CoordinationStore, WithStores } from "../ports/stores.js";
import { repeat } from "../routing/repeat.js";
import { askedBy, askNext } from "./ask-next.js";
import { changeHandoff, wakeAll } from "./change-handoff.js";
import type { HandoffRules } from "./handoff-scene.js";
import { awaitsFallback } from "./move-handoff.js";

export interface TimerDependencies {
  readonly coordination: Pick<CoordinationStore, "dueHandoffs">;
  readonly withStores: WithStores;
  readonly queue: Pick<Queue, "enqueue">;
  readonly logger: Logger;
  readonly rules: HandoffRules;
  /** Between the end of one look and the start of the next. */
  readonly intervalMs: number;
}

/** How many handoffs one look takes; the next goes on with the rest, the longest overdue first. */
const HANDOFFS_PER_LOOK = 100;

/** A platform that was not reached since the start may be soon. */
const REACH_AGAIN_MS = 10_000;

/**
 * Does what becomes of handoffs when a time has come. Timers are rows: they survive a restart, and one that ran out while
 * nothing ran is done late and not left out. Two processes that see the same one do it once. Never rejects.
 */
export function runHandoffTimers(deps: TimerDependencies, signal: AbortSignal): Promise<void> {
  return repeat("handoff timers", () => lookOnce(deps, signal), deps, signal);
}

async function lookOnce(deps: TimerDependencies, signal: AbortSignal): Promise<void> {
  const now = deps.rules.clock.now();
  for (const { tenantId, handoffId } of await deps.coordination.dueHandoffs(now, HANDOFFS_PER_LOOK)) {
    if (signal.aborted) return;
    try {
      await runOut(deps, tenantId, handoffId);
    } catch (error) {
      // The others' time has come, too.
      deps.logger.error("handoff timer failed", { handoffId, code: errorCode(error) });
    }
  }
}

async function runOut(deps: TimerDependencies, tenantId: string, handoffId: string): Promise<void> {
  const { rules, queue } = deps;
  const first = await runInTransaction(deps, { tenantId, handoffId, away: null });
  if ("wake" in first) {
    await wakeUp(queue, first.wake);
    return;
  }
  // Asked of a platform, which takes its time: not while the handoff is locked.
  const { team, ids } = first;
  const away = (await rules.presence?.(team, ids)) ?? new Set<string>();
  const then = await runInTransaction(deps, { tenantId, handoffId, away });
  if ("wake" in then) await wakeUp(queue, then.wake);
}

async function wakeUp(queue: TimerDependencies["queue"], conversationIds: readonly string[]): Promise<void> {
  for (const conversationId of conversationIds) {
    await queue.enqueue("conversation.send", conversationId, { conversationId });
  }
}

interface DueHandoff {
  readonly tenantId: string;
  readonly handoffId: string;
  /** Who of its team is away; null while nobody has asked. */
  readonly away: ReadonlySet<string> | null;
}

/** What has posts due, or of whom it must be known first whether they are away. */
type RanOut = { readonly wake: readonly string[] } | { readonly team: string; readonly ids: readonly string[] };

const NOTHING: RanOut = { wake: [] };

function runInTransaction(deps: TimerDependencies, { tenantId, handoffId, away }: DueHandoff): Promise<RanOut> {
  const { rules } = deps;
  return deps.withStores(tenantId, async (stores): Promise<RanOut> => {
    const handoff = await stores.handoffs.lock(handoffId);
    const now = rules.clock.now().getTime();
    const timers = await stores.handoffs.timers(handoffId);
    const due = timers.find(({ dueAt }) => dueAt.getTime() <= now);
    // Another process was faster, or somebody did something meanwhile.
    if (due === undefined) return NOTHING;
    const actor = { id: "bot", displayName: rules.botName, role: "bot" } as const;
    const scene = { rules, stores, tenantId, handoff, actor, cause: { type: "timer", id: due.timerId } as const };
    if (due.kind === "ask-next") {
      const assignment = askedBy(scene);
      if (assignment !== null && away === null) {
        return { team: handoff.team ?? "", ids: assignment.members.map(({ id }) => id) };
      }
      return { wake: await askNext(scene, due, away ?? new Set()) };
    }
    if (due.kind === "reassign" && awaitsFallback(scene)) {
      const later = { ...due, timerId: rules.newId(), dueAt: new Date(now + REACH_AGAIN_MS) };
      await stores.handoffs.setTimers(
        handoffId,
        timers.map((timer) => (timer === due ? later : timer)),
      );
      return NOTHING;
    }
    const result = await changeHandoff(scene, { kind: due.kind }, due);
    return { wake: [...(await wakeAll(scene)), ...(result.kind === "changed" ? result.wake : [])] };
  });
}
