import { z } from "zod";
import { ChatPlatformError, type MessageStream, type StreamOpening } from "../../../src/ports/chat.js";
import { plainReply } from "../../../src/ports/reply.js";
import { isDirectMessage, toConversationKey, type SlackPlace } from "../conversation-key.js";
import { Pacing } from "../pacing.js";
import { renderReply } from "../render/render-reply.js";
import { slackErrorCode } from "../slack-errors.js";
import type { OwnMessages } from "./own-messages.js";
import { SlackStream, type SlackStreamDeps } from "./slack-stream.js";

export interface Recipient {
  readonly userId: string;
  readonly teamId: string;
}

export interface StreamOpenerDeps extends SlackStreamDeps {
  readonly own: OwnMessages;
}

/** Slack allows twenty begun streams a minute in a workspace; a little is left for other processes. */
const STREAM_PACE = { burst: 6, intervalMs: 3_000 };

const startedSchema = z.object({ ts: z.string() });

/** Where Slack cannot stream at all (government workspaces for example), it is not asked again. */
const NO_STREAMS: ReadonlySet<string | null> = new Set(["unknown_method", "missing_scope", "not_allowed_token_type"]);

const PLACEHOLDER = "Writing an answer…";

/** How many conversations' last speakers are remembered. */
const KEEP = 2_000;

/** Opens streams: Slack's own where it can, else a message that is edited as it grows. */
export class StreamOpener {
  readonly #deps: StreamOpenerDeps;
  readonly #pacing = new Pacing(STREAM_PACE);
  readonly #speakers = new Map<string, Recipient>();
  #hasStreams = true;

  constructor(deps: StreamOpenerDeps) {
    this.#deps = deps;
  }

  /** Remembers who spoke last: a stream in a channel has to name its reader. */
  heard(key: string, recipient: Recipient): void {
    this.#speakers.delete(key);
    this.#speakers.set(key, recipient);
    const [oldest] = this.#speakers.keys();
    if (this.#speakers.size > KEEP && oldest !== undefined) this.#speakers.delete(oldest);
  }

  async open(place: SlackPlace, opening: StreamOpening, signal: AbortSignal): Promise<MessageStream> {
    signal.throwIfAborted();
    const ts = await this.#startNative(place, signal);
    if (ts !== null) return new SlackStream(this.#deps, place, opening, ts, "native");
    const mark = { deliveryId: opening.deliveryId, part: 0, parts: 1 };
    const [placeholder] = renderReply(plainReply(PLACEHOLDER), opening.speaker);
    const posted = await this.#deps.calls.post(place, placeholder, mark, signal);
    return new SlackStream(this.#deps, place, opening, posted, "edited");
  }

  /** Null where Slack will not stream this one. @throws {ChatPlatformError} when it may have begun. */
  async #startNative(place: SlackPlace, signal: AbortSignal): Promise<string | null> {
    const { channel, threadTs } = place;
    if (!this.#hasStreams || threadTs === null || !this.#pacing.tryTake("workspace")) return null;
    const reader = isDirectMessage(channel) ? {} : await this.#reader(place, signal);
    if (reader === null) return null;
    try {
      const args = { channel, thread_ts: threadTs, ...reader };
      const { ts } = await this.#deps.call("chat.startStream", args, startedSchema, signal);
      return ts;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ChatPlatformError) || error.failure === "unreachable") throw error;
      if (NO_STREAMS.has(slackErrorCode(error))) this.#hasStreams = false;
      return null;
    }
  }

  async #reader(place: SlackPlace, signal: AbortSignal) {
    const known = this.#speakers.get(toConversationKey(place));
    const reader = known ?? (await this.#lastSpeaker(place, signal));
    return reader === null ? null : { recipient_team_id: reader.teamId, recipient_user_id: reader.userId };
  }

  async #lastSpeaker(place: SlackPlace, signal: AbortSignal): Promise<Recipient | null> {
    try {
      return await this.#deps.own.lastSpeaker(place, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ChatPlatformError) return null;
      throw error;
    }
  }
}
