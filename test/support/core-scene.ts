import { createCore, type Core, type CoreDependencies } from "../../infra/core.js";
import { InProcessQueue } from "../../infra/queue/in-process-queue.js";
import type { OpenDatabase } from "../../infra/postgres/open-database.js";
import type { Answering } from "../../src/answering/contract.js";
import type { HandoffRules } from "../../src/handoff/handoff-scene.js";
import type { ConversationRef, InboundEvent } from "../../src/ports/chat.js";
import { NO_LIMITS, type BudgetLimits } from "../../src/ports/budgets.js";
import { systemClock, type Clock } from "../../src/ports/clock.js";
import { noFailpoint } from "../../src/ports/failpoints.js";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import type { KnowledgeSearch } from "../../src/ports/knowledge.js";
import type { Queue } from "../../src/ports/queue.js";
import { plainReply } from "../../src/ports/reply.js";
import { MemorySearch } from "../fakes/memory-search.js";
import { ScriptedAnswering } from "../fakes/scripted-answering.js";
import type { RecordingPlatform } from "../fakes/recording-platform.js";
import { NO_TIMERS } from "./handoff-rules.js";
import { silentLogger } from "./silent-logger.js";

interface InboxRow {
  event_id: string;
  outcome: string | null;
  outcome_reason: string | null;
}

interface SceneOptions {
  readonly queue?: Queue;
  readonly burstMs?: number;
  readonly budget?: BudgetLimits;
  readonly handoff?: Partial<
    Pick<
      HandoffRules,
      | "hours"
      | "timers"
      | "teams"
      | "replies"
      | "askRating"
      | "sla"
      | "showTeamName"
      | "agentNames"
      | "presence"
      | "files"
    >
  >;
  readonly search?: KnowledgeSearch;
  readonly clock?: Clock;
  readonly gapReport?: CoreDependencies["gapReport"];
  readonly candidateCards?: CoreDependencies["candidateCards"];
}

/** A running core over a database and a platform in memory, and ways to talk to it. */
export class CoreScene implements AsyncDisposable {
  readonly core: Core;
  readonly platform: RecordingPlatform;
  /** Where cards go. */
  agentsChannel: (team: string | null) => ConversationRef = () => this.at("agents");
  readonly #database: OpenDatabase;
  readonly #installationId: string;

  private constructor(core: Core, platform: RecordingPlatform, database: OpenDatabase, installationId: string) {
    this.core = core;
    this.platform = platform;
    this.#database = database;
    this.#installationId = installationId;
  }

  static async start(
    database: OpenDatabase,
    platform: RecordingPlatform,
    answering: Answering,
    options: SceneOptions = {},
  ): Promise<CoreScene> {
    const { id } = await database.coordination.ensureInstallation(DEFAULT_TENANT, "web", newId());
    return CoreScene.#startIn(database, platform, answering, id, options);
  }

  /** A new core in the installation of an earlier one. */
  static async startAgain(
    database: OpenDatabase,
    platform: RecordingPlatform,
    answering: Answering,
    earlier: CoreScene,
    options: SceneOptions = {},
  ): Promise<CoreScene> {
    await earlier.core.stop(1_000);
    return CoreScene.#startIn(database, platform, answering, earlier.#installationId, options);
  }

  static #startIn(
    database: OpenDatabase,
    platform: RecordingPlatform,
    answering: Answering,
    id: string,
    { queue, burstMs, budget, handoff, clock, search, gapReport, candidateCards }: SceneOptions,
  ): CoreScene {
    const nothing = () => undefined;
    const core = createCore({
      coordination: database.coordination,
      withStores: database.withStores,
      outcomeOf: database.outcomeOf,
      adapters: [platform],
      answering,
      search: search ?? new MemorySearch([]),
      budget: budget ?? NO_LIMITS,
      runCommand: ({ line }) => Promise.resolve(plainReply(`ran ${line}`)),
      agentsChannel: (_tenantId, team) => scene.agentsChannel(team),
      queue: queue ?? new InProcessQueue(silentLogger),
      logger: silentLogger,
      metrics: {
        eventAccepted: nothing,
        eventFinished: nothing,
        deliveryEnded: nothing,
        answerStage: nothing,
        budgetSpent: nothing,
        firstReply: nothing,
        targetMissed: nothing,
      },
      failpoint: noFailpoint,
      clock: clock ?? systemClock,
      newId,
      botName: "Deskhand",
      owner: newId(),
      timings: {
        conversationLeaseMs: 5_000,
        deliveryLeaseMs: 5_000,
        timersMs: 50,
        learningMs: 50,
        sweepMs: 100,
        eventRetryMs: [20, 20, 20, 20],
        concurrency: 4,
      },
      burstMs: burstMs ?? 0,
      handoff: { ...NO_TIMERS, ...handoff },
      gapReport: gapReport ?? null,
      candidateCards: candidateCards ?? null,
    });
    const scene = new CoreScene(core, platform, database, id);
    core.start();
    return scene;
  }

  /** Another process over the same database and platform; whoever asks for it stops it. */
  beside(options: SceneOptions = {}): Core {
    const { core } = CoreScene.#startIn(
      this.#database,
      this.platform,
      new ScriptedAnswering(),
      this.#installationId,
      options,
    );
    return core;
  }

  at(key: string): ConversationRef {
    return { installationId: this.#installationId, key };
  }

  /** Accepts an event and resolves with `kind: reason` once it has its outcome and all that was due has been posted. */
  async play(event: InboundEvent): Promise<string> {
    await this.core.sink.accept(event);
    return this.outcome(event);
  }

  /** Resolves once a stored event has its outcome and all that was due has been posted. */
  async outcome(event: InboundEvent): Promise<string> {
    for (;;) {
      const row = await this.#outcomeOf(event);
      if (row !== null) return row;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async #outcomeOf(event: InboundEvent): Promise<string | null> {
    const { rows } = await this.#database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<InboxRow>(
        `select event_id, outcome, outcome_reason from inbox
          where tenant_id = current_tenant() and event_id = $1 and outcome is not null
            and not exists (select from delivery where tenant_id = current_tenant() and ended_at is null)`,
        [event.eventId],
      ),
    );
    const [row] = rows;
    return row === undefined ? null : `${row.outcome}: ${row.outcome_reason}`;
  }

  /** Resolves once all that was due has been posted. */
  async settled(): Promise<void> {
    const due = async () => {
      const sql = "select from delivery where tenant_id = current_tenant() and ended_at is null";
      return (await this.#database.withTenant(DEFAULT_TENANT, (db) => db.query(sql))).rows.length;
    };
    while ((await due()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** True while an event waits that was looked at, and put back. */
  async isPutBack(event: InboundEvent): Promise<boolean> {
    const { rows } = await this.#database.withTenant(DEFAULT_TENANT, (db) =>
      db.query(
        `select from inbox where tenant_id = current_tenant() and event_id = $1 and outcome is null and attempts = 0
            and next_attempt_at > received_at + interval '100 milliseconds'`,
        [event.eventId],
      ),
    );
    return rows.length === 1;
  }

  async deliveryStates(): Promise<string[]> {
    const { rows } = await this.#database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ state: string }>("select state from delivery where tenant_id = current_tenant() order by seq"),
    );
    return rows.map(({ state }) => state);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.core.stop(2_000);
  }
}
