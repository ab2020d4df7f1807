import { expect, vi } from "vitest";
import { createSlackSurface, type SlackSurface, type SlackSurfaceDeps } from "../../../adapters/slack/slack-surface.js";
import type {
  Accepted,
  ActionEvent,
  ConversationRef,
  EventOutcome,
  InboundEvent,
  InboundSink,
  Interactions,
  NoteEvent,
  OutgoingMessage,
} from "../../../src/ports/chat.js";
import { systemClock } from "../../../src/ports/clock.js";
import { newId } from "../../../src/ports/ids.js";
import { plainReply, type Reply } from "../../../src/ports/reply.js";
import { FakeSlack, type FakeSlackOptions } from "../../fakes/slack/fake-slack.js";
import { messageLines } from "../../fakes/slack/shown-blocks.js";
import { silentLogger } from "../../support/silent-logger.js";
import { serveRoutes } from "./serve-routes.js";

/** Stores events in memory under the inbox's unique keys. */
export class MemoryInbox implements InboundSink, Interactions {
  readonly events: InboundEvent[] = [];
  /** Thrown by the next accepts instead of storing. */
  failures = 0;
  outcome: EventOutcome | null = { kind: "recorded", reason: "done" };

  accept(event: InboundEvent): Promise<Accepted> {
    if (this.failures > 0) {
      this.failures -= 1;
      return Promise.reject(new Error("the database is gone"));
    }
    const duplicate = this.events.some(
      (stored) =>
        stored.eventId === event.eventId ||
        (stored.channelId === event.channelId &&
          stored.messageId === event.messageId &&
          stored.kind === event.kind &&
          stored.revision === event.revision),
    );
    if (!duplicate) this.events.push(event);
    return Promise.resolve({ inboxId: event.eventId, conversationId: event.conversation.key, duplicate });
  }

  async interact(event: ActionEvent | NoteEvent) {
    return { ...(await this.accept(event)), outcome: this.outcome };
  }

  knows({ key }: ConversationRef): boolean {
    return this.events.some(({ conversation }) => conversation.key === key);
  }
}

export interface SlackScene extends AsyncDisposable {
  readonly slack: FakeSlack;
  readonly surface: SlackSurface;
  readonly inbox: MemoryInbox;
  readonly installationId: string;
  /** Where the events are served, when they come over HTTP. */
  readonly url: string;
  /** Anna's question in #general, as the root of a thread that nobody else writes in. */
  thread(): ConversationRef;
  /** What somebody reads in a conversation, its root left out. */
  shown(conversation: ConversationRef): readonly string[];
}

export interface SceneOptions {
  readonly fake?: FakeSlackOptions;
  readonly deps?: Partial<SlackSurfaceDeps>;
  readonly transport?: "http" | "socket";
}

const INSTALLATION_ID = newId();

/** A running Slack adapter beside a strict Slack, in which nobody has said anything. */
export async function openSlackScene({ fake, deps, transport = "http" }: SceneOptions = {}): Promise<SlackScene> {
  const slack = await FakeSlack.start(fake);
  const inbox = new MemoryInbox();
  const surface = createSlackSurface({
    botToken: slack.botToken(),
    signingSecret: transport === "http" ? slack.signingSecret : null,
    appToken: transport === "socket" ? slack.appToken : null,
    apiUrl: slack.apiUrl,
    installation: () => Promise.resolve({ id: INSTALLATION_ID }),
    sink: inbox,
    interactions: inbox,
    participation: {
      relayedIn: () => Promise.resolve(null),
      takesPartIn: (conversation) => Promise.resolve(inbox.knows(conversation)),
    },
    agentsChannel: "C0AGENTS",
    admins: ["U0CARLA"],
    audience: ["public", "staff"],
    clock: systemClock,
    newId,
    logger: silentLogger,
    botName: "Deskhand",
    streamTimings: { flushMs: 0, editMs: 0, nativeLifeMs: 225_000 },
    ...deps,
  });
  const served = await serveRoutes(surface.routes);
  if (transport === "http") slack.deliverTo(`${served.url}/slack/events`);
  await surface.start(new AbortController().signal);
  if (transport === "socket") await vi.waitFor(() => expect(slack.sockets.connections).toBe(1), 5_000);
  return {
    slack,
    surface,
    inbox,
    installationId: INSTALLATION_ID,
    url: served.url,
    thread() {
      const { channel, ts } = slack.say("Anna", "C0GENERAL", "When do you open?");
      return { installationId: INSTALLATION_ID, key: `${channel}:${ts}` };
    },
    shown({ key }) {
      const [channel = "", thread] = key.split(":");
      return slack
        .messages(channel, thread)
        .filter(({ ts, botId }) => ts !== thread && botId !== null)
        .map((message) => messageLines(message, slack.workspace).join("\n").replace(/ …$/u, ""));
    },
    async [Symbol.asyncDispose]() {
      await surface.stop();
      await slack[Symbol.asyncDispose]();
      await served[Symbol.asyncDispose]();
    },
  };
}

export function outgoing(to: ConversationRef, said: string | Reply): OutgoingMessage {
  const reply = typeof said === "string" ? plainReply(said) : said;
  return { to, deliveryId: newId(), speaker: { role: "bot", name: "Deskhand" }, reply, part: 0 };
}
