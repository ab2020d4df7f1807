import type { ConversationView } from "../../api.js";

/** The message whose "is it solved?" still waits for a word: the newest of a handoff that is resolved; null when nothing waits. */
export function openQuestionOf({ messages, handoff }: Pick<ConversationView, "messages" | "handoff">): string | null {
  if (handoff?.state !== "resolved" || handoff.isSettled) return null;
  const asked = messages.findLast(({ reply }) => {
    const actions = reply?.actions ?? [];
    return actions.some((action) => action.name === "solved" && action.handoffId === handoff.handoffId);
  });
  return asked?.messageId ?? null;
}
