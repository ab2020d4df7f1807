import { useCallback, useState } from "react";
import type { ConversationView, MessageView } from "../../api.js";
import type { LiveNews } from "../state/live.js";
import { useResource } from "../state/resource.js";
import { useStoredValue } from "../state/stored-value.js";
import { useNow } from "../state/times.js";

/** What the customer waits for: nothing, the bot, or the bot for longer than it should take. */
export type Waiting = "nothing" | "bot" | "bot-late";

const LATE_MS = 60_000;
/** An answer after a question back comes sooner. */
const LONGEST_PAUSE_MS = 8_000;
const OPEN_STATES: ReadonlySet<string> = new Set(["waiting", "claimed", "snoozed", "reopened"]);

export interface Conversation {
  readonly number: number;
  readonly messages: readonly MessageView[];
  readonly handoff: ConversationView["handoff"];
  readonly ratings: ConversationView["ratings"];
  readonly isLoaded: boolean;
  readonly waiting: Waiting;
  reload(): void;
  startNew(): void;
}

/** The customer's conversation that this browser has open. */
export function useConversation(): Conversation {
  const [stored, setStored] = useStoredValue("conversation", "1");
  const number = /^[1-9]\d{0,5}$/u.test(stored) ? Number(stored) : 1;
  const concerns = useCallback(
    (news: LiveNews) => news.topic === "handoffs" || (news.topic === "conversation" && news.conversation === number),
    [number],
  );
  const { data, reload } = useResource<ConversationView>(`/api/conversations/${number}/messages`, concerns);
  const now = useNow();
  return {
    number,
    messages: data?.messages ?? [],
    handoff: data?.handoff ?? null,
    ratings: data?.ratings ?? [],
    isLoaded: data !== null,
    waiting: waitingFor(data, now),
    reload,
    startNew: () => setStored(String(number + 1)),
  };
}

/** Whether a person has the conversation, or is about to. */
export function isInHumanHands(handoff: ConversationView["handoff"]): boolean {
  return handoff !== null && OPEN_STATES.has(handoff.state);
}

function waitingFor(data: ConversationView | null, now: number): Waiting {
  const last = data?.messages.at(-1);
  if (last?.author.role !== "customer" || isInHumanHands(data?.handoff ?? null)) return "nothing";
  const waitedMs = now - Date.parse(last.createdAt);
  if (waitedMs > LONGEST_PAUSE_MS && isPaused(data?.messages ?? [])) return "nothing";
  return waitedMs > LATE_MS ? "bot-late" : "bot";
}

/** Whoever asks too much is told so once; what they write after it gets no reply, so nothing is waited for. */
function isPaused(messages: readonly MessageView[]): boolean {
  const told = messages.findLast(({ author }) => author.role === "bot")?.reply?.actions ?? [];
  return told.length === 1 && told[0]?.name === "human";
}

/** A piece of state that is forgotten when `key` changes. */
export function useStateFor<T>(key: unknown, initial: T): readonly [T, (value: T) => void] {
  const [state, setState] = useState({ key, value: initial });
  const set = useCallback((value: T) => setState({ key, value }), [key]);
  return [state.key === key ? state.value : initial, set];
}
