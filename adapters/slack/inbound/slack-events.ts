import type { InboundEvent } from "../../../src/ports/chat.js";
import { revisionOf } from "../../../src/ports/revision.js";
import { isDirectMessage, timeOf, toConversationKey } from "../conversation-key.js";
import type { SlackIdentity } from "../identity.js";
import { toSpeaking } from "./authors.js";
import { isForTeam, isSharedIn, type MessageIntakeDeps } from "./envelope.js";
import { readAmendment, type SlackAmendment } from "./read-amendment.js";
import { readMessage, type SlackMessage } from "./read-message.js";

/** Takes in messages, mentions, edits and deletions. Resolves once what matters is stored. @throws when it could not be stored. */
export function createMessageIntake(deps: MessageIntakeDeps) {
  return async (body: unknown, event: unknown, identity: SlackIdentity, signal: AbortSignal): Promise<void> => {
    const { botUserId, installationId } = identity;
    if (!isForTeam(body, identity.teamId)) return;
    const reading = { botUserId, agentsChannels: deps.agentsChannels };
    const amendment = readAmendment(event, reading);
    if (amendment !== null) return acceptAmendment(deps, { body, amendment }, identity, signal);
    const message = readMessage(event, reading);
    if (message === null) return;
    const key = toConversationKey(message);
    const isCertain = message.address === "asked" || message.mayBeUnderCard;
    if (!isCertain && !(await deps.participation.takesPartIn({ installationId, key }))) return;
    deps.onSpoken(key, { userId: message.userId, teamId: message.userTeam ?? identity.teamId });
    await deps.sink.accept(await toEvent(deps, { ...message, isShared: isSharedIn(body) }, key, identity), signal);
  };
}

/** An edit may be the first that makes a message one for the bot; a deletion matters only where it takes part. */
async function acceptAmendment(
  deps: MessageIntakeDeps,
  { body, amendment }: { readonly body: unknown; readonly amendment: SlackAmendment },
  identity: SlackIdentity,
  signal: AbortSignal,
): Promise<void> {
  const { installationId } = identity;
  const { message, kind, at, mark } = amendment;
  const key = toConversationKey(message);
  const isAsked = kind === "edit" && message.address === "asked";
  if (!isAsked && !(await deps.participation.takesPartIn({ installationId, key }))) return;
  const original = await toEvent(deps, { ...message, isShared: isSharedIn(body) }, key, identity);
  const revision = kind === "edit" ? revisionOf(mark) : 0;
  const { channel, ts, text, mentionsOthers, note, blocks } = message;
  const envelope = { ...envelopeOf(original), eventId: `${kind}:${channel}:${ts}:${mark}`, revision, occurredAt: at };
  const others = mentionsOthers ? { addressesOthers: true } : {};
  const noted = note === null ? {} : { note };
  const words = blocks === null ? { text } : { text, blocks };
  const event: InboundEvent =
    kind === "deletion"
      ? { ...envelope, kind }
      : { ...envelope, kind, ...words, addressesBot: message.address === "asked", ...others, ...noted };
  await deps.sink.accept(event, signal);
}

function envelopeOf({ conversation, channelId, messageId, author, audience }: InboundEvent) {
  return { conversation, channelId, messageId, author, audience };
}

// The keys come from the message and not from the delivery: a mention and the same message's own event are one.
async function toEvent(
  deps: MessageIntakeDeps,
  message: SlackMessage & { readonly isShared: boolean },
  key: string,
  { installationId, teamId }: SlackIdentity,
): Promise<InboundEvent> {
  const { userId, userTeam, channel, ts, text, note, command, isShared } = message;
  const appearance = { userId, channel, userTeam, ownTeam: teamId, isShared };
  const { author, audience } = await toSpeaking(appearance, deps, deps.people);
  const envelope = {
    eventId: `message:${channel}:${ts}`,
    conversation: { installationId, key },
    channelId: channel,
    messageId: ts,
    revision: 0,
    occurredAt: timeOf(ts),
    author,
    audience,
  };
  const under = message.mayBeUnderCard ? { mayBeUnderCard: true } : {};
  if (note !== null) return { ...envelope, ...under, kind: "note", text: note };
  if (command !== null) {
    return { ...envelope, kind: "command", line: command, ...(isDirectMessage(channel) ? { isPrivate: true } : {}) };
  }
  const addressesBot = message.address === "asked";
  const others = message.mentionsOthers ? { addressesOthers: true } : {};
  const files = message.files.length === 0 ? {} : { files: message.files };
  const words = message.blocks === null ? { text } : { text, blocks: message.blocks };
  return { ...envelope, ...under, kind: "message", ...words, addressesBot, ...others, ...files };
}
