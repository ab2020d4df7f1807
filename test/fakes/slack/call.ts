import type { FakeClock } from "./clock.js";
import type { FileShelf } from "./file-shelf.js";
import type { EventFeed } from "./event-feed.js";
import type { JsonObject } from "./json.js";
import type { Channel, Message, Team } from "./model.js";
import { SlackRefusal } from "./refusal.js";
import type { TriggerBook } from "./trigger-book.js";
import type { Workspace } from "./workspace.js";

/** What every method works on. */
export interface FakeState {
  readonly appId: string;
  readonly clock: FakeClock;
  readonly workspace: Workspace;
  readonly events: EventFeed;
  readonly triggers: TriggerBook;
  /** The status shown under a thread, by channel and thread. */
  readonly statuses: Map<string, ShownStatus>;
  /** Ids of the people who are away. */
  readonly away: Set<string>;
  /** How listings are cut into pages: Slack may give fewer than were asked for. */
  readonly paging: Paging;
  /** The modal each person looks at. */
  readonly views: Map<string, JsonObject>;
  readonly files: FileShelf;
}

export interface Paging {
  mostInOnePage: number;
  /** A fault: each page leads to itself. */
  repeatsCursor: boolean;
}

export interface ShownStatus {
  readonly text: string;
  readonly shownAt: number;
}

/** A checked call of a method. */
export interface MethodCall {
  readonly team: Team;
  readonly args: JsonObject;
  readonly state: FakeState;
}

export type MethodHandler = (call: MethodCall) => JsonObject;

/** The text argument, or null when it was not given. */
export function textArgument(call: MethodCall, name: string): string | null {
  const value = call.args[name];
  return typeof value === "string" ? value : null;
}

/**
 * The channel this call names, as this app may see it.
 * @throws {SlackRefusal} `channel_not_found`; a private channel without the app is as good as none.
 */
export function visibleChannel(call: MethodCall, name = "channel"): Channel {
  const channel = call.state.workspace.channels.get(textArgument(call, name) ?? "");
  const isVisible =
    channel !== undefined &&
    channel.teamIds.includes(call.team.id) &&
    (channel.kind === "public" || channel.members.has(call.team.botUserId));
  if (!isVisible) {
    throw new SlackRefusal("channel_not_found");
  }
  return channel;
}

/**
 * A channel the app may write in.
 * @throws {SlackRefusal} `not_in_channel`, `is_archived`.
 */
export function writableChannel(call: MethodCall, channel: Channel): Channel {
  if (channel.isArchived) {
    throw new SlackRefusal("is_archived");
  }
  if (!channel.members.has(call.team.botUserId) && !call.team.scopes.has("chat:write.public")) {
    throw new SlackRefusal("not_in_channel");
  }
  return channel;
}

/** @throws {SlackRefusal} `message_not_found` */
export function messageOf(channel: Channel, ts: string | null): Message {
  const message = channel.messages.get(ts ?? "");
  if (message === undefined) {
    throw new SlackRefusal("message_not_found");
  }
  return message;
}

/**
 * The thread a new message goes to; null for the channel itself.
 * @throws {SlackRefusal} when there is no such thread, or the message named is itself a reply.
 */
export function threadArgument(call: MethodCall, channel: Channel): string | null {
  const ts = textArgument(call, "thread_ts");
  if (ts === null) {
    return null;
  }
  if (!isTimestamp(ts)) {
    throw new SlackRefusal("invalid_thread_ts");
  }
  const root = channel.messages.get(ts);
  if (root === undefined) {
    throw new SlackRefusal("thread_not_found");
  }
  if (root.threadTs !== null && root.threadTs !== ts) {
    throw new SlackRefusal("cannot_reply_to_message");
  }
  return ts;
}

export function isTimestamp(ts: string): boolean {
  return /^\d{10}\.\d{6}$/u.test(ts);
}

export function statusKey(channelId: string, threadTs: string | null): string {
  return `${channelId}:${threadTs ?? ""}`;
}
