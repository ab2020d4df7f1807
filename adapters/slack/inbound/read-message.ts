import { z } from "zod";
import { commandLine } from "../../../src/commands/command-line.js";
import { noteInBlocks, noteText } from "../../../src/handoff/note-text.js";
import type { AttachedFile } from "../../../src/ports/files.js";
import { filesSchema, readFiles } from "./read-files.js";
import type { Block } from "../../../src/ports/reply.js";
import { isDirectMessage } from "../conversation-key.js";
import { formattedText, typedText } from "./formatted-text.js";
import { mentionedUsers, textAfterMentions, wordsAfterMentions } from "./plain-text.js";

export const messageSchema = z.object({
  type: z.enum(["message", "app_mention"]),
  subtype: z.string().nullish(),
  bot_id: z.string().nullish(),
  user: z.string().nullish(),
  text: z.string().nullish(),
  ts: z.string().regex(/^\d+\.\d+$/u),
  thread_ts: z
    .string()
    .regex(/^\d+\.\d+$/u)
    .nullish(),
  parent_user_id: z.string().nullish(),
  channel: z.string().min(1),
  channel_type: z.string().nullish(),
  user_team: z.string().nullish(),
  source_team: z.string().nullish(),
  team: z.string().nullish(),
  edited: z.object({ ts: z.string().nullish() }).nullish(),
  hidden: z.boolean().nullish(),
  files: filesSchema.nullish().catch(null),
  blocks: z.unknown().optional(),
});

/** A message that somebody wrote, as far as it can be told without asking anybody. */
export interface SlackMessage {
  readonly userId: string;
  readonly userTeam: string | null;
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string;
  readonly text: string;
  /** The same as it is formatted; null where it is not. */
  readonly blocks: readonly Block[] | null;
  /** `asked`: spoken to; `overheard`: matters only in a thread that the bot takes part in. */
  readonly address: "asked" | "overheard";
  readonly mentionsOthers: boolean;
  /** In an agents' channel below a message of the bot's own. */
  readonly mayBeUnderCard: boolean;
  readonly command: string | null;
  readonly note: string | null;
  readonly files: readonly AttachedFile[];
}

export interface ReadingSettings {
  readonly botUserId: string;
  readonly agentsChannels: readonly string[];
}

// Everything else with a subtype is Slack telling what happened in a channel, or an edit or deletion.
const SPOKEN_SUBTYPES: ReadonlySet<string> = new Set(["file_share", "thread_broadcast"]);

/** Reads a message or mention event; null for what nobody said to the bot and nobody will want answered. Pure. */
export function readMessage(event: unknown, { botUserId, agentsChannels }: ReadingSettings): SlackMessage | null {
  const parsed = messageSchema.safeParse(event);
  if (!parsed.success) return null;
  const { data } = parsed;
  return isNoise(data, botUserId) ? null : readWords(data, { botUserId, agentsChannels });
}

/** The same, of a message that is known to be somebody's. */
export function readWords(data: RawMessage, { botUserId, agentsChannels }: ReadingSettings): SlackMessage | null {
  const { user: userId, ts, channel } = data;
  if (typeof userId !== "string" || userId === "" || isOwn(data, botUserId)) return null;
  const raw = data.text ?? "";
  const mentioned = mentionedUsers(raw);
  const isAsked = data.type === "app_mention" || isDirect(data) || mentioned.has(botUserId);
  const isInThread = typeof data.thread_ts === "string" && data.thread_ts !== ts;
  if (!isAsked && !isInThread) return null;
  const text = typedText(data, botUserId);
  const blocks = formattedText(data, botUserId);
  const files = readFiles(data.files ?? []);
  const isAgents = agentsChannels.includes(channel) && isInThread;
  return {
    userId,
    userTeam: data.user_team ?? data.source_team ?? data.team ?? null,
    channel,
    ts,
    threadTs: data.thread_ts ?? ts,
    text,
    blocks,
    address: isAsked ? "asked" : "overheard",
    mentionsOthers: [...mentioned].some((id) => id !== botUserId),
    mayBeUnderCard: isAgents && data.parent_user_id === botUserId,
    // A file comes with words, and never with a command, which would lose it.
    command: isAsked && files.length === 0 ? commandOf(text, data.subtype ?? null) : null,
    files,
    note: isAgents ? noteOf(raw, blocks, botUserId) : null,
  };
}

/** Whichever way it is read: what is a note in one of them is none of the customer's. */
function noteOf(raw: string, blocks: readonly Block[] | null, botUserId: string): string | null {
  const formatted = blocks === null ? null : noteInBlocks(blocks, wordsAfterMentions);
  return formatted ?? noteText(textAfterMentions(raw, botUserId));
}

export type RawMessage = z.infer<typeof messageSchema>;

function isNoise(message: RawMessage, botUserId: string): boolean {
  const { edited, hidden } = message;
  if (!isSpoken(message)) return true;
  // A mention that an edit added comes twice: as this, and as the edit.
  return isOwn(message, botUserId) || (edited ?? null) !== null || hidden === true;
}

/** Whether its words are somebody's, and not Slack telling what happened. */
export function isSpoken({ subtype }: Pick<RawMessage, "subtype">): boolean {
  return typeof subtype !== "string" || SPOKEN_SUBTYPES.has(subtype);
}

function isOwn({ bot_id, user }: RawMessage, botUserId: string): boolean {
  return typeof bot_id === "string" || user === botUserId;
}

function isDirect({ channel, channel_type }: RawMessage): boolean {
  return channel_type === "im" || (typeof channel_type !== "string" && isDirectMessage(channel));
}

/**
 * Somebody who writes the bot's name and nothing else wants to know what it can do. A slash command comes from Slack as
 * one: what looks like it in a message is words.
 */
function commandOf(text: string, subtype: string | null): string | null {
  if (text.startsWith("/")) return null;
  return text === "" && subtype === null ? "help" : commandLine(text);
}
