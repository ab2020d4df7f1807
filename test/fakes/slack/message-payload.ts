import type { Json, JsonObject } from "./json.js";
import { filePayload } from "./file-shelf.js";
import type { Channel, Message, Person } from "./model.js";

/** A message as the Web API and the events show it. Undefined fields are left out on the wire. */
export function messagePayload(message: Message, appId: string, options: { withMetadata: boolean }): JsonObject {
  return {
    type: "message",
    ...(message.subtype === null ? {} : { subtype: message.subtype }),
    ts: message.ts,
    user: message.userId,
    team: message.teamId,
    text: message.text,
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    ...(message.botId === null ? {} : { bot_id: message.botId, app_id: appId }),
    ...(message.username === null ? {} : { username: message.username }),
    ...(shownBlocks(message).length === 0 ? {} : { blocks: shownBlocks(message) }),
    ...(message.edited === null ? {} : { edited: { ...message.edited } }),
    ...(options.withMetadata && message.metadata !== null ? { metadata: message.metadata } : {}),
    ...reactionsOf(message),
    ...((message.files ?? []).length === 0 ? {} : { files: (message.files ?? []).map(filePayload) }),
  };
}

/** What a message shows below each other: streamed text, what came as chunks, blocks. */
export function shownBlocks(message: Message): readonly JsonObject[] {
  if (message.stream === null) {
    return message.blocks;
  }
  const markdown = message.stream.markdown;
  const streamed = markdown === "" ? [] : [{ type: "markdown", text: markdown, block_id: "streamed" }];
  return [...streamed, ...message.stream.blocks, ...message.blocks];
}

function reactionsOf(message: Message): JsonObject {
  if (message.reactions.size === 0) {
    return {};
  }
  const reactions = [...message.reactions].map(([name, users]) => ({ name, users: [...users], count: users.size }));
  return { reactions };
}

/** How an event names a kind of conversation. */
export function channelType(channel: Channel): string {
  return { public: "channel", private: "group", im: "im" }[channel.kind];
}

/** A channel as `conversations.info` shows it. */
export function channelPayload(channel: Channel, botUserId: string): JsonObject {
  const common = { id: channel.id, is_archived: channel.isArchived, is_im: channel.kind === "im", is_mpim: false };
  if (channel.kind === "im") {
    return { ...common, user: [...channel.members].find((member) => member !== botUserId) };
  }
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === "public",
    is_group: channel.kind === "private",
    is_private: channel.kind === "private",
    is_member: channel.members.has(botUserId),
    is_shared: channel.isShared,
    is_ext_shared: channel.isShared,
    is_org_shared: false,
    is_general: false,
  };
}

/** A person as `users.info` shows them to this app. */
export function personPayload(person: Person, showsEmail: boolean): JsonObject {
  const email: Json | undefined = showsEmail && !person.isExternal ? (person.email ?? undefined) : undefined;
  return {
    id: person.id,
    team_id: person.teamId,
    name: person.handle,
    real_name: person.name,
    deleted: person.isDeactivated,
    is_bot: person.isBot,
    is_restricted: person.isGuest,
    is_ultra_restricted: false,
    is_stranger: person.isExternal,
    is_app_user: false,
    tz: "Etc/UTC",
    profile: {
      real_name: person.name,
      display_name: person.name,
      team: person.teamId,
      ...(email === undefined ? {} : { email }),
    },
  };
}
