import { randomUUID } from "node:crypto";
import type { Accepted, ConversationRef, InboundEvent, InboundSink } from "../../src/ports/chat.js";
import type {
  AskedRating,
  HandoffBoard,
  HandoffSummary,
  NewPersonMessage,
  WebAuthor,
  WebMessage,
  WebMessageStore,
} from "../../src/ports/console.js";
import type { LiveSignal, LiveSignals } from "../../src/ports/database.js";
import type { Reply } from "../../src/ports/reply.js";

interface StoredMessage {
  readonly to: ConversationRef;
  readonly deliveryId: string | null;
  message: WebMessage;
}

/** Keeps the promises of {@link WebMessageStore} in memory. */
export class MemoryMessageStore implements WebMessageStore {
  readonly #messages: StoredMessage[] = [];

  addFromPerson({ messageId, to, author, reply }: NewPersonMessage): Promise<void> {
    if (!this.#messages.some(({ message }) => message.messageId === messageId)) {
      this.#add(to, null, { messageId, author, reply, state: "complete" });
    }
    return Promise.resolve();
  }

  post(to: ConversationRef, deliveryId: string, author: WebAuthor, reply: Reply): Promise<string> {
    const found = this.#messages.find((each) => each.deliveryId === deliveryId);
    if (found !== undefined) return Promise.resolve(found.message.messageId);
    return Promise.resolve(this.#add(to, deliveryId, { messageId: randomUUID(), author, reply, state: "complete" }));
  }

  openStream(to: ConversationRef, deliveryId: string, author: WebAuthor): Promise<string> {
    return Promise.resolve(
      this.#add(to, deliveryId, { messageId: randomUUID(), author, reply: null, state: "streaming" }),
    );
  }

  appendPartial(to: ConversationRef, messageId: string, markdown: string): Promise<void> {
    this.#change(to, messageId, (message) => ({ ...message, partialText: message.partialText + markdown }));
    return Promise.resolve();
  }

  complete(to: ConversationRef, messageId: string, reply: Reply): Promise<void> {
    this.#change(to, messageId, (message) => ({ ...message, reply, state: "complete", partialText: "" }));
    return Promise.resolve();
  }

  remove(to: ConversationRef, messageId: string): Promise<void> {
    const index = this.#messages.findIndex((each) => isAt(each, to) && each.message.messageId === messageId);
    if (index >= 0) this.#messages.splice(index, 1);
    return Promise.resolve();
  }

  findByDelivery(to: ConversationRef, deliveryId: string): Promise<string | null> {
    const found = this.#messages.find((each) => isAt(each, to) && each.deliveryId === deliveryId);
    return Promise.resolve(found?.message.messageId ?? null);
  }

  find(to: ConversationRef, messageId: string): Promise<WebMessage | null> {
    const found = this.#messages.find((each) => isAt(each, to) && each.message.messageId === messageId);
    return Promise.resolve(found?.message ?? null);
  }

  list(to: ConversationRef, limit: number): Promise<readonly WebMessage[]> {
    const found = this.#messages.filter((each) => isAt(each, to)).map(({ message }) => message);
    return Promise.resolve(found.slice(-limit));
  }

  #add(
    to: ConversationRef,
    deliveryId: string | null,
    message: Pick<WebMessage, "messageId" | "author" | "reply" | "state">,
  ): string {
    const stored = { ...message, partialText: "", createdAt: new Date(), editedAt: null };
    this.#messages.push({ to, deliveryId, message: stored });
    return message.messageId;
  }

  #change(to: ConversationRef, messageId: string, change: (message: WebMessage) => WebMessage): void {
    const found = this.#messages.find((each) => isAt(each, to) && each.message.messageId === messageId);
    if (found === undefined) throw new Error(`no message ${messageId}`);
    found.message = change(found.message);
  }
}

/** Shows the handoffs it is given. */
export class MemoryHandoffBoard implements HandoffBoard {
  handoffs: HandoffSummary[] = [];
  /** The same for every conversation. */
  ratings: AskedRating[] = [];

  list(_tenantId: string, limit: number): Promise<readonly HandoffSummary[]> {
    return Promise.resolve(this.handoffs.slice(0, limit));
  }

  find(_tenantId: string, handoffId: string): Promise<HandoffSummary | null> {
    return Promise.resolve(this.handoffs.find((handoff) => handoff.handoffId === handoffId) ?? null);
  }

  newestOf(_tenantId: string, { installationId, key }: ConversationRef): Promise<HandoffSummary | null> {
    const own = this.handoffs.filter(
      ({ conversation }) => conversation.installationId === installationId && conversation.key === key,
    );
    return Promise.resolve(own.toSorted((left, right) => +right.createdAt - +left.createdAt)[0] ?? null);
  }

  ratingsOf(): Promise<readonly AskedRating[]> {
    return Promise.resolve(this.ratings);
  }
}

export class MemoryLiveSignals implements LiveSignals {
  readonly #listeners = new Set<(signal: LiveSignal) => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  subscribe(listener: (signal: LiveSignal) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  send(signal: LiveSignal): void {
    for (const listener of this.#listeners) listener(signal);
  }
}

/** Accepts every event and remembers it, once for each event id. Fails with `failure` while that is set. */
export class RecordingSink implements InboundSink {
  readonly events: InboundEvent[] = [];
  failure: Error | null = null;

  accept(event: InboundEvent): Promise<Accepted> {
    if (this.failure !== null) return Promise.reject(this.failure);
    const duplicate = this.events.some(({ eventId }) => eventId === event.eventId);
    if (!duplicate) this.events.push(event);
    return Promise.resolve({ inboxId: event.eventId, conversationId: event.conversation.key, duplicate });
  }
}

function isAt(stored: StoredMessage, to: ConversationRef): boolean {
  return stored.to.installationId === to.installationId && stored.to.key === to.key;
}
