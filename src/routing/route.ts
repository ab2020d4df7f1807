import type { ActionEvent, Author, InboundEvent, MessageEvent, ReactionEvent } from "../ports/chat.js";
import { reviewLine } from "../commands/candidate-card.js";
import { controlOf, type HandoffControl } from "../handoff/control.js";
import { noteInBlocks, noteText } from "../handoff/note-text.js";
import { assertNever } from "../ports/errors.js";
import type { PressName } from "../handoff/handoff-handlers.js";
import type { Fault } from "../ports/answer-cases.js";
import type { Rating } from "../ports/ratings.js";
import type { Handoff } from "../ports/handoffs.js";
import type { Block } from "../ports/reply.js";
import type { ConversationState } from "../ports/stores.js";

/** Where an event goes. The router only decides; the handlers act. */
export type Route =
  | { readonly kind: "answer"; readonly question: string }
  | { readonly kind: "hand-off" }
  /** A file without a word, for the bot, which reads none. */
  | { readonly kind: "only-files" }
  | { readonly kind: "relay-to-agents"; readonly handoff: Handoff; readonly text: string }
  | { readonly kind: "relay-to-customer"; readonly handoff: Handoff; readonly text: string }
  | { readonly kind: "note"; readonly handoff: Handoff; readonly text: string }
  | { readonly kind: "turn-away"; readonly handoff: Handoff }
  /** Written by an agent in the thread of a handoff that another team has by now. */
  | { readonly kind: "tell-gone"; readonly handoff: Handoff }
  /** A message was changed or deleted that the bot may have answered. */
  | { readonly kind: "amend" }
  | { readonly kind: "relay-amendment"; readonly handoff: Handoff }
  /** An agent changed or deleted what they had written in the thread. */
  | { readonly kind: "amended-by-agent"; readonly handoff: Handoff }
  /** A reaction on a message of a handoff. */
  | { readonly kind: "acknowledge"; readonly handoff: Handoff }
  /** A button about a handoff. */
  | { readonly kind: "press"; readonly handoffId: string; readonly name: PressName }
  /** An agent tells the bot what to do with the thread's handoff. */
  | { readonly kind: "control"; readonly handoff: Handoff; readonly control: HandoffControl }
  /** An agent asks for the bot's draft, or sends it; or looks something up. */
  | { readonly kind: "suggest"; readonly handoffId: string }
  | { readonly kind: "send-suggestion"; readonly suggestionId: string }
  /** A customer rates the help that they got. */
  | { readonly kind: "rate"; readonly handoffId: string; readonly rating: Rating }
  | { readonly kind: "say-why"; readonly handoffId: string; readonly words: string }
  | { readonly kind: "search"; readonly handoffId: string; readonly words: string }
  /** The customer's handoff was resolved, and nobody knows yet whether it is: this says yes, no, or something else. */
  | { readonly kind: "after-resolved"; readonly handoff: Handoff; readonly text: string }
  | { readonly kind: "feedback"; readonly answerId: string; readonly verdict: "helpful" | "not-helpful" }
  | { readonly kind: "fault"; readonly answerId: string; readonly fault: Fault }
  | { readonly kind: "fault-words"; readonly answerId: string; readonly words: string }
  | { readonly kind: "command"; readonly line: string }
  | { readonly kind: "ignore"; readonly reason: IgnoreReason };

export type IgnoreReason =
  | "by-a-bot"
  | "empty"
  | "not-addressed"
  | "not-an-agent"
  | "not-the-customer"
  | "already-handed-off"
  | "note-outside-handoff";

/**
 * The router: one event and the state of its conversation to exactly one route. Pure. Who may do what is read from the
 * verified author, never from what the event carries.
 *
 * @param askers who has addressed the bot in this conversation before: their follow-ups need no mention, and what a person is
 * asked about a handoff there, they may answer.
 */
