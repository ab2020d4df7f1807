import { createLocalOperations } from "../../infra/cli/local-operations.js";
import type { FinishedEvent, Operations } from "../../src/commands/operations.js";
import type { ConversationRef, InboundEvent, InboundSink } from "../../src/ports/chat.js";
import { systemClock } from "../../src/ports/clock.js";
import { NotFoundError } from "../../src/ports/errors.js";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import { plainReply, type Reply } from "../../src/ports/reply.js";
import type { CoreStores, StoredAnswer } from "../../src/ports/stores.js";
import { AT_THE_TERMINAL, type OnBehalfOf } from "../../src/commands/run-command.js";
import { FolderKnowledge } from "./folder-knowledge.js";
import { MemoryDesk } from "./memory-desk.js";
import { WebMessages } from "./web-messages.js";

/** What the bot says to a text, and what becomes of it. */
export interface ScriptedAnswer {
  readonly reply: Reply | null;
  /** Shown piece by piece before the reply is there. */
  readonly streamed?: readonly string[];
  readonly outcome: FinishedEvent["outcome"];
  readonly confidence?: number | null;
}

const ANSWER_ID = "01980a3c-7d1e-7cc2-9d7b-6a5f0e3b2c11";

/** A terminal's installation in memory: a scripted bot behind the real local operations. */
export class TerminalInstallation {
  readonly installationId = newId();
  readonly messages = new WebMessages();
  readonly knowledge = new FolderKnowledge();
  readonly desk = new MemoryDesk(this.knowledge);
  readonly operations: Operations;
  readonly accepted: InboundEvent[] = [];
  /** Events cannot be stored while this is set. */
  acceptFailure: Error | null = null;
  /** Whatever the bot is not told to answer, it hands over. */
  answers: Readonly<Record<string, ScriptedAnswer>> = {};
  readonly #outcomes = new Map<string, FinishedEvent>();

  constructor() {
    this.operations = this.operationsFor({ tenantId: DEFAULT_TENANT, ...AT_THE_TERMINAL });
  }

  operationsFor(who: OnBehalfOf): Operations {
    const sink: InboundSink = { accept: (event) => this.#accept(event) };
    return createLocalOperations({
      ...who,
      desk: this.desk.desk,
      installationId: this.installationId,
      sink,
      messages: this.messages,
      live: this.messages,
      outcomes: { read: (_tenantId, inboxId) => Promise.resolve(this.#outcomes.get(inboxId) ?? null) },
      knowledge: this.knowledge,
      search: this.knowledge,
      withStores: (_tenantId, work) =>
        work({
          traces: { read: readAnswer, readNewest: (place: ConversationRef) => this.#newest(place) },
        } as unknown as CoreStores),
      gate: { check: () => Promise.resolve({ kind: "unchecked" } as const) },
      agentNames: "full",
      clock: systemClock,
      doctor: () =>
        Promise.resolve({ checks: [{ name: "Database", state: "on", detail: "embedded", advice: null } as const] }),
    });
  }

  /** A person writes into a conversation. */
  async say(key: string, name: string, text: string): Promise<void> {
    const to = { installationId: this.installationId, key };
    await this.messages.post(to, newId(), { role: "agent", name }, plainReply(text));
  }

  #accept(event: InboundEvent) {
    if (this.acceptFailure !== null) return Promise.reject(this.acceptFailure);
    const isKnown = this.accepted.some(({ eventId }) => eventId === event.eventId);
    const accepted = { inboxId: event.eventId, conversationId: newId(), duplicate: isKnown };
    if (isKnown || event.kind !== "message") return Promise.resolve(accepted);
    this.accepted.push(event);
    setImmediate(() => void this.#answer(event.text, event.conversation.key, event.eventId));
    return Promise.resolve(accepted);
  }

  #newest({ installationId, key }: ConversationRef): Promise<StoredAnswer> {
    const isHere = this.accepted.some(({ conversation }) => conversation.key === key);
    return readAnswer(isHere && installationId === this.installationId ? ANSWER_ID : "none");
  }

  async #answer(text: string, key: string, inboxId: string): Promise<void> {
    const answer = this.answers[text] ?? {
      reply: plainReply("I've passed your question to a person."),
      outcome: { kind: "handed-off", reason: "nothing-found" },
    };
    const to = { installationId: this.installationId, key };
    const bot = { role: "bot", name: "Deskhand" } as const;
    if (answer.streamed !== undefined && answer.reply !== null) {
      const messageId = await this.messages.openStream(to, inboxId, bot);
      for (const piece of answer.streamed) await this.messages.appendPartial(to, messageId, piece);
      await this.messages.complete(to, messageId, answer.reply);
    } else if (answer.reply !== null) await this.messages.post(to, inboxId, bot, answer.reply);
    const { outcome, confidence = null } = answer;
    this.#outcomes.set(inboxId, { inboxId, outcome, answerId: ANSWER_ID, confidence });
  }
}

function readAnswer(answerId: string): Promise<StoredAnswer> {
  if (answerId !== ANSWER_ID) return Promise.reject(new NotFoundError("There is no such answer."));
  const retrieved = { passages: [{ title: "Reset the hub", externalId: "reset.md", scores: { fused: 0.71 } }] };
  return Promise.resolve({
    answerId,
    conversationId: newId(),
    inboxId: newId(),
    question: "How do I reset the hub?",
    decision: "answer",
    reason: "confident",
    confidence: 0.83,
    threshold: 0.5,
    text: "Hold the button for ten seconds.",
    createdAt: new Date("2026-01-02T03:04:05Z"),
    stages: [
      { stage: "retrieve", ms: 4.2, cost: 0, model: null, promptVersion: null, output: retrieved },
      { stage: "generate", ms: 1.5, cost: 0, model: "extractive", promptVersion: "1", output: {} },
    ],
  });
}
