import { z } from "zod";
import type { ActionEvent, Author, CommandEvent, MessageEvent, NoteEvent } from "../../src/ports/chat.js";
import type { ReplyAction } from "../../src/ports/reply.js";
import { channelOf } from "./address.js";
import type { InboundActivity, TeamsAccount } from "./inbound-activity.js";
import { isCommand, mentions, messageText, noteText, textAfterMentions } from "./message-text.js";

export interface EventSettings {
  /** The conversation id of the agents' channel. */
  readonly agentsChannel: string | null;
  /** Object ids or account ids. */
  readonly admins: readonly string[];
  /** For people of the app's own Microsoft 365 tenant; others read what everybody may read. */
  readonly audience: readonly string[];
  readonly appTenantId: string | null;
}

/** What an activity is worth: an event, an answer at once, or nothing. */
export type Reading =
  | { readonly kind: "event"; readonly event: MessageEvent | CommandEvent | NoteEvent; readonly isAddressed: boolean }
  | { readonly kind: "press"; readonly event: ActionEvent }
  | { readonly kind: "unknown-press" }
  | { readonly kind: "nothing" };

const NOTHING: Reading = { kind: "nothing" };

/** An activity that has passed the guard. */
export interface TrustedActivity {
  readonly activity: InboundActivity;
  /** Lower case. */
  readonly tenantId: string;
  readonly installationId: string;
  readonly receivedAt: Date;
}

/** Reads an activity as the core's event. Pure; who somebody is comes from the verified activity, never from its words. */
export function readActivity(trusted: TrustedActivity, settings: EventSettings): Reading {
  const { activity } = trusted;
  const source = sourceOf(activity);
  if (source === null || isBot(source.from, source.botId)) return NOTHING;
  const envelope = envelopeOf(trusted, source, settings);
  if (activity.type === "message") return readMessage(activity, source, envelope, settings);
  if (activity.type !== "invoke" || activity.name !== "adaptiveCard/action") return NOTHING;
  const action = actionOf(activity.value);
  return action === null
    ? { kind: "unknown-press" }
    : { kind: "press", event: { ...envelope, kind: "action", action } };
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
  const text = messageText(activity, source.botId);
  const isSpokenTo = source.isPersonal || mentions(activity, source.botId);
  const isAgents = isAgentsThread(source.conversationId, settings);
  if (text === "" && !isSpokenTo) return NOTHING;
  if (isSpokenTo && (text === "" || isCommand(text))) {
    const line = text === "" ? "help" : text.replace(/^\//u, "");
    return { kind: "event", event: { ...envelope, kind: "command", line }, isAddressed: true };
  }
  const note = isAgents ? noteText(textAfterMentions(activity, source.botId)) : null;
  if (note !== null) return { kind: "event", event: { ...envelope, kind: "note", text: note }, isAddressed: true };
  return {
    kind: "event",
    // What follows in a thread is for the bot only from those who asked it there: the router knows them.
    event: { ...envelope, kind: "message", text, addressesBot: isSpokenTo },
    isAddressed: isSpokenTo || isAgents,
  };
}

function isThread(conversationId: string): boolean {
  return channelOf(conversationId) !== conversationId;
}

function isAgentsThread(conversationId: string, { agentsChannel }: EventSettings): boolean {
  return isThread(conversationId) && channelOf(conversationId) === agentsChannel;
}

function envelopeOf(
  { activity, tenantId, installationId, receivedAt }: TrustedActivity,
  source: Source,
  settings: EventSettings,
) {
  const { activityId, conversationId, from } = source;
  return {
    // Activity ids are unique in their conversation only.
    eventId: `${conversationId}/${activityId}`,
    conversation: { installationId, key: conversationId },
    channelId: channelOf(conversationId),
    messageId: activityId,
    revision: 0,
    occurredAt: timeOf(activity.timestamp) ?? receivedAt,
    author: authorOf(from, conversationId, settings),
    audience: isInsider(from, tenantId, settings.appTenantId) ? settings.audience : ["public"],
  };
}

function authorOf(from: TeamsAccount, conversationId: string, { agentsChannel, admins }: EventSettings): Author {
  const id = idOf(from);
  const isAgent = agentsChannel !== null && channelOf(conversationId) === agentsChannel;
  const isAdmin = admins.includes(id) || admins.includes(from.id);
  const name = (from.name ?? "").trim();
  return {
    id,
    displayName: name === "" ? "Somebody" : name,
    role: isAdmin ? "admin" : isAgent ? "agent" : "customer",
    isBot: false,
  };
}

function idOf({ id, aadObjectId }: TeamsAccount): string {
  return aadObjectId === null || aadObjectId === undefined || aadObjectId === "" ? id : aadObjectId;
}

/** Guests, anonymous people and people of another organisation read what everybody may read. */
function isInsider(
  { aadObjectId, tenantId, userRole }: TeamsAccount,
  activityTenantId: string,
  appTenantId: string | null,
): boolean {
  const homeTenantId = appTenantId?.trim().toLowerCase();
  if (activityTenantId !== homeTenantId) return false;
  if (aadObjectId === null || aadObjectId === undefined || aadObjectId === "") return false;
  if (tenantId !== null && tenantId !== undefined && tenantId.toLowerCase() !== homeTenantId) return false;
  return userRole === null || userRole === undefined || userRole === "user";
}

function timeOf(timestamp: string | null | undefined): Date | null {
  const at = new Date(timestamp ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at;
}

const actionSchema = z.discriminatedUnion("name", [
  z.object({ name: z.literal("human") }),
  z.object({ name: z.literal("helpful"), answerId: z.uuid() }),
  z.object({ name: z.literal("not-helpful"), answerId: z.uuid() }),
  z.object({ name: z.literal("claim"), handoffId: z.uuid() }),
  z.object({ name: z.literal("resolve"), handoffId: z.uuid() }),
]);
const invokeValue = z.object({ action: z.object({ data: z.object({ action: actionSchema }) }) });

function actionOf(value: unknown): ReplyAction | null {
  const parsed = invokeValue.safeParse(value);
  return parsed.success ? parsed.data.action.data.action : null;
}
