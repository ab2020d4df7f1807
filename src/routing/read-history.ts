import type { ConversationTurn } from "../ports/models.js";
import type { ConversationStore, EarlierEntry, TranscriptEntry } from "../ports/stores.js";

/** What was said before a question, oldest first: the newest entries whole, of those before them the beginnings. */
export type History = readonly (TranscriptEntry | EarlierEntry)[];

/** Entries of the transcript that are read whole. */
const HISTORY_ENTRIES = 12;
const EARLIER = { newest: HISTORY_ENTRIES, limit: 120, characters: 1_000 };

/** Reads a conversation as a question in it needs it. Only a long one takes a second look. */
export async function readHistory(
  conversations: Pick<ConversationStore, "history" | "earlier">,
  conversationId: string,
  before?: Date,
): Promise<History> {
  const newest = await conversations.history(conversationId, HISTORY_ENTRIES, before);
  if (newest.length < HISTORY_ENTRIES) return newest;
  return [...(await conversations.earlier(conversationId, EARLIER, before)), ...newest];
}

/** Notes are for the agents. */
export function toTurn(entry: TranscriptEntry | EarlierEntry): ConversationTurn[] {
  if (entry.speaker === "note") return [];
  return [{ role: entry.speaker, text: entry.text, ...("cited" in entry ? { cited: entry.cited } : {}) }];
}
