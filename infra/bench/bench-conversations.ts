import { handoffRules } from "../config/handoff-settings.js";
import { LINKS_ALONE, type ChatAdapter, type MessageEvent } from "../../src/ports/chat.js";
import { NO_LIMITS, type BudgetLimits } from "../../src/ports/budgets.js";
import { systemClock } from "../../src/ports/clock.js";
import { noFailpoint } from "../../src/ports/failpoints.js";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import type { Logger, Metrics } from "../../src/ports/logger.js";
import { plainReply } from "../../src/ports/reply.js";
import type { KnowledgeStack } from "../app.js";
import type { LoadedConfig } from "../cli/program-dependencies.js";
import { createCore, DEFAULT_TIMINGS, type Core } from "../core.js";
import type { Models } from "../models/wire-models.js";
import type { OpenDatabase } from "../postgres/open-database.js";
import { InProcessQueue } from "../queue/in-process-queue.js";
import { wireAnswering } from "../wire-answering.js";
import { timed } from "./timed.js";

export interface ConversationParts {
  readonly config: LoadedConfig;
  readonly logger: Logger;
  readonly database: OpenDatabase;
  readonly knowledge: KnowledgeStack;
  readonly models: Models;
}

/** The whole core over a platform that only says when a reply is finished. */
export class Conversations {
  /** Milliseconds, by stage, one for each question. */
  readonly stages = new Map<string, number[]>();
  readonly #core: Core;
  readonly #installation: Promise<string>;
  #installationId = "";
  #finished: () => void = () => undefined;

  constructor({ config, logger, database, knowledge, models }: ConversationParts) {
    this.#installation = database.coordination.ensureInstallation(DEFAULT_TENANT, "web", "bench").then(({ id }) => {
      this.#installationId = id;
      return id;
    });
    this.#core = createCore({
      coordination: database.coordination,
      withStores: database.withStores,
      outcomeOf: database.outcomeOf,
      adapters: [this.#platform()],
      answering: wireAnswering(knowledge, models, config),
      search: knowledge.search,
      budget: COUNTED,
      runCommand: () => Promise.resolve(plainReply("")),
      agentsChannel: () => ({ installationId: this.#installationId, key: "agents" }),
      queue: new InProcessQueue(logger),
      logger,
      metrics: this.#metrics(),
      failpoint: noFailpoint,
      clock: systemClock,
      newId,
      botName: "Deskhand",
      owner: "bench",
      timings: DEFAULT_TIMINGS,
      burstMs: config.settings.routing.burstSeconds * 1_000,
      handoff: { ...handoffRules(config.settings.handoff), files: null },
    });
    this.#core.start({ sweep: false });
  }

  /** Milliseconds from the question to its finished reply. */
  async ask(question: string): Promise<number> {
    const event = questionEvent(await this.#installation, question);
    const finished = new Promise<void>((resolve) => {
      this.#finished = resolve;
    });
    return timed(async () => {
      await this.#core.sink.accept(event);
      await finished;
    });
  }

  stop(): Promise<void> {
    return this.#core.stop(1_000);
  }

  #platform(): ChatAdapter {
    const posted = (key: string) => ({ platformId: newId(), threadKey: key === "agents" ? `agents/${newId()}` : key });
    const finish = (key: string) => {
      if (key !== "agents") this.#finished();
    };
    return {
      platform: "web",
      files: LINKS_ALONE,
      countParts: () => 1,
      capabilities: { stream: "append", reconcile: true, edit: true },
      post: ({ to }) => {
        finish(to.key);
        return Promise.resolve(posted(to.key));
      },
      edit: () => Promise.resolve(),
      delete: () => Promise.resolve(),
      openStream: ({ to: { key } }) =>
        Promise.resolve({
          posted: posted(key),
          append: () => Promise.resolve(),
          finish: () => {
            finish(key);
            return Promise.resolve();
          },
          abort: () => Promise.resolve(),
        }),
      showStatus: () => Promise.resolve(),
      reconcile: () => Promise.resolve(null),
    };
  }

  #metrics(): Metrics {
    const nothing = () => undefined;
    return {
      eventAccepted: nothing,
      eventFinished: nothing,
      deliveryEnded: nothing,
      budgetSpent: nothing,
      firstReply: nothing,
      targetMissed: nothing,
      answerStage: (stage, ms) => {
        this.stages.set(stage, [...(this.stages.get(stage) ?? []), ms]);
      },
    };
  }
}

function questionEvent(installationId: string, text: string): MessageEvent {
  const id = newId();
  return {
    kind: "message",
    eventId: id,
    conversation: { installationId, key: id },
    channelId: id,
    messageId: id,
    revision: 0,
    occurredAt: new Date(),
    author: { id: "bench", displayName: "Bench", role: "customer", isBot: false },
    audience: ["public"],
    text,
    addressesBot: true,
  };
}

/** Nothing is refused, and everything is counted as it is for people. */
const COUNTED: BudgetLimits = { ...NO_LIMITS, person: { perMinute: 1_000_000, perDay: 1_000_000 } };
