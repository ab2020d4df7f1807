import { setTimeout as sleep } from "node:timers/promises";
import {
  ChatPlatformError,
  type ChatAdapter,
  type ConversationRef,
  type InboundSink,
  type Interactions,
  type Participation,
} from "../../src/ports/chat.js";
import type { Clock } from "../../src/ports/clock.js";
import { UsageError } from "../../src/ports/errors.js";
import type { HttpRoute } from "../../src/ports/http.js";
import type { NewId } from "../../src/ports/ids.js";
import type { Logger } from "../../src/ports/logger.js";
import { createHttpReceiver, createSocketReceiver, type BoltDeps } from "./bolt-app.js";
import { eventsRoute } from "./events-route.js";
import { createIdentityReader, type IdentityReader } from "./identity.js";
import type { AuthorSettings } from "./inbound/authors.js";
import type { SlackIntake } from "./inbound/intake.js";
import { createInteractivity } from "./inbound/interactivity.js";
import { createMessageIntake } from "./inbound/slack-events.js";
import { createSlashCommands } from "./inbound/slash-commands.js";
import { createSlackChatAdapter } from "./outbound/chat-adapter.js";
import { MessageCalls } from "./outbound/message-calls.js";
import { OwnMessages } from "./outbound/own-messages.js";
import { STREAM_TIMINGS, type StreamTimings } from "./outbound/slack-stream.js";
import { StreamOpener } from "./outbound/stream-opener.js";
import { People } from "./people.js";
import { Presence } from "./presence.js";
import { createReactionIntake } from "./inbound/reactions.js";
import { ResponseUrls } from "./response-urls.js";
import { createSlackCall, type SlackCall } from "./slack-api.js";
import { createSlackFiles } from "./slack-files.js";
import { loggedCode } from "./slack-errors.js";
import { keepConnected } from "./socket-loop.js";

export interface SlackSurfaceDeps extends Omit<AuthorSettings, "agentsChannels"> {
  /** The channel where agents work who have no channel of their own; null when there is none. */
  readonly agentsChannel: string | null;
  /** Those of teams that have their own. */
  readonly teamChannels?: readonly string[];
  readonly botToken: string;
  /** Checks requests over HTTP; null when they come over Socket Mode. */
  readonly signingSecret: string | null;
  /** Opens Socket Mode; null when requests come over HTTP. */
  readonly appToken: string | null;
  /** Another place than slack.com that speaks Slack's Web API. */
  readonly apiUrl?: string;
  readonly installation: (teamId: string) => Promise<{ readonly id: string }>;
  readonly sink: InboundSink;
  readonly interactions: Interactions;
  readonly participation: Participation;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly logger: Logger;
  readonly botName: string;
  readonly streamTimings?: StreamTimings;
}

/** Slack, wired: what posts there, what listens to it, and its start and end. */
export interface SlackSurface {
  readonly adapter: ChatAdapter;
  /** Empty without a signing secret. */
  readonly routes: readonly HttpRoute[];
  /**
   * Learns who the bot is and connects Socket Mode. Resolves also while Slack cannot be reached: it is tried again in the
   * background, and until then requests are answered with 503.
   * @throws {ChatPlatformError} when Slack refuses the token.
   */
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
  /**
   * Where handoff cards go: a team's channel, or without one the agents' channel. Null when that is not in this workspace,
   * or when it is not known yet who the bot is.
   */
  agentsChannel(teamChannel?: string | null): ConversationRef | null;
  /** Which of these people are away. Whom Slack does not tell of is not; never rejects. */
  away(userIds: readonly string[]): Promise<ReadonlySet<string>>;
}

/**
 * Without a signing secret and without an app token nothing comes in, and the surface only posts: as a worker does.
 * @throws {UsageError} for a token or secret that is there and empty: it would check nothing.
 */
