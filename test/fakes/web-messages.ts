import type { ConversationRef } from "../../src/ports/chat.js";
import type { NewPersonMessage, WebAuthor, WebMessage, WebMessageStore } from "../../src/ports/console.js";
import type { LiveSignal, LiveSignals } from "../../src/ports/database.js";
import { NotFoundError } from "../../src/ports/errors.js";
import { DEFAULT_TENANT, newId } from "../../src/ports/ids.js";
import type { Reply } from "../../src/ports/reply.js";

interface Kept extends WebMessage {
  readonly key: string;
  readonly deliveryId: string | null;
}

/** A message store in memory that signals its changes, as the one in the database does. */
export class WebMessages implements WebMessageStore, LiveSignals {
  readonly #messages = new Map<string, Kept>();
  readonly #listeners = new Set<(signal: LiveSignal) => void>();

  subscribe(listener: (signal: LiveSignal) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get subscribers(): number {
    return this.#listeners.size;
  }

  addFromPerson({ messageId, to, author, reply }: NewPersonMessage): Promise<void> {
    if (!this.#messages.has(messageId)) this.#keep(messageId, to, null, author, reply);
    return Promise.resolve();
  }

  post(to: ConversationRef, deliveryId: string, author: WebAuthor, reply: Reply): Promise<string> {
    return Promise.resolve(this.#idOf(deliveryId) ?? this.#keep(newId(), to, deliveryId, author, reply));
  }

  openStream(to: ConversationRef, deliveryId: string, author: WebAuthor): Promise<string> {
    return Promise.resolve(this.#idOf(deliveryId) ?? this.#keep(newId(), to, deliveryId, author, null));
  }

  appendPartial(_to: ConversationRef, messageId: string, markdown: string): Promise<void> {
    return this.#change(messageId, (message) => ({ ...message, partialText: message.partialText + markdown }));
  }

  complete(_to: ConversationRef, messageId: string, reply: Reply): Promise<void> {
    return this.#change(messageId, (message) => ({
      ...message,
      state: "complete",
      reply,
      partialText: "",
      editedAt: new Date(),
    }));
  }

  remove(to: ConversationRef, messageId: string): Promise<void> {
    this.#messages.delete(messageId);
    this.#signal(to.key);
    return Promise.resolve();
  }

  findByDelivery(_to: ConversationRef, deliveryId: string): Promise<string | null> {
    return Promise.resolve(this.#idOf(deliveryId));
  }

  async find(to: ConversationRef, messageId: string): Promise<WebMessage | null> {
    const all = await this.list(to, this.#messages.size);
    return all.find((message) => message.messageId === messageId) ?? null;
  }

  list(to: ConversationRef, limit: number): Promise<readonly WebMessage[]> {
    const all = [...this.#messages.values()].filter(({ key }) => key === to.key);
    return Promise.resolve(
      all.slice(-limit).map(({ messageId, author, state, reply, partialText, createdAt, editedAt }) => ({
        messageId,
        author,
        state,
        reply,
        partialText,
        createdAt,
        editedAt,
      })),
    );
  }

  #idOf(deliveryId: string): string | null {
    return [...this.#messages.values()].find((message) => message.deliveryId === deliveryId)?.messageId ?? null;
  }

  #keep(messageId: string, to: ConversationRef, deliveryId: string | null, author: WebAuthor, reply: Reply | null) {
    const state = reply === null ? "streaming" : "complete";
    const times = { createdAt: new Date(), editedAt: null };
    this.#messages.set(messageId, {
      messageId,
      key: to.key,
      deliveryId,
      author,
      state,
      reply,
      partialText: "",
      ...times,
    });
    this.#signal(to.key);
    return messageId;
  }

  #change(messageId: string, change: (message: Kept) => Kept): Promise<void> {
    const message = this.#messages.get(messageId);
    if (message === undefined) return Promise.reject(new NotFoundError("no such message"));
    this.#messages.set(messageId, change(message));
    this.#signal(message.key);
    return Promise.resolve();
  }

  #signal(key: string): void {
    for (const listener of this.#listeners) listener({ tenantId: DEFAULT_TENANT, topic: "conversation", id: key });
  }
}
