import { z } from "zod";
import { commandLine } from "../../src/commands/command-line.js";
import { ANSWER_FIELD, FAULT_FIELD } from "./render-activity.js";
import { noteInBlocks, noteText } from "../../src/handoff/note-text.js";
import type {
  ActionEvent,
  CommandEvent,
  DeletionEvent,
  EditEvent,
  InboundEvent,
  MessageEvent,
  NoteEvent,
  ReactionEvent,
} from "../../src/ports/chat.js";
import { LONGEST_RATING_WORDS, RATINGS } from "../../src/ports/ratings.js";
import { FAULTS, LONGEST_FAULT_WORDS } from "../../src/ports/answer-cases.js";
import { HANDOFF_ACTIONS, type Block, type ReplyAction } from "../../src/ports/reply.js";
import { revisionOf } from "../../src/ports/revision.js";
import { channelOf, threadOf } from "./address.js";
import type { InboundActivity, TeamsAccount } from "./inbound-activity.js";
import { acknowledgementsIn } from "./reactions.js";
import { readFiles } from "./read-files.js";
import { formattedText, mentions, messageText, textAfterMentions } from "./message-text.js";

export interface EventSettings {
  /** The conversation ids of the agents' channels. */
  readonly agentsChannels: readonly string[];
}

/** An event of whose sender only the account is known. */
type Unattributed<E extends InboundEvent> = E extends unknown ? Omit<E, "author" | "audience"> : never;

/** What an activity is worth: an event, an answer at once, or nothing. */
export type Reading =
  | {
      readonly kind: "event";
      readonly event: Unattributed<MessageEvent | CommandEvent | NoteEvent | EditEvent | DeletionEvent>;
      readonly from: TeamsAccount;
      readonly isAddressed: boolean;
    }
  | { readonly kind: "reactions"; readonly events: readonly Unattributed<ReactionEvent>[]; readonly from: TeamsAccount }
  | { readonly kind: "press"; readonly event: Unattributed<ActionEvent>; readonly from: TeamsAccount }
  | { readonly kind: "unknown-press" }
  | { readonly kind: "nothing" };

const NOTHING: Reading = { kind: "nothing" };

/** An activity that has passed the guard. */
export interface TrustedActivity {
  readonly activity: InboundActivity;
  readonly installationId: string;
  readonly receivedAt: Date;
}

/** Reads an activity as the core's event, all but who its sender is to us. Pure. */
export function readActivity(trusted: TrustedActivity, settings: EventSettings): Reading {
  const { activity } = trusted;
  const source = sourceOf(activity);
  if (source === null || isBot(source.from, source.botId)) return NOTHING;
  const envelope = envelopeOf(trusted, source);
  if (activity.type === "message") return readMessage(activity, source, envelope, settings);
  if (activity.type === "messageReaction") return readReaction(activity, source, envelope);
  if (activity.type === "messageUpdate" || activity.type === "messageDelete") {
    return readAmendment(activity, source, envelope, settings);
  }
  if (activity.type !== "invoke" || activity.name !== "adaptiveCard/action") return NOTHING;
  const action = actionOf(activity.value);
  return action === null
    ? { kind: "unknown-press" }
    : { kind: "press", event: { ...envelope, kind: "action", action }, from: source.from };
}

interface Source {
  readonly from: TeamsAccount;
  readonly botId: string;
  readonly conversationId: string;
  readonly activityId: string;
  readonly isPersonal: boolean;
}

function sourceOf({ from, recipient, conversation, id }: InboundActivity): Source | null {
  if (from === null || from === undefined || recipient === null || recipient === undefined) return null;
  if (conversation === null || conversation === undefined || id === null || id === undefined || id === "") return null;
  return {
    from,
    botId: recipient.id,
    conversationId: conversation.id,
    activityId: id,
    isPersonal: conversation.conversationType === "personal",
  };
}

/** Bots' account ids start with 28, people's with 29. */
function isBot(from: TeamsAccount, botId: string): boolean {
  return from.role === "bot" || from.id === botId || from.id.startsWith("28:");
}

function readMessage(
  activity: InboundActivity,
  source: Source,
  envelope: ReturnType<typeof envelopeOf>,
  settings: EventSettings,
): Reading {
  const { from } = source;
  const text = messageText(activity, source.botId);
  const isSpokenTo = source.isPersonal || mentions(activity, source.botId);
  const isAgents = isAgentsThread(source.conversationId, settings);
  const files = readFiles(activity.attachments ?? []);
  if (text === "" && !isSpokenTo && files.length === 0) return NOTHING;
  // A file comes with words, and never with a command, which would lose it.
  const line = files.length > 0 ? null : text === "" ? "help" : commandLine(text);
  if (isSpokenTo && line !== null) {
    const read = source.isPersonal ? { isPrivate: true } : {};
    return { kind: "event", event: { ...envelope, kind: "command", line, ...read }, from, isAddressed: true };
  }
  const isBelow = isAgents && source.conversationId !== threadOf(channelOf(source.conversationId), source.activityId);
  const inThread = { ...envelope, ...(isBelow ? { mayBeUnderCard: true } : {}) };
  const blocks = formattedText(activity, source.botId);
  const note = isAgents ? noteOf(activity, blocks, source.botId) : null;
  if (note !== null) {
    return { kind: "event", event: { ...inThread, kind: "note", text: note }, from, isAddressed: true };
  }
  return {
    kind: "event",
    // What follows in a thread is for the bot only from those who asked it there: the router knows them.
    event: {
      ...{ ...inThread, kind: "message", text, addressesBot: isSpokenTo },
      ...(blocks === null ? {} : { blocks }),
      ...(files.length === 0 ? {} : { files }),
    },
    from,
    isAddressed: isSpokenTo || isAgents,
  };
}

