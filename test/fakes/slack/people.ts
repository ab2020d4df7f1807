import type { FakeState } from "./call.js";
import { checkMessageBlocks } from "./block-kit.js";
import type { Attempt, Delivery } from "./courier.js";
import type { JsonObject } from "./json.js";
import { messagePayload } from "./message-payload.js";
import type { Channel, Message, Person, SharedFile } from "./model.js";
import { isStreaming } from "./stream-methods.js";

/** A message a person wrote, and the events on their way to the app. */
export interface Said {
  readonly channel: string;
  readonly ts: string;
  /** What a reply names as its thread: the root's id. */
  readonly thread: string;
  readonly deliveries: readonly Delivery[];
  /** Resolves when the app acknowledged each event, or Slack gave up on it. */
  acknowledged(): Promise<readonly Attempt[]>;
}

export interface SayOptions {
  /** Any message of the thread to answer in. */
  readonly thread?: string;
  /** For what is no plain message, for example `file_share` or `thread_broadcast`. */
  readonly subtype?: string;
  readonly files?: readonly TypedFile[];
  /** What the client sends of formatted words beside their text: the elements of a rich_text block. */
  readonly richText?: readonly JsonObject[];
}

/** A file that somebody drags into a message. */
export interface TypedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** What people do in conversations. */
export class People {
  readonly #state: FakeState;

  constructor(state: FakeState) {
    this.#state = state;
  }

  /** Writes as a person types: `@Name` and `#channel` become mentions, everything else is only text. */
  say(who: string, where: string, text: string, options: SayOptions = {}): Said {
    const person = this.#state.workspace.person(who);
    const channel = this.#state.workspace.channel(where);
    return this.#write(person, channel, this.#typed(text), options);
  }

  /** Says it to the app by name. */
  mention(who: string, where: string, text: string, options: SayOptions = {}): Said {
    const person = this.#state.workspace.person(who);
    const channel = this.#state.workspace.channel(where);
    const team = this.#state.workspace.teamFor(person, channel);
    return this.#write(person, channel, `<@${team.botUserId}> ${this.#typed(text)}`, options);
  }

  /** Writes to the app alone. */
  direct(who: string, text: string, options: SayOptions & { readonly team?: string } = {}): Said {
    const person = this.#state.workspace.person(who);
    const team =
      options.team === undefined ? this.#state.workspace.homeOf(person) : this.#state.workspace.team(options.team);
    const channel = this.#state.workspace.directChannel(team, person);
    return this.#write(person, channel, this.#typed(text), options);
  }

