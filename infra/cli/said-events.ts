/** Conversations, and events in each, that are remembered: far more than anybody follows at once. */
const MAX_CONVERSATIONS = 1000;
const MAX_EVENTS = 50;

/** Remembers which events were said where, so that whoever follows a conversation learns their outcomes. */
export interface SaidEvents {
  add(conversationKey: string, inboxId: string): void;
  /** Oldest first. */
  in(conversationKey: string): readonly string[];
}

export function createSaidEvents(): SaidEvents {
  const byConversation = new Map<string, readonly string[]>();
  return {
    add: (conversationKey, inboxId) => {
      const others = (byConversation.get(conversationKey) ?? []).filter((id) => id !== inboxId);
      byConversation.delete(conversationKey);
      byConversation.set(conversationKey, [...others, inboxId].slice(-MAX_EVENTS));
      const [oldest] = byConversation.keys();
      if (byConversation.size > MAX_CONVERSATIONS && oldest !== undefined) byConversation.delete(oldest);
    },
    in: (conversationKey) => byConversation.get(conversationKey) ?? [],
  };
}
