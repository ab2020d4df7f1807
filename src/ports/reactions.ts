import type { Platform, ReactionEvent } from "./chat.js";
import type { Reply } from "./reply.js";
import type { StandingReply } from "./standing-reply.js";

export interface ReactionStore {
  /**
   * A person's words as they were relayed last, by the platform's id of the post; null for any other message, and for
   * what was relayed in another handoff of that conversation.
   */
  relayedAs(
    where: { readonly handoffId: string; readonly conversationId: string },
    platformId: string,
  ): Promise<Reply | null>;
  /** What the other side was shown of this person's reactions on that message; null when it was never shown one. */
  shown(
    where: { readonly conversationId: string; readonly platform: Platform },
    reaction: Pick<ReactionEvent, "messageId" | "author">,
  ): Promise<ShownReaction | null>;
}

export interface ShownReaction {
  /** The one that was shown first. */
  readonly emoji: string;
  readonly delivery: StandingReply;
  /** The line is gone, or about to. */
  readonly isTakenBack: boolean;
  /** What of theirs is on the message by all that is known, the oldest first. */
  readonly standing: readonly string[];
}
