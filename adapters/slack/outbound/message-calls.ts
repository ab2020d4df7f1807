import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { toConversationKey, type SlackPlace } from "../conversation-key.js";
import { Pacing } from "../pacing.js";
import type { RenderedMessage } from "../render/render-reply.js";
import type { SlackCall } from "../slack-api.js";
import { slackErrorCode } from "../slack-errors.js";
import { toMetadata, type DeliveryMark } from "./delivery-metadata.js";

const postedSchema = z.object({ ts: z.string() });
const doneSchema = z.object({});

/** Slack takes about one post per second and channel, and a few more at once. */
const POST_PACE = { burst: 3, intervalMs: 1_000 };
/** A reply of several messages goes on after waits up to this; whatever takes longer is the sender's to wait for. */
const LONGEST_WAIT_MS = 1_200;

/** Streaming errors that mean it is closed already, whoever closed it. */
const ALREADY_CLOSED: ReadonlySet<string | null> = new Set(["message_not_in_streaming_state", "stopped_by_user"]);

/** Single steps of putting messages into Slack. Each is one call, paced where Slack wants it. */
export class MessageCalls {
  readonly #call: SlackCall;
  readonly #pacing = new Pacing(POST_PACE);

  constructor(call: SlackCall) {
    this.#call = call;
  }

  /** Posts one message within its turn, waiting up to `longestMs` for it, and returns its ts. @throws {ChatPlatformError} `rate-limited` before Slack has to say so. */
  async post(
    place: SlackPlace,
    message: RenderedMessage,
    mark: DeliveryMark,
    signal: AbortSignal,
    longestMs = mark.part === 0 ? 0 : LONGEST_WAIT_MS,
  ): Promise<string> {
    signal.throwIfAborted();
    const holder = `${mark.deliveryId}/${mark.part}`;
    const waitMs = this.#pacing.reserve(place.channel, holder, "chat.postMessage", longestMs);
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
    const args = {
      channel: place.channel,
      ...(place.threadTs === null ? {} : { thread_ts: place.threadTs }),
      ...message,
      metadata: toMetadata(mark),
      unfurl_links: false,
      unfurl_media: false,
    };
    const { ts } = await this.#call("chat.postMessage", args, postedSchema, signal);
    return ts;
  }

  /** Replaces a message; a stream that is still open is closed first. */
  async update(channel: string, ts: string, message: RenderedMessage, mark: DeliveryMark, signal: AbortSignal) {
    const args = { channel, ts, ...message, metadata: toMetadata(mark) };
    const update = async (): Promise<void> => {
      await this.#call("chat.update", args, doneSchema, signal);
    };
    try {
      await update();
    } catch (error) {
      if (slackErrorCode(error) !== "streaming_state_conflict") throw error;
      await this.stopStream(channel, ts, { ...mark, parts: 1 }, signal);
      await update();
    }
  }

  async delete(channel: string, ts: string, signal: AbortSignal): Promise<void> {
    await this.#call("chat.delete", { channel, ts }, doneSchema, signal);
  }

  /** Closes a stream; it carries the delivery's mark from then on. */
  async stopStream(channel: string, ts: string, mark: DeliveryMark, signal: AbortSignal): Promise<void> {
    try {
      await this.#call("chat.stopStream", { channel, ts, metadata: toMetadata(mark) }, doneSchema, signal);
    } catch (error) {
      if (!ALREADY_CLOSED.has(slackErrorCode(error))) throw error;
    }
  }
}

/** The place below a post: where its thread's messages go. */
export function threadUnder(place: SlackPlace, ts: string): SlackPlace {
  return { channel: place.channel, threadTs: place.threadTs ?? ts };
}

/** What the core is told about a post. */
export function toPosted(place: SlackPlace, ts: string) {
  return { platformId: ts, threadKey: toConversationKey(threadUnder(place, ts)) };
}
