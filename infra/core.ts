import type { Answering } from "../src/answering/contract.js";
import { afterUnsent } from "../src/handoff/after-unsent.js";
import { isAgentsChannel, type AgentsChannel } from "../src/handoff/agents-channel.js";
import type { HandoffRules } from "../src/handoff/handoff-scene.js";
import { createAgentHelp } from "../src/handoff/agent-help.js";
import { createTakeFiles } from "../src/handoff/files/take-files.js";
import { createHandoffHandlers } from "../src/handoff/handoff-handlers.js";
import { createHandoffOpener } from "../src/handoff/open-handoff.js";
import { runHandoffTimers } from "../src/handoff/run-timers.js";
import { runCandidateCards, type CandidateCardPlan } from "../src/learning/run-candidate-cards.js";
import { runGapReport, type GapReportPlan } from "../src/learning/run-gap-report.js";
import { runLearning } from "../src/learning/run-learning.js";
import type { BudgetLimits } from "../src/ports/budgets.js";
import type { ChatAdapter, InboundSink, Interactions, Platform } from "../src/ports/chat.js";
import type { Clock } from "../src/ports/clock.js";
import type { Failpoint } from "../src/ports/failpoints.js";
import type { NewId } from "../src/ports/ids.js";
import type { KnowledgeSearch } from "../src/ports/knowledge.js";
import type { Logger, Metrics } from "../src/ports/logger.js";
import type { JobHandlers, Queue } from "../src/ports/queue.js";
import type { CoordinationStore, WithStores } from "../src/ports/stores.js";
import { createAnswerHandler } from "../src/routing/answer-handler.js";
import { ConversationWorker } from "../src/routing/conversation-worker.js";
import { createEventHandler, type RunCommand } from "../src/routing/event-handler.js";
import { FairShare } from "../src/routing/fair-share.js";
import { createInboundSink } from "../src/routing/inbound-sink.js";
import { createInteractions, type InteractionDependencies } from "../src/routing/interactions.js";
import { withinBudget } from "../src/routing/over-budget.js";
import { Sender } from "../src/routing/sender.js";
import { runSweeper } from "../src/routing/sweeper.js";
import { NO_TEXT_VECTORS, type TextVectors } from "../src/text/word-vectors.js";

export interface CoreDependencies {
  readonly coordination: CoordinationStore;
  readonly withStores: WithStores;
  readonly outcomeOf: InteractionDependencies["outcomeOf"];
  readonly adapters: readonly ChatAdapter[];
  readonly answering: Answering;
  readonly search: KnowledgeSearch;
  /** Left out: what was asked is compared by its letters alone. */
  readonly textVectors?: TextVectors;
  readonly runCommand: RunCommand;
  readonly agentsChannel: AgentsChannel;
  readonly queue: Queue;
  /** What may be spent on answers. */
  readonly budget: BudgetLimits;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly failpoint: Failpoint;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly botName: string;
  /** Names this process in leases. */
  readonly owner: string;
  readonly timings: CoreTimings;
  /** How soon after one another a person's messages are one question; 0: each is its own. */
  readonly burstMs: number;
  /** Left out, or null: none is posted. */
  readonly gapReport?: GapReportPlan | null;
  /** Left out, or null: candidates are not shown by themselves. */
  readonly candidateCards?: CandidateCardPlan | null;
  readonly handoff: Pick<HandoffRules, HandoffSettings>;
}

/** What the settings say about handoffs. */
type HandoffSettings =
  "timers" | "hours" | "teams" | "replies" | "askRating" | "sla" | "showTeamName" | "agentNames" | "presence" | "files";

export interface CoreTimings {
  /** How long a crashed process holds up a conversation, and a delivery, at most. */
  readonly conversationLeaseMs: number;
  readonly deliveryLeaseMs: number;
  readonly sweepMs: number;
  /** How late a timer of a handoff may be. */
  readonly timersMs: number;
  /** How long after it is settled a handoff is learned from, at most, while there are few. */
  readonly learningMs: number;
  /** Waits between the attempts at one event. */
  readonly eventRetryMs: readonly number[];
  /** Conversations worked on at once. */
  readonly concurrency: number;
}