export function route(event: InboundEvent, state: ConversationState, askers: readonly string[] = []): Route {
  if (event.author.isBot) return { kind: "ignore", reason: "by-a-bot" };
  switch (event.kind) {
    case "message":
      return routeMessage(event, state, askers);
    case "edit":
    case "deletion":
      return routeAmendment(event, state, askers);
    case "note":
      if (isGone(event.author, state)) return { kind: "tell-gone", handoff: state.leftBy };
      if (state.agentSideOf === null) return { kind: "ignore", reason: "note-outside-handoff" };
      if (!worksHandoffs(event.author)) return { kind: "turn-away", handoff: state.agentSideOf };
      return { kind: "note", handoff: state.agentSideOf, text: event.text };
    case "action":
      return routeAction(event, state, askers);
    case "command":
      // A customer whom a person is helping talks to that person, whatever the words look like.
      if (state.handoff !== null && event.author.role === "customer") {
        return { kind: "relay-to-agents", handoff: state.handoff, text: event.line };
      }
      return { kind: "command", line: event.line };
    case "reaction":
      return routeReaction(event, state, askers);
    default:
      return assertNever(event);
  }
}

/** Those alone are heard whose words would be: agents of the thread's handoff, and its customer. */
function routeReaction(event: ReactionEvent, state: ConversationState, askers: readonly string[]): Route {
  const { agentSideOf, handoff } = state;
  if (agentSideOf !== null) {
    return worksHandoffs(event.author)
      ? { kind: "acknowledge", handoff: agentSideOf }
      : { kind: "ignore", reason: "not-an-agent" };
  }
  if (handoff === null) return { kind: "ignore", reason: "not-addressed" };
  return takesPart(event, askers) ? { kind: "acknowledge", handoff } : { kind: "ignore", reason: "not-the-customer" };
}

function routeMessage(event: MessageEvent, state: ConversationState, askers: readonly string[]): Route {
  const text = event.text.trim();
  const isOnlyFiles = text === "" && hasFiles(event);
  if (text === "" && !isOnlyFiles) return { kind: "ignore", reason: "empty" };
  if (state.agentSideOf !== null) {
    if (!worksHandoffs(event.author)) return { kind: "turn-away", handoff: state.agentSideOf };
    if (isOnlyFiles) return { kind: "relay-to-customer", handoff: state.agentSideOf, text };
    return routeAgentsWords(state.agentSideOf, text, event.blocks ?? []);
  }
  if (isGone(event.author, state)) return { kind: "tell-gone", handoff: state.leftBy };
  // Once a person has the conversation, the bot says nothing by itself: whatever the customer writes goes to them. Others
  // who read along in a channel talk to one another.
  if (state.handoff !== null) {
    return takesPart(event, askers)
      ? { kind: "relay-to-agents", handoff: state.handoff, text }
      : { kind: "ignore", reason: "not-addressed" };
  }
  const isFollowUp = askers.includes(event.author.id) && event.addressesOthers !== true;
  const isAddressed = event.addressesBot || isFollowUp;
  if (!isAddressed) return { kind: "ignore", reason: "not-addressed" };
  if (isOnlyFiles) {
    return state.unsettled === null
      ? { kind: "only-files" }
      : { kind: "relay-to-agents", handoff: state.unsettled, text };
  }
  if (state.unsettled !== null) return { kind: "after-resolved", handoff: state.unsettled, text };
  return { kind: "answer", question: text };
}

function hasFiles({ files }: MessageEvent): boolean {
  return files !== undefined && files.length > 0;
}

/** Who has spoken to the bot in the conversation, now or before. The thread alone makes nobody its customer. */
function takesPart(event: InboundEvent, askers: readonly string[]): boolean {
  return ("addressesBot" in event && event.addressesBot) || askers.includes(event.author.id);
}

