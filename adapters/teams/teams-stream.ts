import { setTimeout as sleep } from "node:timers/promises";
import { parseReply } from "../../src/answering/parse-reply.js";
import type { MessageStream, OutgoingMessage, PostedMessage, StreamOpening } from "../../src/ports/chat.js";
import type { Clock } from "../../src/ports/clock.js";
import { ChatPlatformError } from "../../src/ports/chat.js";
import type { Reply } from "../../src/ports/reply.js";
import type { TeamsAddress } from "./address.js";
import type { BotConnector, OutgoingActivity } from "./bot-connector.js";
import { streamRefusal } from "./platform-error.js";
import { renderActivities, renderStreamed } from "./render-activity.js";

export interface StreamPace {
  readonly clock: Clock;
  /** Between two requests of one stream; Teams takes one a second. */
  readonly cadenceMs: number;
  /** From the start to the last chunk; Teams closes a stream after two minutes. */
  readonly lifetimeMs: number;
}

export const TEAMS_PACE = { cadenceMs: 1_500, lifetimeMs: 110_000 } as const;

export interface TeamsStreamDeps {
  readonly connector: BotConnector;
  readonly at: TeamsAddress;
  readonly pace: StreamPace;
  readonly opening: StreamOpening;
  /** Shown until the first text. */
  readonly status: string;
  readonly edit: (message: OutgoingMessage, platformId: string, signal: AbortSignal) => Promise<void>;
}

/** Starts a stream in a personal chat: its id is the id of the message that it becomes. */
export async function openTeamsStream(deps: TeamsStreamDeps, signal: AbortSignal): Promise<MessageStream> {
  const start = chunk(deps.status, { streamType: "informative", streamSequence: 1 });
  const streamId = await deps.connector.send(deps.at, start, signal);
  if (streamId === "") throw new ChatPlatformError("unreachable", "open stream");
  return new TeamsStream(deps, streamId);
}

/** Citation marks of a sentence are shown before anybody knows how many sources there will be. */
const ANY_CITATION: ReadonlySet<number> = new Set(Array.from({ length: 999 }, (_, index) => index + 1));

type State = "open" | "stopped-by-user" | "over";

/**
 * One message written by Teams' rules: each chunk repeats what came before it, one request at a time, not too often, not
 * too long. Chunks are for the eye; the whole reply always comes with the finish.
 */
class TeamsStream implements MessageStream {
  readonly posted: PostedMessage;
  readonly #deps: TeamsStreamDeps;
  readonly #startedAt: number;
  #state: State = "open";
  #markdown = "";
  #shown = "";
  #sequence = 1;
  #sentAt: number;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();

  constructor(deps: TeamsStreamDeps, streamId: string) {
    this.#deps = deps;
    this.posted = { platformId: streamId, threadKey: deps.opening.to.key };
    this.#startedAt = deps.pace.clock.now().getTime();
    this.#sentAt = performance.now();
  }

  async append(markdown: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#markdown += markdown;
    if (this.#timer !== undefined || this.#state !== "open") return;
    const waitMs = this.#untilNextRequest();
    if (waitMs <= 0) {
      await this.#flush(signal);
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#flush(signal);
    }, waitMs);
    this.#timer.unref();
  }

  async finish(reply: Reply, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.#quiet();
    if (this.#state === "stopped-by-user") return;
    const message = { ...this.#deps.opening, reply, part: 0 };
    if (this.#isOpen()) {
      const [whole] = renderActivities(message);
      const isContinued = (whole.text ?? "").startsWith(this.#shown);
      if (await this.#close(isContinued ? whole : this.#shownSoFar(), signal)) {
        if (isContinued) return;
      } else if (this.#isStopped()) {
        return;
      }
    }
    await this.#deps.edit(message, this.posted.platformId, signal);
  }

  async abort(): Promise<void> {
    await this.#quiet();
    // An open stream would keep the chat's next one out. With nothing shown there is nothing to keep.
    if (!this.#isOpen() || this.#shown === "") return;
    await this.#close(this.#shownSoFar(), AbortSignal.timeout(5_000)).catch(() => undefined);
  }

  /** Best effort: a chunk that fails is shown with the next one, or with the whole. Never throws. */
  #flush(signal: AbortSignal): Promise<void> {
    this.#sending = this.#sending
      .then(() => this.#sendChunk(signal))
      .catch((error: unknown) => this.#afterChunk(error));
    return this.#sending;
  }

  async #sendChunk(signal: AbortSignal): Promise<void> {
    if (!this.#isOpen() || signal.aborted) return;
    const text = renderStreamed(parseReply(this.#markdown, ANY_CITATION));
    // What was sent is never revised: text that reads differently now waits for the finish.
    if (text === null || text === this.#shown || !text.startsWith(this.#shown)) return;
    this.#sentAt = performance.now();
    this.#sequence += 1;
    const info = { streamType: "streaming", streamId: this.posted.platformId, streamSequence: this.#sequence };
    await this.#deps.connector.send(this.#deps.at, chunk(text, info), signal);
    this.#shown = text;
  }

  #afterChunk(error: unknown): void {
    const refusal = streamRefusal(error);
    if (refusal !== null) this.#state = refusal === "cancelled-by-user" ? "stopped-by-user" : "over";
    // After a lost answer nobody knows which text the next chunk would have to repeat.
    else if (!(error instanceof ChatPlatformError) || error.failure !== "rate-limited") this.#state = "over";
  }

  /** True when the stream has become the activity; false when Teams takes no more of it. */
  async #close(last: OutgoingActivity, signal: AbortSignal): Promise<boolean> {
    const info = { type: "streaminfo", streamType: "final", streamId: this.posted.platformId };
    await sleep(Math.max(0, this.#untilNextRequest()), undefined, { signal });
    this.#sentAt = performance.now();
    try {
      await this.#deps.connector.send(this.#deps.at, { ...last, entities: [info, ...(last.entities ?? [])] }, signal);
      this.#state = "over";
      return true;
    } catch (error) {
      const refusal = streamRefusal(error);
      if (refusal === null) throw error;
      this.#state = refusal === "cancelled-by-user" ? "stopped-by-user" : "over";
      return false;
    }
  }

  async #quiet(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#sending;
  }

  #shownSoFar(): OutgoingActivity {
    return { type: "message", text: this.#shown === "" ? this.#deps.status : this.#shown, textFormat: "markdown" };
  }

  #untilNextRequest(): number {
    return this.#sentAt + this.#deps.pace.cadenceMs - performance.now();
  }

  #isOpen(): boolean {
    const age = this.#deps.pace.clock.now().getTime() - this.#startedAt;
    if (this.#state === "open" && age >= this.#deps.pace.lifetimeMs) this.#state = "over";
    return this.#state === "open";
  }

  #isStopped(): boolean {
    return this.#state === "stopped-by-user";
  }
}

function chunk(text: string, info: Readonly<Record<string, string | number>>): OutgoingActivity {
  return { type: "typing", text, entities: [{ type: "streaminfo", ...info }] };
}