  edit(
    who: string,
    where: { readonly channel: string; readonly ts: string },
    text: string,
    { richText }: Pick<SayOptions, "richText"> = {},
  ): readonly Delivery[] {
    const { channel, message } = this.#own(who, where);
    const previous = messagePayload(message, this.#state.appId, { withMetadata: false });
    message.text = this.#typed(text);
    message.blocks = typedBlocks(message.text, richText);
    message.edited = { user: message.userId, ts: this.#state.clock.timestamp() };
    return this.#state.events.messageChanged(channel, message, previous);
  }

  /** Slack shows what a link leads to: it tells of that as of an edit, without the mark of one. */
  unfurl(where: { readonly channel: string; readonly ts: string }): readonly Delivery[] {
    const channel = this.#state.workspace.channel(where.channel);
    const message = this.#state.workspace.message(channel.id, where.ts);
    const previous = messagePayload(message, this.#state.appId, { withMetadata: false });
    return this.#state.events.messageChanged(channel, message, previous);
  }

  remove(who: string, where: { readonly channel: string; readonly ts: string }): readonly Delivery[] {
    const { channel, message } = this.#own(who, where);
    channel.messages.delete(message.ts);
    return this.#state.events.messageDeleted(channel, message);
  }

  /** Deletes a message that others answered below: Slack keeps a tombstone in its place. */
  removeRoot(who: string, where: { readonly channel: string; readonly ts: string }): readonly Delivery[] {
    const { channel, message } = this.#own(who, where);
    const previous = messagePayload(message, this.#state.appId, { withMetadata: false });
    const text = "This message was deleted.";
    const left = { userId: "USLACKBOT", botId: null, subtype: "tombstone", text, blocks: [], reactions: new Map() };
    const tombstone: Message = { ...message, ...left };
    channel.messages.set(message.ts, tombstone);
    return this.#state.events.messageChanged(channel, tombstone, previous);
  }

  react(who: string, where: { readonly channel: string; readonly ts: string }, name: string): readonly Delivery[] {
    const person = this.#state.workspace.person(who);
    const channel = this.#state.workspace.channel(where.channel);
    const message = this.#state.workspace.message(channel.id, where.ts);
    message.reactions.set(name, (message.reactions.get(name) ?? new Set()).add(person.id));
    return this.#reacted("reaction_added", person, channel, message, name);
  }

  /** Takes a reaction back. */
  unreact(who: string, where: { readonly channel: string; readonly ts: string }, name: string): readonly Delivery[] {
    const person = this.#state.workspace.person(who);
    const channel = this.#state.workspace.channel(where.channel);
    const message = this.#state.workspace.message(channel.id, where.ts);
    const users = message.reactions.get(name);
    users?.delete(person.id);
    if (users?.size === 0) message.reactions.delete(name);
    return this.#reacted("reaction_removed", person, channel, message, name);
  }

  #reacted(
    type: "reaction_added" | "reaction_removed",
    person: Person,
    channel: Channel,
    message: Message,
    reaction: string,
  ): readonly Delivery[] {
    return this.#state.events.happened(
      this.#state.workspace.teamFor(person, channel),
      {
        type,
        user: person.id,
        reaction,
        item_user: message.userId,
        item: { type: "message", channel: channel.id, ts: message.ts },
        event_ts: this.#state.clock.timestamp(),
      },
      "reactions:read",
    );
  }

  /** Opens the conversation with the app. */
  openHome(who: string): readonly Delivery[] {
    const person = this.#state.workspace.person(who);
    const team = this.#state.workspace.homeOf(person);
    const channel = this.#state.workspace.directChannel(team, person);
    return this.#state.events.happened(team, {
      type: "app_home_opened",
      user: person.id,
      channel: channel.id,
      tab: "messages",
    });
  }

