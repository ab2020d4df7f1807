import { entryReply } from "../../src/commands/entry-replies.js";
import type { ManagedCommand } from "../../src/commands/command.js";
import type { KnowledgeCommand } from "../../src/commands/knowledge-command.js";
import type { LearningCommand } from "../../src/commands/learning-command.js";
import { approvalReply } from "../../src/commands/learning-replies.js";
import {
  manageKnowledge,
  type KnowledgeActor,
  type KnowledgeDesk,
  type Managed,
} from "../../src/commands/manage-knowledge.js";
import { manageHandoffs } from "../../src/commands/manage-handoffs.js";
import { manageCases } from "../../src/commands/manage-cases.js";
import { manageLearning } from "../../src/commands/manage-learning.js";
import type { SourceSyncProgress } from "../../src/commands/operations.js";
import type { AgentNames } from "../../src/handoff/agent-names.js";
import type { RegressionGate } from "../../src/learning/regression-gate.js";
import { findGaps } from "../../src/learning/find-gaps.js";
import type { Clock } from "../../src/ports/clock.js";
import { gapsReply } from "../../src/commands/gap-replies.js";
import type { CaseDesk } from "../../src/learning/label-case.js";
import { approve, type ReviewDesk } from "../../src/learning/review.js";
import { UsageError } from "../../src/ports/errors.js";
import { newId } from "../../src/ports/ids.js";
import type { KnowledgeEntry } from "../../src/ports/knowledge-entries.js";
import type { WithStores } from "../../src/ports/stores.js";
import { SyncTakenOverError } from "../../src/ports/sync-requests.js";

export interface ManageDependencies extends KnowledgeActor {
  readonly desk: KnowledgeDesk;
  readonly withStores: WithStores;
  readonly gate: RegressionGate;
  readonly agentNames: AgentNames;
  readonly clock: Clock;
  /** Whether approving what was learned may change an entry that is there. */
  readonly mayChangeEntries: boolean;
  /** Names of all sources. */
  sources(): Promise<readonly string[]>;
  /** Syncs a source that holds entries. */
  syncEntries(source: string): AsyncIterable<SourceSyncProgress>;
}

/** Does it, and syncs: what is published is answered from once its source was synced. */
export async function manageLocally(
  deps: ManageDependencies,
  command: ManagedCommand,
  signal: AbortSignal,
): Promise<Managed> {
  switch (command.kind) {
    case "learn-approve":
    case "learn-force":
      return approveLearned(deps, command, signal);
    case "learn-list":
    case "learn-show":
    case "learn-edit":
    case "learn-split":
    case "learn-reject":
    case "learn-done":
      return manageLearning(reviewDesk(deps), deps, command, signal);
    case "handoffs-status":
    case "handoffs-list":
    case "handoffs-transcript":
      return deps.withStores(deps.tenantId, ({ reports }) => manageHandoffs({ ...deps, reports }, command));
    case "learn-cases":
    case "learn-case":
    case "learn-label":
    case "learn-export":
      return manageCases(caseDesk(deps), deps, command);
    case "gaps":
      return gaps(deps, command.days);
    case "kb-entry":
      return takeStep(deps, command, signal);
    default:
      return manageKnowledge(deps.desk, deps, command, signal);
  }
}

async function takeStep(
  deps: ManageDependencies,
  command: Extract<KnowledgeCommand, { kind: "kb-entry" }>,
  signal: AbortSignal,
): Promise<Managed> {
  if (command.step !== "publish") return manageKnowledge(deps.desk, deps, command, signal);
  const entry = await deps.desk.entries.step(deps.tenantId, command.entry, command.step, deps);
  return { reply: entryReply(entry, await syncPublished(deps, entry)), data: entry };
}

async function approveLearned(
  deps: ManageDependencies,
  { kind, candidate, isApart, seen }: Extract<LearningCommand, { kind: "learn-approve" | "learn-force" }>,
  signal: AbortSignal,
): Promise<Managed> {
  const isForced = kind === "learn-force";
  const { mayChangeEntries } = deps;
  const order = { code: candidate, isForced, isApart, seen, mayChangeEntries };
  const approval = await approve(reviewDesk(deps), deps, order, signal);
  const problem = approval.kind === "published" ? await syncPublished(deps, approval.entry) : null;
  return { reply: approvalReply(approval, problem), data: approval };
}

function reviewDesk({ desk, withStores, gate }: ManageDependencies): ReviewDesk {
  return {
    entries: desk.entries,
    library: desk.library,
    originals: desk.originals,
    audit: desk.audit,
    gate,
    newId,
    withCandidates: (tenantId, work) => withStores(tenantId, ({ candidates }) => work(candidates)),
  };
}

const DAY_MS = 86_400_000;

async function gaps({ withStores, tenantId, audience, clock }: ManageDependencies, days: number): Promise<Managed> {
  const until = clock.now();
  const since = new Date(until.getTime() - days * DAY_MS);
  const report = await findGaps(
    (read) => withStores(tenantId, (stores) => read(stores.gaps)),
    { since, until },
    audience,
  );
  return { reply: gapsReply(report), data: report };
}

function caseDesk({ desk, withStores, sources }: ManageDependencies): CaseDesk {
  return {
    library: desk.library,
    sources,
    withCases: (tenantId, work) => withStores(tenantId, ({ answerCases }) => work(answerCases)),
  };
}

/** A sync of the entries is ended by each of them that is archived meanwhile. */
const ENTRY_SYNCS = 3;

/** What kept an entry from being read, or all of them; null when nothing did. */
async function syncPublished(deps: ManageDependencies, { entryId, source }: KnowledgeEntry): Promise<string | null> {
  const again = `Sync them again: kb sync ${source}`;
  for (let run = 1; run <= ENTRY_SYNCS; run += 1) {
    try {
      return await syncOnce(deps.syncEntries(source), entryId, again);
    } catch (error) {
      if (error instanceof UsageError) return `${error.message} ${again}`;
      if (!(error instanceof SyncTakenOverError)) throw error;
    }
  }
  return `Other entries were archived while they were read. ${again}`;
}

/** @throws {SyncTakenOverError} */
async function syncOnce(
  steps: AsyncIterable<SourceSyncProgress>,
  entryId: string,
  again: string,
): Promise<string | null> {
  for await (const step of steps) {
    if (step.kind !== "done") continue;
    const { state, failed } = step.diff;
    const own = failed.find(({ externalId }) => externalId === entryId);
    if (own !== undefined) return `It could not be read: ${own.message} ${again}`;
    if (state !== "done") return `The entries could not be read. ${again}`;
  }
  return null;
}
