import { randomBytes } from "node:crypto";
import type { FakeClock } from "./clock.js";
import type { Courier, Delivery } from "./courier.js";
import type { JsonObject } from "./json.js";
import { channelType, messagePayload } from "./message-payload.js";
import type { Channel, Message, Person, Team } from "./model.js";
import type { Workspace } from "./workspace.js";

const HISTORY_SCOPE = { public: "channels:history", private: "groups:history", im: "im:history" } as const;
const MESSAGE_EVENT = { public: "message.channels", private: "message.groups", im: "message.im" } as const;

interface FeedParts {
  readonly appId: string;
  readonly workspace: Workspace;
  readonly clock: FakeClock;
  readonly courier: Courier;
}

/** Turns what happens into the events the app asked for and may see. */
export class EventFeed {
  readonly #parts: FeedParts;

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** A new message, whoever wrote it: the app's own come back to it as well. */
  messagePosted(channel: Channel, message: Message): Delivery[] {
    return this.#teamsThatRead(channel).flatMap((team) => [
      ...this.#mention(team, channel, message),
      this.#emit(team, channel, { ...this.#shown(channel, message), ...this.#inChannel(channel, message.ts) }),
    ]);
  }

  messageChanged(channel: Channel, message: Message, previous: JsonObject): Delivery[] {
    return this.#aboutMessage(channel, {
      subtype: "message_changed",
      hidden: true,
      message: this.#shown(channel, message),
      previous_message: previous,
    });
  }

  messageDeleted(channel: Channel, message: Message): Delivery[] {
    return this.#aboutMessage(channel, {
      subtype: "message_deleted",
      hidden: true,
      deleted_ts: message.ts,
      previous_message: this.#shown(channel, message),
    });
  }

  /** Any other event of one workspace, if the app asked for it and has the scope it needs. */
  happened(team: Team, event: JsonObject & { readonly type: string }, scope: string | null = null): Delivery[] {
    const isWanted = team.events.has(event.type) && (scope === null || team.scopes.has(scope));
    return isWanted ? [this.#emit(team, null, { ...event, event_ts: this.#parts.clock.timestamp() })] : [];
  }

  #mention(team: Team, channel: Channel, message: Message): Delivery[] {
    const isMention = channel.kind !== "im" && message.text.includes(`<@${team.botUserId}>`) && message.botId === null;
    if (!isMention || !team.scopes.has("app_mentions:read") || !team.events.has("app_mention")) {
      return [];
    }
    const where = { channel: channel.id, event_ts: message.ts };
    return [this.#emit(team, channel, { ...this.#shown(channel, message), ...where, type: "app_mention" })];
  }

  #aboutMessage(channel: Channel, event: JsonObject): Delivery[] {
    const ts = this.#parts.clock.timestamp();
    return this.#teamsThatRead(channel).map((team) =>
      this.#emit(team, channel, { type: "message", ...event, ts, ...this.#inChannel(channel, ts) }),
    );
  }

  #teamsThatRead(channel: Channel): Team[] {
    return channel.teamIds
      .map((id) => this.#parts.workspace.teams.get(id))
      .filter((team) => team !== undefined)
      .filter(
        (team) =>
          channel.members.has(team.botUserId) &&
          team.scopes.has(HISTORY_SCOPE[channel.kind]) &&
          team.events.has(MESSAGE_EVENT[channel.kind]),
      );
  }

  #shown(channel: Channel, message: Message): JsonObject {
    const own = messagePayload(message, this.#parts.appId, { withMetadata: false });
    const parent = message.threadTs === null ? undefined : channel.messages.get(message.threadTs);
    const payload = parent === undefined ? own : { ...own, parent_user_id: parent.userId };
    const author = this.#parts.workspace.people.get(message.userId);
    return author?.isExternal === true ? { ...payload, ...homeOf(author) } : payload;
  }

  #inChannel(channel: Channel, ts: string): JsonObject {
    return { channel: channel.id, channel_type: channelType(channel), event_ts: ts };
  }

  #emit(team: Team, channel: Channel | null, event: JsonObject): Delivery {
    return this.#parts.courier.deliver({
      kind: "events_api",
      payload: {
        token: "verification-token-that-nobody-should-use",
        team_id: team.id,
        context_team_id: team.id,
        context_enterprise_id: null,
        api_app_id: this.#parts.appId,
        event,
        type: "event_callback",
        event_id: `Ev${randomBytes(6).toString("hex").toUpperCase()}`,
        event_time: Math.floor(this.#parts.clock.now() / 1_000),
        authorizations: [
          {
            enterprise_id: null,
            team_id: team.id,
            user_id: team.botUserId,
            is_bot: true,
            is_enterprise_install: false,
          },
        ],
        is_ext_shared_channel: channel?.isShared ?? false,
        event_context: `4-${randomBytes(12).toString("hex")}`,
      },
    });
  }
}

/** How a message says that its author is from elsewhere. */
function homeOf(person: Person): JsonObject {
  return { user_team: person.teamId, source_team: person.teamId };
}
