import { z } from "zod";
import { parseReply } from "../../../src/answering/parse-reply.js";
import {
  ChatPlatformError,
  type MessageStream,
  type PostedMessage,
  type StreamOpening,
} from "../../../src/ports/chat.js";
import type { Reply } from "../../../src/ports/reply.js";
import type { SlackPlace } from "../conversation-key.js";
import { renderReply } from "../render/render-reply.js";
import { inertMarkdown } from "../render/slack-text.js";
import type { SlackCall } from "../slack-api.js";
import { slackErrorCode } from "../slack-errors.js";
import { putRest } from "./rest-of-reply.js";
import { threadUnder, toPosted, type MessageCalls } from "./message-calls.js";

/** `native`: Slack's own streaming. `edited`: one message, edited as it grows. `quiet`: nothing more until the end. */
type Mode = "native" | "edited" | "quiet";

export interface StreamTimings {
  /** Text is sent at most this often, or when much of it has gathered. */
  readonly flushMs: number;
  /** The same for edits, of which Slack allows about fifty a minute. */
  readonly editMs: number;
  /** Slack closes a stream after about five minutes; before that it goes on by edits. */
  readonly nativeLifeMs: number;
}

export const STREAM_TIMINGS: StreamTimings = { flushMs: 1_000, editMs: 3_000, nativeLifeMs: 225_000 };

export interface SlackStreamDeps {
  readonly call: SlackCall;
  readonly calls: MessageCalls;
  readonly timings: StreamTimings;
}

/** How long closing a stream that was given up may take. */
const ABORT_MS = 5_000;
const MUCH_TEXT = 1_000;
/** What a message can hold is shown while it grows; the rest comes with the end. */
const MOST_SHOWN = 10_000;

const anySchema = z.object({});
/** Every mark is shown as it was written while the message grows. */
const ALL_MARKS: ReadonlySet<number> = new Set(Array.from({ length: 1_000 }, (_, number) => number));

/** One message of ours while it is written. Nothing that goes wrong with showing it fails the answer: the end puts all right. */
export class SlackStream implements MessageStream {
  readonly posted: PostedMessage;
  readonly #deps: SlackStreamDeps;
  readonly #place: SlackPlace;
  readonly #opening: StreamOpening;
  readonly #ts: string;
  readonly #openedAt = performance.now();
  #mode: Mode;
  /** Whether Slack takes text for it still, so that it must be closed. */
  #isOpen: boolean;
  #shown = "";
  #pending = "";
  #flushAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  /** Flushes go one after the other, also those of the timer. */
  #flushing: Promise<void> = Promise.resolve();

  constructor(deps: SlackStreamDeps, place: SlackPlace, opening: StreamOpening, ts: string, mode: "native" | "edited") {
    this.#deps = deps;
    this.#place = place;
    this.#opening = opening;
    this.#ts = ts;
    this.#mode = mode;
    this.#isOpen = mode === "native";
    this.posted = toPosted(place, ts);
  }

  async append(markdown: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#mode === "quiet" || this.#shown.length + markdown.length > MOST_SHOWN) {
      this.#mode = "quiet";
      return;
    }
    this.#shown += markdown;
    this.#pending += markdown;
    const now = performance.now();
    if (now >= this.#flushAt || (this.#mode === "native" && this.#pending.length >= MUCH_TEXT)) {
      await this.#flush(signal);
    } else {
      this.#timer ??= setTimeout(() => void this.#flush(signal).catch(() => undefined), this.#flushAt - now);
    }
  }

  async finish(reply: Reply, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.#settle();
    const { calls } = this.#deps;
    const { deliveryId, speaker } = this.#opening;
    const messages = renderReply(reply, speaker);
    const mark = { deliveryId, part: 0, parts: messages.length };
    await this.#close(signal);
    await calls.update(this.#place.channel, this.#ts, messages[0], mark, signal);
    const place = threadUnder(this.#place, this.#ts);
    await putRest({ calls, place, deliveryId, messages, present: new Map() }, signal);
  }

  async abort(): Promise<void> {
    await this.#settle();
    const signal = AbortSignal.timeout(ABORT_MS);
    try {
      if (this.#pending !== "" && this.#mode !== "quiet") await this.#flush(signal);
      this.#clearTimer();
      await this.#close(signal);
    } catch {
      // It stays open for a while and is closed by the edit that finishes the delivery.
    }
  }

  /** Its mark says one message: whoever finds it closed but not replaced finishes it by an edit. */
  async #close(signal: AbortSignal): Promise<void> {
    if (!this.#isOpen) return;
    const { deliveryId } = this.#opening;
    await this.#deps.calls.stopStream(this.#place.channel, this.#ts, { deliveryId, part: 0, parts: 1 }, signal);
    this.#isOpen = false;
  }

  async #settle(): Promise<void> {
    this.#clearTimer();
    await this.#flushing;
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #flush(signal: AbortSignal): Promise<void> {
    this.#clearTimer();
    const flushing = this.#flushing.then(() => this.#show(signal));
    this.#flushing = flushing.catch(() => undefined);
    return flushing;
  }

  async #show(signal: AbortSignal): Promise<void> {
    const text = this.#pending;
    if (text === "" || this.#mode === "quiet") return;
    this.#pending = "";
    const { flushMs, editMs, nativeLifeMs } = this.#deps.timings;
    try {
      if (this.#mode === "native" && performance.now() - this.#openedAt > nativeLifeMs) await this.#goOnByEdits(signal);
      this.#flushAt = performance.now() + (this.#mode === "native" ? flushMs : editMs);
      if (this.#mode === "native") await this.#appendNative(text, signal);
      else await this.#editShown(signal);
    } catch (error) {
      signal.throwIfAborted();
      this.#afterFailure(error, text);
    }
  }

  async #appendNative(text: string, signal: AbortSignal): Promise<void> {
    const args = { channel: this.#place.channel, ts: this.#ts, markdown_text: inertMarkdown(text) };
    await this.#deps.call("chat.appendStream", args, anySchema, signal);
  }

  async #editShown(signal: AbortSignal): Promise<void> {
    const { deliveryId, speaker } = this.#opening;
    const blocks = parseReply(this.#shown, ALL_MARKS);
    const [message] = renderReply({ blocks, citations: [], actions: [] }, speaker);
    const mark = { deliveryId, part: 0, parts: 1 };
    await this.#deps.calls.update(this.#place.channel, this.#ts, message, mark, signal);
  }

  async #goOnByEdits(signal: AbortSignal): Promise<void> {
    await this.#close(signal);
    this.#mode = "edited";
  }

  #afterFailure(error: unknown, text: string): void {
    const code = slackErrorCode(error);
    const failure = error instanceof ChatPlatformError ? error : null;
    if (failure?.failure === "rate-limited") {
      this.#pending = text + this.#pending;
      this.#flushAt = performance.now() + (failure.retryAfterMs ?? this.#deps.timings.editMs);
    } else if (code === "message_not_in_streaming_state" || code === "unknown_method") {
      this.#isOpen = false;
      this.#mode = "edited";
      this.#pending = text + this.#pending;
      this.#flushAt = Number.NEGATIVE_INFINITY;
    } else {
      // Whoever pressed Stop wants to see no more of it grow; and what may or may not have arrived is not sent again.
      if (code === "stopped_by_user") this.#isOpen = false;
      this.#mode = "quiet";
    }
  }
}