  /** Enters a channel; Slack writes that into it as well. */
  join(who: string, where: string): readonly Delivery[] {
    const person = this.#state.workspace.person(who);
    const channel = this.#state.workspace.channel(where);
    channel.members.add(person.id);
    const text = `<@${person.id}> has joined the channel`;
    const team = this.#state.workspace.teamFor(person, channel);
    return [
      ...this.#write(person, channel, text, { subtype: "channel_join" }).deliveries,
      ...this.#state.events.happened(
        team,
        { type: "member_joined_channel", user: person.id, channel: channel.id, team: person.teamId },
        channel.kind === "public" ? "channels:read" : "groups:read",
      ),
    ];
  }

  /** Presses Stop under a message that is being written. */
  stopStream(who: string, where: { readonly channel: string; readonly ts: string }): readonly Delivery[] {
    const person = this.#state.workspace.person(who);
    const channel = this.#state.workspace.channel(where.channel);
    const message = this.#state.workspace.message(channel.id, where.ts);
    if (message.stream === null || !isStreaming(message.stream, this.#state.clock.now())) {
      throw new Error("Nobody can stop a message that is not being written");
    }
    message.stream.phase = "stopped-by-user";
    return this.#state.events.happened(this.#state.workspace.teamFor(person, channel), {
      type: "agent_session_stopped",
      channel: channel.id,
      user: person.id,
      thread_ts: message.threadTs ?? message.ts,
      streaming_message_ts: [message.ts],
    });
  }

  /** An administrator removes the app: its token is worthless from now on. */
  uninstall(teamId: string): readonly Delivery[] {
    const team = this.#state.workspace.team(teamId);
    team.installed = false;
    return [
      ...this.#state.events.happened(team, { type: "tokens_revoked", tokens: { oauth: [], bot: [team.botUserId] } }),
      ...this.#state.events.happened(team, { type: "app_uninstalled" }),
    ];
  }

  #write(person: Person, channel: Channel, text: string, options: SayOptions): Said {
    if (!channel.members.has(person.id)) {
      throw new Error(`${person.name} is not in #${channel.name}`);
    }
    const root = options.thread === undefined ? null : this.#state.workspace.message(channel.id, options.thread);
    const message: Message = {
      ts: this.#state.clock.timestamp(),
      channelId: channel.id,
      threadTs: root === null ? null : (root.threadTs ?? root.ts),
      userId: person.id,
      teamId: person.teamId,
      botId: person.isBot ? `B${person.id.slice(1)}` : null,
      username: null,
      ephemeralTo: null,
      subtype: options.subtype ?? (person.isBot ? "bot_message" : options.files === undefined ? null : "file_share"),
      text,
      blocks: typedBlocks(text, options.richText),
      metadata: null,
      edited: null,
      stream: null,
      parsesFully: false,
      reactions: new Map(),
      files: this.#attached(person, options.files ?? []),
    };
    channel.messages.set(message.ts, message);
    const deliveries = this.#state.events.messagePosted(channel, message);
    return {
      channel: channel.id,
      ts: message.ts,
      thread: message.threadTs ?? message.ts,
      deliveries,
      acknowledged: () => Promise.all(deliveries.map((delivery) => delivery.outcome)),
    };
  }

  #attached(person: Person, files: readonly TypedFile[]): readonly SharedFile[] {
    return files.map((file) => this.#state.files.add({ ...file, length: file.bytes.length, ownerId: person.id }));
  }

  #own(who: string, where: { readonly channel: string; readonly ts: string }): { channel: Channel; message: Message } {
    const person = this.#state.workspace.person(who);
    const channel = this.#state.workspace.channel(where.channel);
    const message = this.#state.workspace.message(channel.id, where.ts);
    if (message.userId !== person.id) {
      throw new Error(`${person.name} did not write this message`);
    }
    return { channel, message };
  }

  #typed(text: string): string {
    const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    const people = [...this.#state.workspace.people.values()];
    const channels = [...this.#state.workspace.channels.values()].filter((channel) => channel.kind !== "im");
    const withPeople = people.reduce((typed, one) => named(typed, `@${one.name}`, `<@${one.id}>`), escaped);
    return channels.reduce((typed, one) => named(typed, `#${one.name}`, `<#${one.id}|${one.name}>`), withPeople);
  }
}

/** Replaces a name where it stands as a word of its own. */
function named(text: string, name: string, mention: string): string {
  return text
    .split(name)
    .reduce((before, after) => `${before}${/[\w.]$/u.test(before) || /^[\w-]/u.test(after) ? name : mention}${after}`);
}

/** Slack's own clients send what a person typed as rich text as well. */
function typedBlocks(text: string, richText?: readonly JsonObject[]): readonly JsonObject[] {
  if (richText !== undefined) {
    return checkMessageBlocks([{ type: "rich_text", block_id: "typed", elements: richText }]);
  }
  const elements = text
    .split(/(<[@#][^>]+>)/u)
    .filter((part) => part !== "")
    .map(typedElement);
  return [{ type: "rich_text", block_id: "typed", elements: [{ type: "rich_text_section", elements }] }];
}

function typedElement(part: string): JsonObject {
  const id = part.slice(2).replace(/[|>].*$/u, "");
  if (part.startsWith("<@")) {
    return { type: "user", user_id: id };
  }
  return part.startsWith("<#") ? { type: "channel", channel_id: id } : { type: "text", text: plain(part) };
}

function plain(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
