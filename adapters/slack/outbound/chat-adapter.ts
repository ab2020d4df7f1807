import { z } from "zod";
import {
  ChatPlatformError,
  type ChatAdapter,
  type ConversationRef,
  type FileExchange,
  type OutgoingMessage,
  type PostedMessage,
} from "../../../src/ports/chat.js";
import { parseConversationKey, type SlackPlace } from "../conversation-key.js";
import { renderReply } from "../render/render-reply.js";
import type { SlackCall } from "../slack-api.js";
import { sharedFileId } from "../slack-files.js";
import { slackErrorCode } from "../slack-errors.js";
import { threadUnder, toPosted, type MessageCalls } from "./message-calls.js";
import type { OwnMessage, OwnMessages } from "./own-messages.js";
import { putRest } from "./rest-of-reply.js";
import type { StreamOpener } from "./stream-opener.js";

export interface ChatAdapterDeps {
  readonly call: SlackCall;
  readonly calls: MessageCalls;
  readonly own: OwnMessages;
  readonly streams: StreamOpener;
  readonly files: FileExchange;
}

const anySchema = z.object({});

/** Where Slack has no status at all, nobody needs to ask again. */
const NO_STATUS: ReadonlySet<string | null> = new Set(["unknown_method", "missing_scope", "not_allowed_token_type"]);

/** Deskhand's side of Slack's Web API. */
export function createSlackChatAdapter({ call, calls, own, streams, files }: ChatAdapterDeps): ChatAdapter {
  let hasStatus = true;
  return {
    platform: "slack",
    files,
    capabilities: { stream: "append", reconcile: true, edit: true },
    // However many messages it takes: each carries its number, so what is missing can be found out.
    countParts: () => 1,
    post: (message, signal) => post(calls, own, message, signal),
    edit: (message, platformId, signal) => edit(calls, own, message, platformId, signal),
    async delete(to, platformId, signal) {
      const fileId = sharedFileId(platformId);
      if (fileId !== null) {
        await call("files.delete", { file: fileId }, anySchema, signal);
        return;
      }
      const place = placeOf(to);
      const parts = await own.besides(place, platformId, signal);
      for (const { ts } of parts.values()) if (ts !== platformId) await calls.delete(place.channel, ts, signal);
      await calls.delete(place.channel, platformId, signal);
    },
    openStream: (opening, signal) => streams.open(placeOf(opening.to), opening, signal),
    async showStatus(to, status, signal) {
      const { channel, threadTs } = placeOf(to);
      if (!hasStatus || threadTs === null) return;
      try {
        await call(
          "assistant.threads.setStatus",
          { channel_id: channel, thread_ts: threadTs, status },
          anySchema,
          signal,
        );
      } catch (error) {
        signal.throwIfAborted();
        if (NO_STATUS.has(slackErrorCode(error))) hasStatus = false;
      }
    },
    reconcile: (to, deliveryId, signal) => reconcile(own, placeOf(to), deliveryId, signal),
  };
}

/**
 * A reply of several messages may have been broken off between two of them: it is looked for first, and only what is
 * missing is posted. One of a single message is looked for by `reconcile`.
 */
async function post(
  calls: MessageCalls,
  own: OwnMessages,
  { to, deliveryId, speaker, reply }: OutgoingMessage,
  signal: AbortSignal,
): Promise<PostedMessage> {
  const place = placeOf(to);
  const messages = renderReply(reply, speaker);
  const present =
    messages.length === 1 ? new Map<number, OwnMessage>() : await own.ofDelivery(place, deliveryId, signal);
  const mark = { deliveryId, part: 0, parts: messages.length };
  const ts = present.get(0)?.ts ?? (await calls.post(place, messages[0], mark, signal));
  await putRest({ calls, place: threadUnder(place, ts), deliveryId, messages, present }, signal);
  return toPosted(place, ts);
}

async function edit(
  calls: MessageCalls,
  own: OwnMessages,
  { to, deliveryId, speaker, reply }: OutgoingMessage,
  platformId: string,
  signal: AbortSignal,
): Promise<void> {
  const place = placeOf(to);
  const messages = renderReply(reply, speaker);
  const present = await own.besides(place, platformId, signal);
  await calls.update(place.channel, platformId, messages[0], { deliveryId, part: 0, parts: messages.length }, signal);
  await putRest({ calls, place: threadUnder(place, platformId), deliveryId, messages, present }, signal, "replace");
  for (const [part, { ts }] of present) {
    if (part >= messages.length && ts !== platformId) await calls.delete(place.channel, ts, signal);
  }
}

/** A delivery is there when all of its messages are. */
async function reconcile(
  own: OwnMessages,
  place: SlackPlace,
  deliveryId: string,
  signal: AbortSignal,
): Promise<PostedMessage | null> {
  signal.throwIfAborted();
  const parts = await own.ofDelivery(place, deliveryId, signal);
  const first = parts.get(0);
  if (first !== undefined) return parts.size >= (first.mark?.parts ?? 1) ? toPosted(place, first.ts) : null;
  const stream = await own.unfinishedStream(place, deliveryId, signal);
  return stream === null ? null : toPosted(place, stream.ts);
}

function placeOf({ key }: ConversationRef): SlackPlace {
  const place = parseConversationKey(key);
  if (place === null) throw new ChatPlatformError("rejected", "reading a conversation's key");
  return place;
}
