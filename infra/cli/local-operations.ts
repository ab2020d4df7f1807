import type { KnowledgeDesk } from "../../src/commands/manage-knowledge.js";
import type {
  DoctorReport,
  Operations,
  SaidMessage,
  SourceSyncOptions,
  SourceSyncProgress,
} from "../../src/commands/operations.js";
import type { AgentNames } from "../../src/handoff/agent-names.js";
import type { ConversationRef, InboundSink } from "../../src/ports/chat.js";
import type { Clock } from "../../src/ports/clock.js";
import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import type { KnowledgeAdmin, KnowledgeSearch, SourceStatus, SyncProgress } from "../../src/ports/knowledge.js";
import type { RegressionGate } from "../../src/learning/regression-gate.js";
import { plainReply } from "../../src/ports/reply.js";
import type { WithStores } from "../../src/ports/stores.js";
import { unknownSource } from "../../src/ports/unknown-source.js";
import { followConversation, type FollowDependencies } from "./follow-conversation.js";
import { manageLocally } from "./manage-locally.js";
import { createSaidEvents } from "./said-events.js";

export interface LocalOperationsDependencies extends Omit<FollowDependencies, "said"> {
  /** The terminal's installation. */
  readonly installationId: string;
  readonly sink: InboundSink;
  readonly knowledge: KnowledgeAdmin;
  readonly desk: KnowledgeDesk;
  /** What looks whether publishing what was learned makes other answers worse. */
  readonly gate: RegressionGate;
  /** Whose changes are recorded. */
  readonly actor: string;
  /** What they may read of documents; null: everything. */
  readonly audience: readonly string[] | null;
  /** The id of the stored event that asks; null where nothing is tried again. */
  readonly eventId: string | null;
  readonly mayChangeEntries: boolean;
  readonly search: KnowledgeSearch;
  readonly withStores: WithStores;
  /** What customers see of the names of agents. */
  readonly agentNames: AgentNames;
  readonly clock: Clock;
  readonly doctor: (signal: AbortSignal) => Promise<DoctorReport>;
}

/** What somebody at the terminal may read: only what is public, like a customer. */
const TERMINAL_AUDIENCE = ["public"];

/** The operations on this process's own database, for the terminal's conversations. */
export function createLocalOperations(dependencies: LocalOperationsDependencies): Operations {
  const deps = { ...dependencies, said: createSaidEvents() };
  const { tenantId } = deps;
  const knowledge = deps.knowledge.as(deps.actor);
  return {
    say: (message, signal) => say(deps, message, signal),
    follow: (key, afterMessageId, signal) => followConversation(deps, refOf(deps, key), afterMessageId, signal),
    addSource: (source) => knowledge.addSource(tenantId, source),
    removeSource: (name, sourceId) => knowledge.removeSource(tenantId, name, sourceId),
    manage: (command, signal) => {
      const syncEntries = (source: string) => sync({ ...deps, knowledge }, source, { confirmRemovals: true }, signal);
      const sources = async () => (await knowledge.status(tenantId)).map(({ name }) => name);
      return manageLocally({ ...deps, syncEntries, sources }, command, signal);
    },
    sync: (name, options, signal) => sync({ ...deps, knowledge }, name, options, signal),
    status: () => knowledge.status(tenantId),
    removed: () => deps.desk.lifecycle.removed(tenantId),
    lastDiff: async (name) => {
      await requireSource(deps, name);
      return knowledge.lastDiff(tenantId, name);
    },
    search: (text, audience, limit, signal) => deps.search.search({ tenantId, text, audience, limit }, signal),
    explain: (answerId) => deps.withStores(tenantId, ({ traces }) => traces.read(answerId)),
    explainNewest: ({ installationId, conversationKey: key }) => {
      const place = { installationId: installationId ?? deps.installationId, key };
      return deps.withStores(tenantId, ({ traces }) => traces.readNewest(place));
    },
    doctor: deps.doctor,
  };
}

function refOf({ installationId }: LocalOperationsDependencies, key: string): ConversationRef {
  return { installationId, key };
}

// Accepted before it is shown: what stands in the conversation as said is never lost.
async function say(deps: LocalOperationsDependencies & FollowDependencies, said: SaidMessage, signal: AbortSignal) {
  const conversation = refOf(deps, said.conversationKey);
  const author = { role: "customer", name: said.displayName } as const;
  const { inboxId } = await deps.sink.accept(
    {
      kind: "message",
      eventId: said.messageId,
      conversation,
      channelId: said.conversationKey,
      messageId: said.messageId,
      revision: 0,
      occurredAt: deps.clock.now(),
      author: { id: "terminal", displayName: said.displayName, role: "customer", isBot: false },
      audience: TERMINAL_AUDIENCE,
      text: said.text,
      addressesBot: true,
    },
    signal,
  );
  await deps.messages.addFromPerson({
    messageId: said.messageId,
    to: conversation,
    author,
    reply: plainReply(said.text),
  });
  deps.said.add(said.conversationKey, inboxId);
  return { inboxId };
}

async function* sync(
  deps: LocalOperationsDependencies,
  name: string | null,
  options: SourceSyncOptions,
  signal: AbortSignal,
): AsyncGenerator<SourceSyncProgress> {
  const { confirmRemovals, sourceIds } = options;
  const wanted = name === null ? await unpausedSources(deps, sourceIds) : [await requireSource(deps, name)];
  for (const { name: source, sourceId } of wanted) {
    // Demo documents come last and may have stepped aside for one of the others.
    if (name === null && !(await isThere(deps, sourceId))) continue;
    const meant = name === null ? sourceId : (sourceIds?.[0] ?? sourceId);
    try {
      for await (const step of deps.knowledge.sync(
        deps.tenantId,
        source,
        { confirmRemovals, sourceId: meant },
        signal,
      )) {
        yield { ...(await shownStep(deps, step)), source };
      }
    } catch (error) {
      const isRefused = error instanceof NotFoundError || error instanceof UsageError;
      if (!isRefused || name !== null || (await isThere(deps, sourceId))) throw error;
    }
  }
}

async function shownStep(
  { desk, tenantId, audience }: LocalOperationsDependencies,
  step: SyncProgress,
): Promise<SyncProgress> {
  if (step.kind !== "done" || audience === null) return step;
  return { ...step, diff: await desk.runs.shownTo({ tenantId, audience }, step.diff) };
}

/** Paused sources are synced only when they are asked for by name. */
async function unpausedSources(
  { knowledge, tenantId }: LocalOperationsDependencies,
  sourceIds: readonly string[] | undefined,
): Promise<readonly SourceStatus[]> {
  const sources = await knowledge.status(tenantId);
  return sources.filter(
    ({ sourceId, pausedAt }) => pausedAt === null && (sourceIds === undefined || sourceIds.includes(sourceId)),
  );
}

async function isThere({ knowledge, tenantId }: LocalOperationsDependencies, id: string): Promise<boolean> {
  return (await knowledge.status(tenantId)).some(({ sourceId }) => sourceId === id);
}

async function requireSource(
  { knowledge, tenantId }: LocalOperationsDependencies,
  name: string,
): Promise<SourceStatus> {
  const sources = await knowledge.status(tenantId);
  const found = sources.find((source) => source.name === name);
  if (found !== undefined) return found;
  throw unknownSource(
    name,
    sources.map((source) => source.name),
  );
}
