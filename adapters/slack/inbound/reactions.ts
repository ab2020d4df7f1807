import { z } from "zod";
import type { Acknowledgement } from "../../../src/ports/chat.js";
import { revisionOf } from "../../../src/ports/revision.js";
import { timeOf } from "../conversation-key.js";
import type { SlackIdentity } from "../identity.js";
import { toSpeaking } from "./authors.js";
import { isForTeam, isSharedIn, type MessageIntakeDeps } from "./envelope.js";

const TS = z.string().regex(/^\d+\.\d+$/u);

const reactionSchema = z.object({
  type: z.enum(["reaction_added", "reaction_removed"]),
  user: z.string().min(1),
  reaction: z.string(),
  item_user: z.string().nullish(),
  item: z.object({ type: z.literal("message"), channel: z.string().min(1), ts: TS }),
  event_ts: TS,
});

const EMOJI: Readonly<Record<string, Acknowledgement>> = {
  "+1": "👍",
  thumbsup: "👍",
  heart: "❤️",
  pray: "🙏",
  ok_hand: "👌",
  white_check_mark: "✅",
  heavy_check_mark: "✅",
  eyes: "👀",
  tada: "🎉",
};

/** Takes in reactions on what the bot has relayed; nothing else of them is ever looked up. @throws when it could not be stored. */
export function createReactionIntake(deps: Omit<MessageIntakeDeps, "onSpoken">) {
  return async (body: unknown, event: unknown, identity: SlackIdentity, signal: AbortSignal): Promise<void> => {
    const { data } = reactionSchema.safeParse(event);
    if (data === undefined || !isForTeam(body, identity.teamId)) return;
    const { user: userId, reaction, item, event_ts, item_user } = data;
    const emoji = EMOJI[reaction.replace(/::skin-tone-\d$/u, "")];
    const isOwn = userId === identity.botUserId || (item_user ?? identity.botUserId) !== identity.botUserId;
    if (emoji === undefined || isOwn) return;
    const conversation = await deps.participation.relayedIn(identity.installationId, item.channel, item.ts);
    if (conversation === null) return;
    const appearance = { userId, channel: item.channel, userTeam: null, ownTeam: identity.teamId };
    const speaking = await toSpeaking({ ...appearance, isShared: isSharedIn(body) }, deps, deps.people);
    const mark = `${data.type}:${userId}:${reaction}:${event_ts}`;
    await deps.sink.accept(
      {
        ...speaking,
        kind: "reaction",
        eventId: `reaction:${item.channel}:${item.ts}:${mark}`,
        conversation,
        channelId: item.channel,
        messageId: item.ts,
        revision: revisionOf(mark),
        occurredAt: timeOf(event_ts),
        emoji,
        isAdded: data.type === "reaction_added",
      },
      signal,
    );
  };
}
