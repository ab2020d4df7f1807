import { randomBytes } from "node:crypto";
import { checkMessageBlocks } from "./block-kit.js";
import type { FakeState } from "./call.js";
import { isList, type JsonObject } from "./json.js";
import type { Channel, Message, Team } from "./model.js";
import { SlackRefusal } from "./refusal.js";

const LIFE_MS = 30 * 60_000;
const MOST_USES = 5;
const FIELDS = new Set([
  "text",
  "blocks",
  "response_type",
  "replace_original",
  "delete_original",
  "thread_ts",
  "mrkdwn",
  "unfurl_links",
  "unfurl_media",
]);

interface Grant {
  readonly team: Team;
  readonly channel: Channel;
  readonly userId: string;
  /** What was pressed; null for a slash command. */
  readonly original: Message | null;
  readonly createdAt: number;
  uses: number;
}

/** The addresses to which an app may answer an interaction, five times within half an hour. */
export class ResponseUrls {
  readonly #state: FakeState;
  readonly #grants = new Map<string, Grant>();

  constructor(state: FakeState) {
    this.#state = state;
  }

  /** The path of a new address. */
  grant(team: Team, channel: Channel, userId: string, original: Message | null): string {
    const path = `/response/${team.id}/${randomBytes(9).toString("hex")}`;
    this.#grants.set(path, { team, channel, userId, original, createdAt: this.#state.clock.now(), uses: 0 });
    return path;
  }

  /**
   * Does what was sent to an address.
   * @throws {SlackRefusal}
   */
  respond(path: string, body: JsonObject): void {
    const grant = this.#grants.get(path);
    if (grant === undefined || this.#state.clock.now() - grant.createdAt > LIFE_MS) {
      throw new SlackRefusal("expired_url");
    }
    if (grant.uses >= MOST_USES) {
      throw new SlackRefusal("used_url");
    }
    const unknown = Object.keys(body).find((field) => !FIELDS.has(field));
    if (unknown !== undefined) {
      throw new SlackRefusal("invalid_payload", { field: unknown });
    }
    grant.uses += 1;
    this.show(grant, body);
  }

  /** Shows what an app answered, be it to an address or at once. */
  show(where: Omit<Grant, "uses" | "createdAt">, body: JsonObject): void {
    const { original, channel } = where;
    if (body["delete_original"] === true && original !== null) {
      channel.messages.delete(original.ts);
      this.#state.workspace.ephemerals.splice(
        0,
        Infinity,
        ...this.#state.workspace.ephemerals.filter((one) => one !== original),
      );
      return;
    }
    const content = contentOf(body);
    if (body["replace_original"] === true && original !== null) {
      Object.assign(original, content);
      return;
    }
    const isPublic = body["response_type"] === "in_channel";
    const message = answerMessage(this.#state, where, content, isPublic ? null : where.userId);
    if (isPublic) {
      channel.messages.set(message.ts, message);
      this.#state.events.messagePosted(channel, message);
    } else {
      this.#state.workspace.ephemerals.push(message);
    }
  }
}

function contentOf(body: JsonObject): { text: string; blocks: readonly JsonObject[] } {
  const blocks = checkMessageBlocks(isList(body["blocks"]) ? body["blocks"] : []);
  const text = typeof body["text"] === "string" ? body["text"] : "";
  if (text === "" && blocks.length === 0) {
    throw new SlackRefusal("no_text");
  }
  return { text, blocks };
}

function answerMessage(
  state: FakeState,
  where: Omit<Grant, "uses" | "createdAt">,
  content: { text: string; blocks: readonly JsonObject[] },
  ephemeralTo: string | null,
): Message {
  return {
    ...content,
    ts: state.clock.timestamp(),
    channelId: where.channel.id,
    threadTs: where.original?.threadTs ?? null,
    userId: where.team.botUserId,
    teamId: where.team.id,
    botId: where.team.botId,
    username: null,
    ephemeralTo,
    subtype: null,
    metadata: null,
    edited: null,
    stream: null,
    parsesFully: false,
    reactions: new Map(),
  };
}