export function createSlackSurface(deps: SlackSurfaceDeps): SlackSurface {
  const { botToken, apiUrl, logger, signingSecret, appToken, agentsChannel } = deps;
  if (botToken === "") throw new UsageError("Slack needs a bot token (xoxb-…).");
  if (signingSecret === "") throw new UsageError("Slack's signing secret is empty.");
  if (appToken === "") throw new UsageError("Slack's app-level token is empty.");
  const call = createSlackCall(botToken, apiUrl, logger);
  const presence = new Presence(call);
  const identity = createIdentityReader(call, deps.installation);
  const responseUrls = new ResponseUrls(apiUrl, logger);
  const { adapter, intake } = wire(deps, call, identity, responseUrls);
  const bolt: BoltDeps = { botToken, apiUrl, logger, identity: () => identity.current, intake };
  const lifecycle = new Lifecycle(identity, logger, bolt, appToken);
  return {
    adapter,
    routes: signingSecret === null ? [] : [eventsRoute(createHttpReceiver(bolt, signingSecret), signingSecret, deps)],
    start: (signal) => lifecycle.start(signal),
    async stop() {
      await lifecycle.stop();
      await responseUrls.settled();
    },
    away: (userIds) => presence.away(userIds),
    agentsChannel(teamChannel = null) {
      const { current } = identity;
      const key = teamChannel ?? agentsChannel;
      return key === null || current === null ? null : { installationId: current.installationId, key };
    },
  };
}

function wire(given: SlackSurfaceDeps, call: SlackCall, identity: IdentityReader, responseUrls: ResponseUrls) {
  const { agentsChannel, teamChannels = [] } = given;
  const deps = { ...given, agentsChannels: [...(agentsChannel === null ? [] : [agentsChannel]), ...teamChannels] };
  const calls = new MessageCalls(call);
  const own = new OwnMessages(call, identity);
  const people = new People(call);
  const streams = new StreamOpener({ call, calls, own, timings: deps.streamTimings ?? STREAM_TIMINGS });
  const message = createMessageIntake({ ...deps, people, onSpoken: (key, speaker) => streams.heard(key, speaker) });
  const reaction = createReactionIntake({ ...deps, people });
  const command = createSlashCommands({ ...deps, call, calls, people });
  const interactivity = createInteractivity({
    ...deps,
    call,
    people,
    tell: (url, text) => responseUrls.tell(url, text),
  });
  const files = createSlackFiles({ call, botToken: given.botToken, apiUrl: given.apiUrl });
  const intake: SlackIntake = { message, reaction, command, action: interactivity.action, view: interactivity.view };
  return { adapter: createSlackChatAdapter({ call, calls, own, streams, files }), intake };
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** From the first sign of Slack to the last. */
class Lifecycle {
  readonly #identity: IdentityReader;
  readonly #logger: Logger;
  readonly #bolt: BoltDeps;
  readonly #appToken: string | null;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(identity: IdentityReader, logger: Logger, bolt: BoltDeps, appToken: string | null) {
    this.#identity = identity;
    this.#logger = logger;
    this.#bolt = bolt;
    this.#appToken = appToken;
  }

  async start(signal: AbortSignal): Promise<void> {
    const ending = AbortSignal.any([signal, this.#stopping.signal]);
    const isKnown = await this.#learn(ending);
    this.#running = this.#run(ending, isKnown);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal, isKnown: boolean): Promise<void> {
    let known = isKnown;
    for (let waitMs = FIRST_WAIT_MS; !known && !signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      known = await this.#learn(signal).catch((error: unknown) => {
        this.#logger.error("slack refused", { code: loggedCode(error) });
        return false;
      });
    }
    if (this.#appToken === null || signal.aborted) return;
    await keepConnected(createSocketReceiver(this.#bolt, this.#appToken), this.#logger, signal);
  }

  async #learn(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#identity.get(signal);
      return true;
    } catch (error) {
      if (error instanceof ChatPlatformError && !error.isRetryable) throw error;
      this.#logger.warn("slack not reached yet", { code: loggedCode(error) });
      return false;
    }
  }
}
