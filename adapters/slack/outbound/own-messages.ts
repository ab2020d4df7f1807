import { z } from "zod";
import type { SlackPlace } from "../conversation-key.js";
import type { IdentityReader, SlackIdentity } from "../identity.js";
import type { SlackCall } from "../slack-api.js";
import { slackErrorCode } from "../slack-errors.js";
import { madeAt, readMark, type DeliveryMark } from "./delivery-metadata.js";

const pageSchema = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      user: z.string().nullish(),
      bot_id: z.string().nullish(),
      team: z.string().nullish(),
      user_team: z.string().nullish(),
      subtype: z.string().nullish(),
      metadata: z.object({ event_type: z.string(), event_payload: z.unknown() }).nullish(),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

type SeenMessage = z.infer<typeof pageSchema>["messages"][number];

/** A message of ours as it stands in a conversation. */
export interface OwnMessage {
  readonly ts: string;
  /** Null for a stream that has not been closed: Slack keeps no metadata with it. */
  readonly mark: DeliveryMark | null;
}

const PAGE = 200;
/** Nobody's thread is longer between a delivery and the look for it. */
const PAGES = 10;
/** Our clock against Slack's, when a look goes back to where a delivery was made. */
const CLOCKS_APART_MS = 600_000;
/** The same for a stream, which has no id to tell it by. */
const STREAM_CLOCKS_APART_MS = 5_000;

/** Looks for what the bot has posted. Each method is one call of Slack, or a few where there is much to read. */
export class OwnMessages {
  readonly #call: SlackCall;
  readonly #identity: IdentityReader;

  constructor(call: SlackCall, identity: IdentityReader) {
    this.#call = call;
    this.#identity = identity;
  }

  /** The messages of a delivery by their part. Of a part that was posted twice, the first. */
  async ofDelivery(
    place: SlackPlace,
    deliveryId: string,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, OwnMessage>> {
    const made = madeAt(deliveryId);
    const oldest = made === null ? null : toTs(made - CLOCKS_APART_MS);
    const seen = await this.#own(place, oldest, signal);
    const parts = partsOf(seen, deliveryId);
    const first = parts.get(0);
    if (place.threadTs !== null || first?.mark === undefined || (first.mark?.parts ?? 1) === 1) return parts;
    const below = await this.#own({ ...place, threadTs: first.ts }, first.ts, signal);
    return partsOf([...seen, ...below], deliveryId);
  }

  /** The messages of the delivery that a message belongs to, that message included. */
  async besides(place: SlackPlace, ts: string, signal: AbortSignal): Promise<ReadonlyMap<number, OwnMessage>> {
    try {
      const seen = await this.#own({ channel: place.channel, threadTs: place.threadTs ?? ts }, ts, signal);
      const deliveryId = seen.find((message) => message.ts === ts)?.mark?.deliveryId;
      return deliveryId === undefined ? new Map() : partsOf(seen, deliveryId);
    } catch (error) {
      if (slackErrorCode(error) === "thread_not_found") return new Map();
      throw error;
    }
  }

  /** The newest message of ours that was begun as a stream for this delivery and never closed. */
  async unfinishedStream(place: SlackPlace, deliveryId: string, signal: AbortSignal): Promise<OwnMessage | null> {
    const made = madeAt(deliveryId);
    if (place.threadTs === null || made === null) return null;
    const oldest = toTs(made - STREAM_CLOCKS_APART_MS);
    const seen = await this.#own(place, oldest, signal);
    return (
      seen.findLast(({ ts, mark }) => mark === null && ts !== place.threadTs && Number(ts) >= Number(oldest)) ?? null
    );
  }

  /** Who wrote last in a thread, of the people in it. */
  async lastSpeaker(place: SlackPlace, signal: AbortSignal): Promise<{ userId: string; teamId: string } | null> {
    const identity = await this.#identity.get(signal);
    const messages = await this.#read(place, null, signal);
    const last = messages.findLast(
      ({ user, bot_id }) => typeof user === "string" && user !== identity.botUserId && typeof bot_id !== "string",
    );
    if (typeof last?.user !== "string") return null;
    return { userId: last.user, teamId: last.user_team ?? last.team ?? identity.teamId };
  }

  async #own(place: SlackPlace, oldest: string | null, signal: AbortSignal): Promise<readonly OwnMessage[]> {
    const identity = await this.#identity.get(signal);
    const messages = await this.#read(place, oldest, signal);
    // Metadata of others is never taken for ours: anybody's app could write an id into a message.
    return messages
      .filter((message) => isOurs(message, identity))
      .map(({ ts, metadata }) => ({ ts, mark: readMark(metadata), hasMetadata: (metadata ?? null) !== null }))
      .filter(({ mark, hasMetadata }) => mark !== null || !hasMetadata);
  }

  async #read(
    { channel, threadTs }: SlackPlace,
    oldest: string | null,
    signal: AbortSignal,
  ): Promise<readonly SeenMessage[]> {
    const method = threadTs === null ? "conversations.history" : "conversations.replies";
    const messages: SeenMessage[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < PAGES; page += 1) {
      const args = {
        channel,
        limit: PAGE,
        include_all_metadata: true,
        ...(threadTs === null ? {} : { ts: threadTs }),
        ...(oldest === null ? {} : { oldest, inclusive: true }),
        ...(cursor === null ? {} : { cursor }),
      };
      const read: z.infer<typeof pageSchema> = await this.#call(method, args, pageSchema, signal);
      messages.push(...read.messages);
      const next: string = read.response_metadata?.next_cursor ?? "";
      if (next === "") break;
      cursor = next;
    }
    return messages.sort((a, b) => Number(a.ts) - Number(b.ts));
  }
}

function isOurs({ user, bot_id }: SeenMessage, { botUserId, botId }: SlackIdentity): boolean {
  return user === botUserId || (botId !== null && bot_id === botId);
}

function partsOf(messages: readonly OwnMessage[], deliveryId: string): ReadonlyMap<number, OwnMessage> {
  const parts = new Map<number, OwnMessage>();
  for (const message of messages) {
    const { mark } = message;
    if (mark?.deliveryId === deliveryId && !parts.has(mark.part)) parts.set(mark.part, message);
  }
  return parts;
}

function toTs(timeMs: number): string {
  return (timeMs / 1_000).toFixed(6);
}
