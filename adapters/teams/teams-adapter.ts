import {
  ChatPlatformError,
  type ChatAdapter,
  type ConversationRef,
  type MessageStream,
  type OutgoingMessage,
  type PostedMessage,
  type StreamOpening,
} from "../../src/ports/chat.js";
import { plainReply } from "../../src/ports/reply.js";
import { threadOf, type TeamsAddress } from "./address.js";
import type { BotConnector, OutgoingActivity } from "./bot-connector.js";
import type { KnownAddresses } from "./known-addresses.js";
import { renderActivities } from "./render-activity.js";
import { createTeamsFiles, withFile } from "./teams-files.js";
import { openTeamsStream, type StreamPace } from "./teams-stream.js";

export interface TeamsAdapterDeps {
  readonly connector: BotConnector;
  readonly known: KnownAddresses;
  /** The conversation ids of the agents' channels: every post there starts a thread. */
  readonly agentsChannels: readonly string[];
  readonly pace: StreamPace;
}

const LOOKING = "Looking that up…";

/** Posts through Bot Connector, one message a call. It cannot be asked for earlier posts, so none is ever repeated. */
export function createTeamsAdapter(deps: TeamsAdapterDeps): ChatAdapter {
  const { connector, known } = deps;
  const reach = async (to: ConversationRef, signal: AbortSignal): Promise<TeamsAddress> => {
    signal.throwIfAborted();
    return known.find(to);
  };
  const edit = async (message: OutgoingMessage, platformId: string, signal: AbortSignal): Promise<void> => {
    await connector.update(await reach(message.to, signal), platformId, partOf(message), signal);
  };
  return {
    platform: "teams",
    files: createTeamsFiles({ connector, reach }),
    capabilities: { stream: "prefix", reconcile: false, edit: true },
    // A message whose fate is unknown must not take those before it along.
    countParts: (message) => renderActivities(message).length,
    async post(message, signal) {
      const activity = await withFile(partOf(message), message);
      const id = await sendOne(connector, await reach(message.to, signal), activity, signal);
      return postedAt(deps, message.to, id);
    },
    edit,
    async delete(to, platformId, signal) {
      await connector.remove(await reach(to, signal), platformId, signal);
    },
    async openStream(opening, signal) {
      return openStream(deps, edit, opening, await reach(opening.to, signal), signal);
    },
    async showStatus(to, _status, signal) {
      await connector.send(await reach(to, signal), { type: "typing" }, signal);
    },
    reconcile: () => Promise.reject(new ChatPlatformError("rejected", "reconcile")),
  };
}

type Edit = (message: OutgoingMessage, platformId: string, signal: AbortSignal) => Promise<void>;

/** Teams streams in personal chats only. Elsewhere, and where it refuses, a short message becomes the answer. */
async function openStream(
  deps: TeamsAdapterDeps,
  edit: Edit,
  opening: StreamOpening,
  at: TeamsAddress,
  signal: AbortSignal,
): Promise<MessageStream> {
  if (at.type === "personal") {
    try {
      return await openTeamsStream({ ...deps, at, edit, opening, status: LOOKING }, signal);
    } catch (error) {
      // At worst a line that fades by itself was shown, so a message can follow it.
      if (signal.aborted) throw error;
    }
  }
  const [placeholder] = renderActivities({ reply: plainReply(LOOKING), speaker: opening.speaker });
  const id = await sendOne(deps.connector, at, placeholder, signal);
  const posted = postedAt(deps, opening.to, id);
  return {
    posted,
    append: (_markdown, abort) => {
      abort.throwIfAborted();
      return Promise.resolve();
    },
    finish: (reply, abort) => edit({ ...opening, reply, part: 0 }, posted.platformId, abort),
    abort: () => Promise.resolve(),
  };
}

async function sendOne(
  connector: BotConnector,
  at: TeamsAddress,
  activity: OutgoingActivity,
  signal: AbortSignal,
): Promise<string> {
  const id = await connector.send(at, activity, signal);
  // Accepted, and cannot be spoken of again: as unknown as a lost answer.
  if (id === "") throw new ChatPlatformError("unreachable", "send");
  return id;
}

function partOf(message: OutgoingMessage): OutgoingActivity {
  const activity = renderActivities(message)[message.part];
  if (activity === undefined) throw new ChatPlatformError("rejected", "render a part");
  return activity;
}

function postedAt({ agentsChannels }: TeamsAdapterDeps, { key }: ConversationRef, id: string): PostedMessage {
  return { platformId: id, threadKey: agentsChannels.includes(key) ? threadOf(key, id) : key };
}
