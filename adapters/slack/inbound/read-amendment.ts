import { z } from "zod";
import { timeOf } from "../conversation-key.js";
import { isSpoken, messageSchema, readWords, type ReadingSettings, type SlackMessage } from "./read-message.js";

const TS = z.string().regex(/^\d+\.\d+$/u);

/** Slack puts the channel beside the message here, and not into it. */
const insideSchema = messageSchema.omit({ channel: true, channel_type: true, type: true });

const changedSchema = z.object({
  type: z.literal("message"),
  subtype: z.literal("message_changed"),
  channel: z.string().min(1),
  channel_type: z.string().nullish(),
  event_ts: TS.nullish(),
  ts: TS,
  message: insideSchema,
  previous_message: insideSchema.nullish(),
});

const deletedSchema = z.object({
  type: z.literal("message"),
  subtype: z.literal("message_deleted"),
  channel: z.string().min(1),
  channel_type: z.string().nullish(),
  event_ts: TS.nullish(),
  ts: TS,
  deleted_ts: TS,
  previous_message: insideSchema,
});

/** What somebody did to a message: as it stands now after an edit, as it stood before a deletion. */
export interface SlackAmendment {
  readonly kind: "edit" | "deletion";
  readonly message: SlackMessage;
  readonly at: Date;
  /** Slack's id of what was done. */
  readonly mark: string;
}

/**
 * Reads an edit or a deletion; null for everything else that Slack calls a change of a message: a link that was unfurled, an
 * answer below it, a stream of the bot's own. Pure.
 */
export function readAmendment(event: unknown, settings: ReadingSettings): SlackAmendment | null {
  const changed = changedSchema.safeParse(event).data;
  if (changed !== undefined) return readChange(changed, settings);
  const deleted = deletedSchema.safeParse(event).data;
  return deleted === undefined ? null : readDeletion(deleted, deleted.previous_message, settings);
}

function readChange(changed: z.infer<typeof changedSchema>, settings: ReadingSettings): SlackAmendment | null {
  const { message: now, previous_message: before, channel, channel_type } = changed;
  // A message with answers below leaves a tombstone.
  if (now.subtype === "tombstone") {
    return before === null || before === undefined ? null : readDeletion(changed, before, settings);
  }
  const editedTs = now.edited?.ts ?? null;
  // Without the former words the mark of an edit has to do: the core compares what it knows.
  const isSame = before !== null && before !== undefined && (before.text ?? "") === (now.text ?? "");
  if (editedTs === null || !TS.safeParse(editedTs).success || isSame || !isSpoken(now)) return null;
  const message = readWords({ ...now, type: "message", channel, channel_type }, settings);
  return message === null ? null : { kind: "edit", message, at: timeOf(editedTs), mark: editedTs };
}

type Where = Pick<z.infer<typeof changedSchema>, "channel" | "channel_type" | "event_ts" | "ts">;

function readDeletion(
  { channel, channel_type, event_ts, ts }: Where,
  gone: z.infer<typeof insideSchema>,
  settings: ReadingSettings,
): SlackAmendment | null {
  if (!isSpoken(gone)) return null;
  const message = readWords({ ...gone, type: "message", channel, channel_type }, settings);
  return message === null ? null : { kind: "deletion", message, at: timeOf(event_ts ?? ts), mark: "" };
}
