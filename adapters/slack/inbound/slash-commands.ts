import { z } from "zod";
import { commandLine } from "../../../src/commands/command-line.js";
import { ChatPlatformError, type InboundEvent, type InboundSink } from "../../../src/ports/chat.js";
import type { Clock } from "../../../src/ports/clock.js";
import type { NewId } from "../../../src/ports/ids.js";
import type { Reply } from "../../../src/ports/reply.js";
import { toConversationKey } from "../conversation-key.js";
import type { SlackIdentity } from "../identity.js";
import type { MessageCalls } from "../outbound/message-calls.js";
import type { People } from "../people.js";
import { renderReply } from "../render/render-reply.js";
import { escapeText } from "../render/slack-text.js";
import type { SlackCall } from "../slack-api.js";
import { toSpeaking, type AuthorSettings } from "./authors.js";
import type { CommandReply } from "./intake.js";
import { plainText } from "./plain-text.js";

export interface SlashCommandDeps extends AuthorSettings {
  readonly call: SlackCall;
  readonly calls: MessageCalls;
  readonly people: People;
  readonly sink: InboundSink;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly botName: string;
}

const commandSchema = z.object({
  command: z.string(),
  text: z.string().nullish(),
  user_id: z.string().min(1),
  channel_id: z.string().min(1),
  team_id: z.string().nullish(),
  is_enterprise_install: z.union([z.string(), z.boolean()]).nullish(),
  trigger_id: z.string().min(1),
});
const openedSchema = z.object({ channel: z.object({ id: z.string() }) });

/** What a slash command asks for: a question, or a line for the command runner. */
export type Asked =
  { readonly kind: "question"; readonly text: string } | { readonly kind: "command"; readonly line: string };

/** Reads `/deskhand …` and `/kb …`. What is not a command is a question. */
export function readSlashCommand(command: string, text: string): Asked {
  if (/^\/kb$/iu.test(command)) return { kind: "command", line: `kb ${text}`.trim() };
  const question = /^ask\s+(.*)$/isu.exec(text)?.[1]?.trim() ?? "";
  if (question !== "") return { kind: "question", text: question };
  if (text === "" || /^ask$/iu.test(text)) return { kind: "command", line: "help" };
  if (/^(?:kb|explain|doctor)\b/iu.test(text) || commandLine(text) !== null) return { kind: "command", line: text };
  return { kind: "question", text };
}

/**
 * Takes in slash commands. Nobody sees a slash command but who typed it, so the reply goes to their direct messages: a
 * message there repeats what was asked, and everything that follows stands in its thread.
 */
export function createSlashCommands(deps: SlashCommandDeps) {
  const directMessages = new Map<string, string>();
  const underWay = new Map<string, true>();
  return async (body: unknown, identity: SlackIdentity, signal: AbortSignal): Promise<CommandReply> => {
    const { command, text, ...typed } = commandSchema.parse(body);
    // The same app elsewhere, with a token that we do not have: its people are not ours, whatever their ids.
    if (typed.team_id !== identity.teamId && String(typed.is_enterprise_install) !== "true")
      return { text: NOT_SET_UP };
    const asked = readSlashCommand(command, plainText(text ?? "", identity.botUserId));
    // Slack does not repeat commands; the same one again within this process is somebody else's copy.
    if (underWay.has(typed.trigger_id)) return { text: ON_ITS_WAY };
    remember(underWay, typed.trigger_id, true);
    try {
      const channel = directMessages.get(typed.user_id) ?? (await openDirectMessage(deps, typed.user_id, signal));
      remember(directMessages, typed.user_id, channel);
      const ts = await postQuestion(deps, channel, asked, signal);
      await store(deps, { asked, typed, place: { channel, threadTs: ts } }, identity, signal);
      return { text: `The answer comes in your direct messages with ${escapeText(deps.botName)}.` };
    } catch (error) {
      underWay.delete(typed.trigger_id);
      if (error instanceof ChatPlatformError || signal.aborted) return { text: CANNOT_WRITE };
      throw error;
    }
  };
}

const NOT_SET_UP = "I'm not set up for this workspace.";
const ON_ITS_WAY = "That is on its way already.";
const CANNOT_WRITE = "I couldn't write to you in your direct messages just now. Please try again in a moment.";
/** For a turn to post in a direct message where much is being said; Slack waits for three seconds in all. */
const LONGEST_WAIT_MS = 1_500;
/** How many commands are remembered as seen, and of how many people the direct messages. */
const KEEP = 1_000;

/** Forgets what was first remembered once there is too much. */
function remember<T>(known: Map<string, T>, id: string, value: T): void {
  known.set(id, value);
  const [oldest] = known.keys();
  if (known.size > KEEP && oldest !== undefined) known.delete(oldest);
}

async function openDirectMessage({ call }: SlashCommandDeps, userId: string, signal: AbortSignal): Promise<string> {
  const { channel } = await call("conversations.open", { users: userId }, openedSchema, signal);
  return channel.id;
}

async function postQuestion(deps: SlashCommandDeps, channel: string, asked: Asked, signal: AbortSignal) {
  const isQuestion = asked.kind === "question";
  const said = { kind: "text", text: isQuestion ? asked.text : asked.line } as const;
  const reply: Reply = {
    blocks: [
      { kind: "paragraph", children: [{ kind: "text", text: isQuestion ? "You asked:" : "Your command:" }] },
      { kind: "quote", blocks: [{ kind: "paragraph", children: [said] }] },
    ],
    citations: [],
    actions: [],
  };
  const [message] = renderReply(reply, { role: "bot", name: deps.botName });
  const mark = { deliveryId: deps.newId(), part: 0, parts: 1 };
  return deps.calls.post({ channel, threadTs: null }, message, mark, signal, LONGEST_WAIT_MS);
}

interface TypedCommand {
  readonly asked: Asked;
  readonly typed: Omit<z.infer<typeof commandSchema>, "command" | "text">;
  readonly place: { readonly channel: string; readonly threadTs: string };
}

async function store(
  deps: SlashCommandDeps,
  { asked, typed, place }: TypedCommand,
  { installationId, teamId }: SlackIdentity,
  signal: AbortSignal,
): Promise<void> {
  const appearance = {
    userId: typed.user_id,
    channel: typed.channel_id,
    userTeam: typed.team_id ?? null,
    ownTeam: teamId,
    // The reply comes as a direct message, wherever it was typed.
    isShared: false,
  };
  const { author, audience } = await toSpeaking(appearance, deps, deps.people);
  const envelope = {
    eventId: `command:${typed.trigger_id}`,
    conversation: { installationId, key: toConversationKey(place) },
    channelId: place.channel,
    messageId: place.threadTs,
    revision: 0,
    occurredAt: deps.clock.now(),
    author,
    audience,
  };
  const event: InboundEvent =
    asked.kind === "question"
      ? { ...envelope, kind: "message", text: asked.text, addressesBot: true }
      : { ...envelope, kind: "command", line: asked.line, isPrivate: true };
  try {
    await deps.sink.accept(event, signal);
  } catch (error) {
    // What was not stored will not be answered, so the message that says it was asked goes again.
    await deps.calls.delete(place.channel, place.threadTs, AbortSignal.timeout(TAKE_BACK_MS)).catch(() => undefined);
    throw error;
  }
}

const TAKE_BACK_MS = 500;