/** Teams tells of reactions on what the bot has posted. */
function readReaction(activity: InboundActivity, { from }: Source, original: ReturnType<typeof envelopeOf>): Reading {
  const messageId = activity.replyToId ?? "";
  const reactions = acknowledgementsIn(activity);
  if (messageId === "" || reactions.length === 0) return NOTHING;
  const events = reactions.map((reaction) => {
    const mark = `${from.id}:${reaction.emoji}:${String(reaction.isAdded)}:${original.messageId}`;
    const envelope = { ...original, messageId, eventId: `${original.eventId}/${mark}`, revision: revisionOf(mark) };
    return { ...envelope, kind: "reaction", ...reaction } as const;
  });
  return { kind: "reactions", events, from };
}

/** How Teams says what was done to a message. */
const EDITS: ReadonlySet<string> = new Set(["editMessage", "undeleteMessage"]);
const DELETION = "softDeleteMessage";

/** An edit may be the first that makes a message one for the bot; a deletion matters only where it takes part. */
function readAmendment(
  activity: InboundActivity,
  source: Source,
  original: ReturnType<typeof envelopeOf>,
  settings: EventSettings,
): Reading {
  const { from, botId, isPersonal, conversationId } = source;
  const what = activity.channelData?.eventType ?? "";
  const mark = `${what}:${activity.timestamp ?? original.occurredAt.toISOString()}`;
  const envelope = { ...original, eventId: `${original.eventId}/${mark}`, revision: revisionOf(mark) };
  if (activity.type === "messageDelete" && what === DELETION) {
    return { kind: "event", event: { ...envelope, kind: "deletion" }, from, isAddressed: false };
  }
  if (activity.type !== "messageUpdate" || !EDITS.has(what)) return NOTHING;
  const text = messageText(activity, botId);
  const addressesBot = isPersonal || mentions(activity, botId);
  const blocks = formattedText(activity, botId);
  const note = isAgentsThread(conversationId, settings) ? noteOf(activity, blocks, botId) : null;
  const formatted = blocks === null ? {} : { blocks };
  const noted = note === null ? {} : { note };
  const event = { ...envelope, kind: "edit", text, ...formatted, addressesBot, ...noted } as const;
  return { kind: "event", event, from, isAddressed: addressesBot };
}

/** Whichever way it is read: what is a note in one of them is none of the customer's. */
function noteOf(activity: InboundActivity, blocks: readonly Block[] | null, botId: string): string | null {
  const plain = noteText(textAfterMentions(activity, botId));
  return plain ?? (blocks === null ? null : noteInBlocks(blocks));
}

function isThread(conversationId: string): boolean {
  return channelOf(conversationId) !== conversationId;
}

function isAgentsThread(conversationId: string, { agentsChannels }: EventSettings): boolean {
  return isThread(conversationId) && agentsChannels.includes(channelOf(conversationId));
}

function envelopeOf({ activity, installationId, receivedAt }: TrustedActivity, source: Source) {
  const { activityId, conversationId } = source;
  return {
    // Activity ids are unique in their conversation only.
    eventId: `${conversationId}/${activityId}`,
    conversation: { installationId, key: conversationId },
    channelId: channelOf(conversationId),
    messageId: activityId,
    revision: 0,
    occurredAt: timeOf(activity.timestamp) ?? receivedAt,
  };
}

function timeOf(timestamp: string | null | undefined): Date | null {
  const at = new Date(timestamp ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at;
}

const actionSchema = z.discriminatedUnion("name", [
  z.object({ name: z.literal("human") }),
  z.object({ name: z.literal("helpful"), answerId: z.uuid() }),
  z.object({ name: z.literal("not-helpful"), answerId: z.uuid() }),
  z.object({ name: z.literal("fault"), answerId: z.uuid(), fault: z.enum(FAULTS) }),
  z.object({ name: z.literal("fault-words"), answerId: z.uuid(), words: z.string() }),
  z.object({ name: z.enum(HANDOFF_ACTIONS), handoffId: z.uuid() }),
  z.object({ name: z.literal("rate"), handoffId: z.uuid(), rating: z.literal(RATINGS) }),
  z.object({ name: z.literal("say-why"), handoffId: z.uuid(), words: z.string() }),
  z.object({ name: z.literal("send-suggestion"), suggestionId: z.uuid() }),
  z.object({
    name: z.literal("review"),
    candidateId: z.uuid(),
    seen: z.iso.datetime(),
    verdict: z.enum(["approve", "reject"]),
  }),
  z.object({ name: z.literal("review-edit"), candidateId: z.uuid(), seen: z.iso.datetime(), answer: z.string() }),
  z.object({ name: z.literal("confirm-command"), confirmationId: z.uuid() }),
]);
/** What is typed into a card comes beside what its button carries. */
const invokeValue = z.object({
  action: z.object({
    data: z.object({
      action: actionSchema,
      words: z.string().max(LONGEST_RATING_WORDS).nullish(),
      [FAULT_FIELD]: z.string().nullish(),
      [ANSWER_FIELD]: z.string().nullish(),
    }),
  }),
});

function actionOf(value: unknown): ReplyAction | null {
  const parsed = invokeValue.safeParse(value);
  if (!parsed.success) return null;
  const { action, words, [FAULT_FIELD]: typed, [ANSWER_FIELD]: edited } = parsed.data.action.data;
  if (action.name === "say-why") return { ...action, words: words ?? "" };
  if (action.name === "review-edit") return { ...action, answer: edited ?? action.answer };
  return action.name === "fault-words" ? { ...action, words: (typed ?? "").slice(0, LONGEST_FAULT_WORDS) } : action;
}
