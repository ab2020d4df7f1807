import {
  LINKS_ALONE,
  type ChatAdapter,
  type ConversationRef,
  type OutgoingMessage,
  type PostedMessage,
} from "../../src/ports/chat.js";
import { newId } from "../../src/ports/ids.js";
import { replyText } from "../../src/answering/reply-text.js";

export const AGENTS_KEY = "agents";

/** A handoff's card, as it was posted. */
export interface PostedCard {
  readonly handoffId: string;
  readonly threadKey: string;
}

/** A platform that takes no time: it keeps the cards, and tells when a relayed message arrives. */
export class RelayPlace {
  readonly cards: PostedCard[] = [];
  /** What was posted that nobody waited for: a doubled or a foreign message would be here. */
  unexpected = 0;
  readonly #waiting = new Map<string, () => void>();
  readonly #posts = new Map<string, PostedMessage>();

  /** Resolves when this text is posted in this conversation. */
  posted({ key }: ConversationRef, text: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(`${key}\n${text}`, resolve));
  }

  get missing(): number {
    return this.#waiting.size;
  }

  adapter(): ChatAdapter {
    return {
      platform: "web",
      files: LINKS_ALONE,
      countParts: () => 1,
      capabilities: { stream: "none", reconcile: true, edit: true },
      post: (message) => Promise.resolve(this.#post(message)),
      edit: () => Promise.resolve(),
      delete: () => Promise.resolve(),
      openStream: () => Promise.reject(new Error("unreachable: it has no streams")),
      showStatus: () => Promise.resolve(),
      reconcile: (_to, deliveryId) => Promise.resolve(this.#posts.get(deliveryId) ?? null),
    };
  }

  #post(message: OutgoingMessage): PostedMessage {
    const posted = this.#place(message);
    this.#posts.set(message.deliveryId, posted);
    return posted;
  }

  #place({ to, reply, speaker }: OutgoingMessage): PostedMessage {
    const platformId = newId();
    if (to.key !== AGENTS_KEY) {
      if (speaker.role !== "bot") this.#tell(`${to.key}\n${replyText(reply)}`);
      return { platformId, threadKey: to.key };
    }
    const threadKey = `${AGENTS_KEY}/${platformId}`;
    const claim = reply.actions.find((action) => action.name === "claim");
    if (claim !== undefined && "handoffId" in claim) this.cards.push({ handoffId: claim.handoffId, threadKey });
    return { platformId, threadKey };
  }

  #tell(message: string): void {
    const resolve = this.#waiting.get(message);
    if (resolve === undefined) this.unexpected += 1;
    this.#waiting.delete(message);
    resolve?.();
  }
}