/** After a crash: at most a lease and a sweep until work goes on, which is under 20 s. */
export const DEFAULT_TIMINGS: CoreTimings = {
  conversationLeaseMs: 12_000,
  deliveryLeaseMs: 12_000,
  sweepMs: 4_000,
  timersMs: 1_000,
  learningMs: 5_000,
  eventRetryMs: [250, 1_000, 4_000, 10_000],
  concurrency: 16,
};

export interface Core {
  readonly sink: InboundSink;
  readonly interactions: Interactions;
  /** Starts working. `sweep` false: only on what this process accepts itself, not on what others left. */
  start(options?: { readonly sweep: boolean }): void;
  /** Finishes what runs, up to `graceMs`; what is left waits in the database for another process. */
  stop(graceMs: number): Promise<void>;
}

/** Puts the core together: what events, the queue and the sweeper set in motion. */
export function createCore(deps: CoreDependencies): Core {
  const { queue, coordination, timings, logger } = deps;
  const { worker, sender } = createWorkers(deps);
  const handlers: JobHandlers = {
    "conversation.work": (ring, signal) => worker.work(ring, signal),
    "conversation.send": ({ conversationId }, signal) => sender.send(conversationId, signal),
  };
  const sweeping = new AbortController();
  let sweeper: Promise<unknown> = Promise.resolve();
  const sink = createInboundSink({ ...deps, fairShare: new FairShare(deps.clock) });
  return {
    sink,
    interactions: createInteractions({ sink, outcomeOf: deps.outcomeOf }),
    start({ sweep } = { sweep: true }) {
      queue.start(handlers, timings.concurrency);
      if (!sweep) return;
      const timerDeps = { ...deps, rules: rulesOf(deps), intervalMs: timings.timersMs };
      sweeper = Promise.all([
        runSweeper({ coordination, queue, logger, intervalMs: timings.sweepMs }, sweeping.signal),
        runHandoffTimers(timerDeps, sweeping.signal),
        runLearning({ textVectors: NO_TEXT_VECTORS, ...deps, intervalMs: timings.learningMs }, sweeping.signal),
        ...(deps.candidateCards == null
          ? []
          : [runCandidateCards({ ...deps, plan: deps.candidateCards }, sweeping.signal)]),
        ...(deps.gapReport == null ? [] : [runGapReport({ ...deps, plan: deps.gapReport }, sweeping.signal)]),
      ]);
    },
    async stop(graceMs) {
      sweeping.abort();
      await sweeper;
      await queue.stop(graceMs);
    },
  };
}

function rulesOf({ botName, clock, newId, agentsChannel, metrics, handoff }: CoreDependencies): HandoffRules {
  return { botName, clock, newId, agentsChannel, metrics, ...handoff };
}

function createWorkers(deps: CoreDependencies): { worker: ConversationWorker; sender: Sender } {
  const adapterFor = adapterByPlatform(deps.adapters);
  const rules = rulesOf(deps);
  const opener = createHandoffOpener(rules);
  const sender = new Sender({
    ...deps,
    adapterFor,
    leaseMs: deps.timings.deliveryLeaseMs,
    afterUnsent: (stores, delivery, state) => afterUnsent({ ...deps, rules }, stores, delivery, state),
  });
  const handle = createEventHandler({
    ...deps,
    adapterFor,
    opener,
    handoffs: createHandoffHandlers(rules, adapterFor),
    help: createAgentHelp(deps),
    isAgentsChannel: (tenantId, channel) => isAgentsChannel(rules, tenantId, channel),
    takeFiles: createTakeFiles({ ...deps, adapterFor, rules: deps.handoff.files }),
    answer: withinBudget(deps, createAnswerHandler({ ...deps, adapterFor, sender, handoffs: opener })),
  });
  const { conversationLeaseMs: leaseMs, eventRetryMs: retryDelaysMs } = deps.timings;
  return { sender, worker: new ConversationWorker({ ...deps, handle, opener, sender, leaseMs, retryDelaysMs }) };
}

function adapterByPlatform(adapters: readonly ChatAdapter[]): (platform: Platform) => ChatAdapter {
  const byPlatform = new Map(adapters.map((adapter) => [adapter.platform, adapter]));
  return (platform) => {
    const adapter = byPlatform.get(platform);
    if (adapter === undefined) throw new Error(`unreachable: no adapter for ${platform}, which has an installation`);
    return adapter;
  };
}
