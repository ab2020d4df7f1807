import { checkMessageBlocks } from "./block-kit.js";
import {
  messageOf,
  statusKey,
  textArgument,
  threadArgument,
  visibleChannel,
  writableChannel,
  type MethodCall,
  type MethodHandler,
} from "./call.js";
import { isList, isObject, type JsonObject } from "./json.js";
import { messagePayload } from "./message-payload.js";
import { checkMetadata } from "./metadata.js";
import type { Channel, Message } from "./model.js";
import { SlackRefusal } from "./refusal.js";

const POSTED_TEXT = 40_000;
const UPDATED_TEXT = 4_000;
const MARKDOWN_TEXT = 12_000;

interface Content {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
}

const postMessage: MethodHandler = (call) => {
  const channel = writableChannel(call, channelToPostIn(call));
  const threadTs = threadArgument(call, channel);
  const content = contentOf(call);
  const message = newMessage(call, channel, {
    threadTs,
    ...truncated(content),
    metadata: metadataOf(call),
    ephemeralTo: null,
  });
  publish(call, channel, message);
  const warnings = content.text.length > POSTED_TEXT ? { response_metadata: { warnings: ["message_truncated"] } } : {};
  const shown = messagePayload(message, call.state.appId, { withMetadata: true });
  return { channel: channel.id, ts: message.ts, message: shown, ...warnings };
};

const postEphemeral: MethodHandler = (call) => {
  const channel = writableChannel(call, visibleChannel(call));
  const reader = textArgument(call, "user") ?? "";
  if (!channel.members.has(reader)) {
    throw new SlackRefusal("user_not_in_channel");
  }
  const threadTs = threadArgument(call, channel);
  const content = contentOf(call);
  const message = newMessage(call, channel, { threadTs, ...truncated(content), metadata: null, ephemeralTo: reader });
  call.state.workspace.ephemerals.push(message);
  return { message_ts: message.ts };
};

const update: MethodHandler = (call) => {
  const channel = visibleChannel(call);
  const message = messageOf(channel, textArgument(call, "ts"));
  if (message.botId !== call.team.botId) {
    throw new SlackRefusal("cant_update_message");
  }
  if (message.stream?.phase === "open") {
    throw new SlackRefusal("streaming_state_conflict");
  }
  const content = contentOf(call);
  if (content.text.length > UPDATED_TEXT) {
    throw new SlackRefusal("msg_too_long");
  }
  const metadata = metadataOf(call);
  const previous = messagePayload(message, call.state.appId, { withMetadata: true });
  message.text = content.text;
  message.blocks = content.blocks;
  message.stream = null;
  message.metadata = metadata ?? message.metadata;
  message.edited = { user: call.team.botUserId, ts: call.state.clock.timestamp() };
  call.state.events.messageChanged(channel, message, previous);
  const shown = messagePayload(message, call.state.appId, { withMetadata: true });
  return { channel: channel.id, ts: message.ts, text: message.text, message: shown };
};

const remove: MethodHandler = (call) => {
  const channel = visibleChannel(call);
  const message = messageOf(channel, textArgument(call, "ts"));
  if (message.botId !== call.team.botId) {
    throw new SlackRefusal("cant_delete_message");
  }
  channel.messages.delete(message.ts);
  call.state.events.messageDeleted(channel, message);
  return { channel: channel.id, ts: message.ts };
};

export const CHAT_METHODS: Readonly<Record<string, MethodHandler>> = {
  "chat.postMessage": postMessage,
  "chat.postEphemeral": postEphemeral,
  "chat.update": update,
  "chat.delete": remove,
};

export interface NewMessage extends Content {
  readonly threadTs: string | null;
  readonly metadata: JsonObject | null;
  readonly ephemeralTo: string | null;
}

/** A message of the app, not yet shown. */
export function newMessage(call: MethodCall, channel: Channel, content: NewMessage): Message {
  const username = textArgument(call, "username");
  const isDisguised = ["username", "icon_emoji", "icon_url"].some((name) => call.args[name] !== undefined);
  if (isDisguised && !call.team.scopes.has("chat:write.customize")) {
    throw new SlackRefusal("missing_scope", {
      needed: "chat:write.customize",
      provided: [...call.team.scopes].join(","),
    });
  }
  return {
    ts: call.state.clock.timestamp(),
    channelId: channel.id,
    threadTs: content.threadTs,
    userId: call.team.botUserId,
    teamId: call.team.id,
    botId: call.team.botId,
    username,
    ephemeralTo: content.ephemeralTo,
    subtype: null,
    text: content.text,
    blocks: content.blocks,
    metadata: content.metadata,
    edited: null,
    stream: null,
    parsesFully: call.args["link_names"] === true || textArgument(call, "parse") === "full",
    reactions: new Map(),
  };
}

/** Shows a message of the app and tells the app about it, as Slack does. */
export function publish(call: MethodCall, channel: Channel, message: Message): void {
  channel.messages.set(message.ts, message);
  call.state.statuses.delete(statusKey(channel.id, message.threadTs));
  call.state.events.messagePosted(channel, message);
}

/** @throws {SlackRefusal} */
export function metadataOf(call: MethodCall): JsonObject | null {
  const metadata = call.args["metadata"];
  return isObject(metadata) ? checkMetadata(metadata) : null;
}

/** @throws {SlackRefusal} `msg_too_long` */
export function markdownOf(call: MethodCall): string {
  const markdown = textArgument(call, "markdown_text") ?? "";
  if (markdown.length > MARKDOWN_TEXT) {
    throw new SlackRefusal("msg_too_long");
  }
  return markdown;
}

/** A person's id stands for the direct conversation with them. */
function channelToPostIn(call: MethodCall): Channel {
  const person = call.state.workspace.people.get(textArgument(call, "channel") ?? "");
  return person !== undefined && !person.isBot && !person.isExternal
    ? call.state.workspace.directChannel(call.team, person)
    : visibleChannel(call);
}

function contentOf(call: MethodCall): Content {
  const text = textArgument(call, "text");
  const given = call.args["blocks"];
  const markdown = markdownOf(call);
  if (markdown !== "" && (text !== null || given !== undefined)) {
    throw new SlackRefusal("markdown_text_conflict");
  }
  const blocks = checkMessageBlocks(isList(given) ? given : []);
  if ((text ?? "") === "" && markdown === "" && blocks.length === 0) {
    throw new SlackRefusal("no_text");
  }
  return markdown === ""
    ? { text: text ?? "", blocks }
    : { text: markdown, blocks: [{ type: "markdown", text: markdown, block_id: "b0" }] };
}

function truncated(content: Content): Content {
  return { ...content, text: content.text.slice(0, POSTED_TEXT) };
}
