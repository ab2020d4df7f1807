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

/** So many streams that could not be opened are kept in mind until they are posted. */
const MEMORY = 1_000;

/**
 * Posts through Bot Connector, which cannot be asked for earlier posts. `reconcile` therefore knows one thing alone: that
 * a stream was refused by Teams before anything was shown. Of any other post it refuses to say, so none is repeated.
 */
export function createTeamsAdapter(deps: TeamsAdapterDeps): ChatAdapter {
  const { connector, known } = deps;
  const neverPosted = new Set<string>();
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
    capabilities: { stream: "prefix", reconcile: true, edit: true },
    async post(message, signal) {
      neverPosted.delete(message.deliveryId);
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
    async openStream(opening, signal) {
      try {
        return await openStream(deps, edit, opening, await reach(opening.to, signal), signal);
      } catch (error) {
        const isCertain = error instanceof ChatPlatformError && error.failure !== "unreachable";
        if (isCertain && neverPosted.size < MEMORY) neverPosted.add(opening.deliveryId);
        throw error;
      }
    },
    async showStatus(to, _status, signal) {
      await connector.send(await reach(to, signal), { type: "typing" }, signal);
    },
    // Bots cannot read what they posted: only of what is known never to have been there can anything be said.
    // eslint-disable-next-line @typescript-eslint/require-await -- a refusal is a rejection, also an immediate one
    async reconcile(_to, deliveryId, signal) {
      signal.throwIfAborted();
      if (neverPosted.has(deliveryId)) return null;
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
