import { setTimeout as delay } from "node:timers/promises";
import type { ChatUpdate, FinishedEvent } from "../../src/commands/operations.js";
import type { ConversationRef } from "../../src/ports/chat.js";
import type { WebMessage, WebMessageStore } from "../../src/ports/console.js";
import type { LiveSignals } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { OutcomeReader } from "../postgres/outcome-reader.js";
import type { SaidEvents } from "./said-events.js";

/** Signals may be lost, so it looks by itself too: often while an outcome is awaited, else now and then. */
const BUSY_POLL_MS = 100;
const IDLE_POLL_MS = 2000;
const MESSAGES_READ = 200;

export interface FollowDependencies {
  readonly tenantId: TenantId;
  readonly messages: WebMessageStore;
  readonly outcomes: OutcomeReader;
  readonly live: LiveSignals;
  readonly said: SaidEvents;
}

/** See {@link Operations.follow}. */
export async function* followConversation(
  deps: FollowDependencies,
  conversation: ConversationRef,
  afterMessageId: string | null,
  signal: AbortSignal,
): AsyncGenerator<ChatUpdate> {
  const bell = createBell(deps, conversation.key);
  const shown = new Map<string, string>();
  const reported = new Set<string>();
  let skipUntil = afterMessageId;
  try {
    while (!signal.aborted) {
      bell.reset();
      // Outcomes are read first: a message that belongs to one is then in the list that follows.
      const finished = await unreported(deps, conversation.key, reported);
      const messages = await deps.messages.list(conversation, MESSAGES_READ);
      yield* changed(messages, shown, skipUntil);
      skipUntil = null;
      for (const event of finished) {
        reported.add(event.inboxId);
        yield { kind: "outcome", ...event };
      }
      const isWaiting = deps.said.in(conversation.key).some((inboxId) => !reported.has(inboxId));
      await bell.wait(isWaiting ? BUSY_POLL_MS : IDLE_POLL_MS, signal);
    }
  } finally {
    bell.stop();
  }
}

async function unreported(
  { tenantId, outcomes, said }: FollowDependencies,
  key: string,
  reported: ReadonlySet<string>,
): Promise<readonly FinishedEvent[]> {
  const waiting = said.in(key).filter((inboxId) => !reported.has(inboxId));
  const events = await Promise.all(waiting.map((inboxId) => outcomes.read(tenantId, inboxId)));
  return events.filter((event) => event !== null);
}

function changed(messages: readonly WebMessage[], shown: Map<string, string>, skipUntil: string | null): ChatUpdate[] {
  const skipped = skipUntil === null ? -1 : messages.findIndex(({ messageId }) => messageId === skipUntil);
  const updates: ChatUpdate[] = [];
  messages.forEach((message, index) => {
    const state = JSON.stringify([message.state, message.partialText, message.reply]);
    if (shown.get(message.messageId) === state) return;
    shown.set(message.messageId, state);
    if (index > skipped) updates.push({ kind: "message", message });
  });
  return updates;
}

interface Bell {
  reset(): void;
  /** Resolves when it rings, after `ms`, or when the signal aborts. Never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  stop(): void;
}

function createBell({ live, tenantId }: FollowDependencies, key: string): Bell {
  let ring = new AbortController();
  const stop = live.subscribe((signal) => {
    if (signal.tenantId === tenantId && signal.topic === "conversation" && signal.id === key) ring.abort();
  });
  return {
    reset: () => (ring = new AbortController()),
    wait: async (ms, signal) => {
      await delay(ms, undefined, { signal: AbortSignal.any([ring.signal, signal]) }).catch(() => undefined);
    },
    stop,
  };
}