/** What is marked as a note is one, whichever surface it came from and whatever it was taken for there. */
function routeAgentsWords(handoff: Handoff, text: string, blocks: readonly Block[]): Route {
  const note = noteText(text) ?? noteInBlocks(blocks);
  if (note !== null) return { kind: "note", handoff, text: note };
  const control = controlOf(text);
  if (control === null) return { kind: "relay-to-customer", handoff, text };
  const { handoffId } = handoff;
  switch (control.kind) {
    case "suggest":
      return { kind: "suggest", handoffId };
    case "search":
      return { kind: "search", handoffId, words: control.words };
    default:
      return { kind: "control", handoff, control };
  }
}

function routeAmendment(event: InboundEvent, state: ConversationState, askers: readonly string[]): Route {
  const { agentSideOf, handoff } = state;
  if (isGone(event.author, state)) {
    // What they sent before it went can be taken back by nobody else.
    return { kind: event.kind === "deletion" ? "amended-by-agent" : "tell-gone", handoff: state.leftBy };
  }
  if (agentSideOf !== null) {
    if (!worksHandoffs(event.author)) return { kind: "ignore", reason: "not-an-agent" };
    return { kind: "amended-by-agent", handoff: agentSideOf };
  }
  if (handoff === null) return { kind: "amend" };
  return takesPart(event, askers) ? { kind: "relay-amendment", handoff } : { kind: "ignore", reason: "not-addressed" };
}

function routeAction(event: ActionEvent, state: ConversationState, askers: readonly string[]): Route {
  const { action } = event;
  switch (action.name) {
    case "human":
      return state.handoff === null ? { kind: "hand-off" } : { kind: "ignore", reason: "already-handed-off" };
    case "helpful":
    case "not-helpful":
      if (!takesPart(event, askers)) return { kind: "ignore", reason: "not-the-customer" };
      return { kind: "feedback", answerId: action.answerId, verdict: action.name };
    case "fault":
      if (!takesPart(event, askers)) return { kind: "ignore", reason: "not-the-customer" };
      return { kind: "fault", answerId: action.answerId, fault: action.fault };
    case "fault-words":
      if (!takesPart(event, askers)) return { kind: "ignore", reason: "not-the-customer" };
      return { kind: "fault-words", answerId: action.answerId, words: action.words };
    case "solved":
    case "not-solved":
      if (!takesPart(event, askers)) return { kind: "ignore", reason: "not-the-customer" };
      return { kind: "press", handoffId: action.handoffId, name: action.name };
    case "claim":
    case "resolve":
    case "release":
    case "return":
    case "snooze":
    case "reopen":
      if (!worksHandoffs(event.author)) return { kind: "ignore", reason: "not-an-agent" };
      return { kind: "press", handoffId: action.handoffId, name: action.name };
    case "rate":
      if (!takesPart(event, askers)) return { kind: "ignore", reason: "not-the-customer" };
      return { kind: "rate", handoffId: action.handoffId, rating: action.rating };
    case "say-why":
      if (!takesPart(event, askers)) return { kind: "ignore", reason: "not-the-customer" };
      return { kind: "say-why", handoffId: action.handoffId, words: action.words };
    case "suggest":
      if (!worksHandoffs(event.author)) return { kind: "ignore", reason: "not-an-agent" };
      return { kind: "suggest", handoffId: action.handoffId };
    case "send-suggestion":
      if (!worksHandoffs(event.author)) return { kind: "ignore", reason: "not-an-agent" };
      return { kind: "send-suggestion", suggestionId: action.suggestionId };
    // The same as typing it: whose confirmation it is, and what they may do, is decided where commands are run.
    case "confirm-command":
      return { kind: "command", line: `confirm ${action.confirmationId}` };
    // So is this.
    case "review":
    case "review-edit":
      return { kind: "command", line: reviewLine(action) };
    default:
      return assertNever(action);
  }
}

function isGone(author: Author, state: ConversationState): state is ConversationState & { leftBy: Handoff } {
  return state.agentSideOf === null && state.leftBy !== null && worksHandoffs(author);
}

function worksHandoffs(author: Author): boolean {
  return author.role === "agent" || author.role === "admin";
}
