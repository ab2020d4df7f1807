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
import { openTeamsStream, type StreamPace } from "./teams-stream.js";

export interface TeamsAdapterDeps {
  readonly connector: BotConnector;
  readonly known: KnownAddresses;
  /** The conversation id of the agents' channel: every post there starts a thread. */
  readonly agentsChannel: string | null;
  readonly pace: StreamPace;
}

const LOOKING = "Looking that up…";

/** Posts through Bot Connector. It cannot be asked for earlier posts, so an unknown one is never repeated. */
export function createTeamsAdapter(deps: TeamsAdapterDeps): ChatAdapter {
  const { connector, known } = deps;
  const reach = async (to: ConversationRef, signal: AbortSignal): Promise<TeamsAddress> => {
    signal.throwIfAborted();
    return known.find(to);
  };
  const edit = async (message: OutgoingMessage, platformId: string, signal: AbortSignal): Promise<void> => {
    const at = await reach(message.to, signal);
    const [first, ...others] = renderActivities(message);
    await connector.update(at, platformId, first, signal);
    await sendRest(connector, at, others, signal);
  };
  return {
    platform: "teams",
    capabilities: { stream: "prefix", reconcile: false, edit: true },
    async post(message, signal) {
      const at = await reach(message.to, signal);
      const [first, ...others] = renderActivities(message);
      const id = await sendOne(connector, at, first, signal);
      const posted = postedAt(deps, message.to, id);
      await sendRest(connector, { ...at, conversationId: posted.threadKey }, others, signal);
      return posted;
    },
    edit,
    async delete(to, platformId, signal) {
      await connector.remove(await reach(to, signal), platformId, signal);
    },
    openStream: async (opening, signal) => openStream(deps, edit, opening, await reach(opening.to, signal), signal),
    async showStatus(to, _status, signal) {
      await connector.send(await reach(to, signal), { type: "typing" }, signal);
    },
    // Bots cannot read what they posted, so a lost answer stays unknown.
    // eslint-disable-next-line @typescript-eslint/require-await -- a refusal is a rejection, also an immediate one
    async reconcile(_to, _deliveryId, signal) {
      signal.throwIfAborted();
      throw new ChatPlatformError("rejected", "reconcile");
    },
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
    finish: (reply, abort) => edit({ ...opening, reply }, posted.platformId, abort),
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

/** The further parts of a long message. Once the first is shown, starting over would show it twice. */
async function sendRest(
  connector: BotConnector,
  at: TeamsAddress,
  parts: readonly OutgoingActivity[],
  signal: AbortSignal,
): Promise<void> {
  try {
    for (const part of parts) await connector.send(at, part, signal);
  } catch (error) {
    throw new ChatPlatformError("rejected", "send the rest", { cause: error });
  }
}

function postedAt({ agentsChannel }: TeamsAdapterDeps, { key }: ConversationRef, id: string): PostedMessage {
  return { platformId: id, threadKey: key === agentsChannel ? threadOf(key, id) : key };
}
