import { gapsReply } from "../commands/gap-replies.js";
import { AgentsUnreachableError } from "../handoff/agents-channel.js";
import type { ConversationRef } from "../ports/chat.js";
import type { Clock } from "../ports/clock.js";
import type { NewId, TenantId } from "../ports/ids.js";
import type { Logger } from "../ports/logger.js";
import type { Queue } from "../ports/queue.js";
import type { WithStores } from "../ports/stores.js";
import { repeat } from "../routing/repeat.js";
import { findGaps } from "./find-gaps.js";
import { lastDue, weekBefore, type WeeklyTime } from "./gap-schedule.js";

export interface GapReportPlan extends WeeklyTime {
  readonly tenantId: TenantId;
  /** How late it may be. */
  readonly lateMs: number;
  /** Where it is posted. @throws {AgentsUnreachableError} while nobody can say */
  channel(): ConversationRef;
}

export interface GapReportDependencies {
  readonly plan: GapReportPlan;
  readonly withStores: WithStores;
  readonly queue: Pick<Queue, "enqueue">;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly logger: Logger;
  readonly botName: string;
}

/** What everybody in a channel may be shown of documents. */
const EVERYBODY = ["public"];

/**
 * Posts once a week which questions nobody's documents answered. A report that was due while nothing ran is posted late, one
 * that was due before the report was switched on is not. Two processes post it once. Never rejects.
 */
export function runGapReport(deps: GapReportDependencies, signal: AbortSignal): Promise<void> {
  return repeat("gap report", () => postWhenDue(deps), { ...deps, intervalMs: deps.plan.lateMs }, signal);
}

async function postWhenDue({ plan, withStores, queue, clock, newId, botName }: GapReportDependencies): Promise<void> {
  const { tenantId } = plan;
  const due = lastDue(plan, clock.now());
  const channel = reachable(plan);
  if (channel === null || (await withStores(tenantId, ({ gaps }) => gaps.isReported(due.day)))) return;
  const period = { since: weekBefore(due, plan).at, until: due.at };
  const report = await findGaps((read) => withStores(tenantId, ({ gaps }) => read(gaps)), period, EVERYBODY);
  const posted = await withStores(tenantId, async (stores) => {
    const reportId = newId();
    if ((await stores.gaps.claimReport(reportId, due.day)) !== "due") return null;
    const conversationId = await stores.conversations.ensure(channel);
    await stores.deliveries.add([
      {
        conversationId,
        cause: { type: "timer", id: reportId },
        purpose: "notice",
        operation: "post",
        targetDeliveryId: null,
        speaker: { role: "bot", name: botName },
        reply: gapsReply(report),
      },
    ]);
    return conversationId;
  });
  if (posted !== null) await queue.enqueue("conversation.send", posted, { conversationId: posted });
}

function reachable(plan: GapReportPlan): ConversationRef | null {
  try {
    return plan.channel();
  } catch (error) {
    if (error instanceof AgentsUnreachableError) return null;
    throw error;
  }
}
