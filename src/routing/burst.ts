import { recogniseIntent } from "../answering/stages/intent.js";
import { wordsOf } from "../handoff/relayed-words.js";
import type { MessageEvent } from "../ports/chat.js";
import type { NeighbouringEvent } from "../ports/stores.js";
import { readsAsWhole } from "./reads-as-whole.js";

/** One message of a turn, with the words it has now. */
export interface TurnMessage {
  readonly inboxId: string;
  readonly event: MessageEvent;
  readonly text: string;
  readonly waitedMs: number;
}

/** What is to be done about a message whose turn has come. */
export type Gathered =
  | { readonly kind: "turn"; readonly messages: readonly TurnMessage[] }
  /** Its writer may go on in a moment. */
  | { readonly kind: "wait"; readonly forMs: number }
  /** Deleted before it was begun. */
  | { readonly kind: "withdrawn" }
  /** An edit of it came earlier than the message itself, and has been answered. */
  | { readonly kind: "answered-already" };

/** More than this is no burst, but a flood: what is left makes the next turn. */
const MOST_MESSAGES = 10;
/** How far apart two messages may be that wait already, where one of them does not read as a whole. */
const LONGEST_PAUSE_MS = 20_000;
/** However often its writer goes on, the first message of a burst waits for so many of its times at most. */
const LONGEST_WAIT = 3;

/**
 * The messages that one reply answers: the one whose turn has come, and what the same person wrote right behind it. Only
 * what waits already is joined; for more it is waited only where the last words do not read as a whole. Pure.
 *
 * @param around the message itself, what waits behind it in order, and edits and deletions of it that are over.
 * @param burstMs how soon after one another messages belong together; 0 joins none.
 */
export function gatherTurn(
  first: { readonly inboxId: string; readonly event: MessageEvent; readonly attempts: number },
  around: readonly NeighbouringEvent[],
  burstMs: number,
): Gathered {
  const { event, inboxId } = first;
  const over = around.filter(({ outcome }) => outcome !== null);
  // One that came before its message found nothing to take back, and was ignored then.
  if (over.some((other) => isAbout(event, other, "deletion"))) return { kind: "withdrawn" };
  const carriedOut = over.filter(({ outcome }) => outcome?.kind !== "ignored");
  if (carriedOut.some((other) => isAbout(event, other, "edit"))) return { kind: "answered-already" };
  const waiting = around.filter(({ outcome }) => outcome === null);
  const text = wordsNow(event, waiting);
  if (text === null) return { kind: "withdrawn" };
  const waitedMs = waiting.find((one) => one.inboxId === inboxId)?.waitedMs ?? 0;
  const messages: TurnMessage[] = [{ inboxId, event, text, waitedMs }];
  if (burstMs <= 0) return { kind: "turn", messages };
  const isOpen = joinWhatWaits(messages, waiting, burstMs);
  const forMs = isOpen && first.attempts === 0 ? waitFor(messages, burstMs) : 0;
  return forMs > 0 ? { kind: "wait", forMs } : { kind: "turn", messages };
}

/** False when something else came in between, so that nothing can be added any more. */
function joinWhatWaits(messages: TurnMessage[], waiting: readonly NeighbouringEvent[], burstMs: number): boolean {
  for (const { inboxId, event, waitedMs } of waiting) {
    const last = messages.at(-1);
    if (last === undefined || messages.some((one) => one.inboxId === inboxId)) continue;
    // They are begun after the turn, and find it answered with their words.
    if (event?.kind === "edit" || event?.kind === "deletion" || event?.kind === "reaction") continue;
    const text = event?.kind === "message" ? wordsNow(event, waiting) : "";
    if (text === null) continue;
    const next = event?.kind === "message" ? { inboxId, event, text, waitedMs } : null;
    if (next === null || messages.length >= MOST_MESSAGES || !belongsTo(last, next, burstMs)) return false;
    messages.push(next);
  }
  return true;
}

function belongsTo(last: TurnMessage, next: TurnMessage, burstMs: number): boolean {
  const [one, other] = [last.event, next.event];
  if (next.text.trim() === "" || other.addressesOthers === true) return false;
  // Only the files of the message whose turn has come are received.
  if (other.files !== undefined && other.files.length > 0) return false;
  // Among other words it would not be recognised.
  if ([last.text, next.text].some(asksForPerson)) return false;
  const isSamePerson = one.author.id === other.author.id && one.author.role === other.author.role;
  // What may be answered from is the same for the whole turn.
  if (!isSamePerson || one.audience.join() !== other.audience.join()) return false;
  const pauseMs = other.occurredAt.getTime() - one.occurredAt.getTime();
  if (pauseMs <= burstMs) return true;
  return pauseMs <= Math.max(burstMs, LONGEST_PAUSE_MS) && !(mayStand(last.text) && mayStand(next.text));
}

function waitFor(messages: readonly TurnMessage[], burstMs: number): number {
  const [first, last] = [messages[0], messages.at(-1)];
  if (first === undefined || last === undefined || mayStand(last.text)) return 0;
  return Math.ceil(Math.min(burstMs - last.waitedMs, LONGEST_WAIT * burstMs - first.waitedMs));
}

function asksForPerson(text: string): boolean {
  return recogniseIntent(text).kind === "human-please";
}

/** A greeting is whole, and hardly ever all that somebody wants. */
function mayStand(text: string): boolean {
  return recogniseIntent(text).kind !== "greeting" && readsAsWhole(text);
}

/** Null when it was deleted meanwhile. */
function wordsNow(event: MessageEvent, waiting: readonly NeighbouringEvent[]): string | null {
  if (waiting.some((other) => isAbout(event, other, "deletion"))) return null;
  const newest = waiting.findLast((other) => isAbout(event, other, "edit"))?.event;
  return wordsOf(newest?.kind === "edit" ? newest : event);
}

/** Nobody changes another's words. */
function isAbout(message: MessageEvent, { event }: NeighbouringEvent, kind: "edit" | "deletion"): boolean {
  if (event?.kind !== kind || event.author.id !== message.author.id) return false;
  return event.channelId === message.channelId && event.messageId === message.messageId;
}
