import { Readable } from "node:stream";
import { z } from "zod";
import {
  ChatPlatformError,
  type ChatAdapter,
  type ConversationRef,
  type FileExchange,
  type MessageStream,
  type OutgoingMessage,
  type PostedMessage,
} from "../../src/ports/chat.js";
import { replyText } from "../../src/answering/reply-text.js";
import { newId } from "../../src/ports/ids.js";
import type { Reply } from "../../src/ports/reply.js";

export interface MessagePlatformAdapterOptions {
  readonly baseUrl: string;
  readonly canReconcile: boolean;
}

/** Speaks to a {@link MessagePlatform}. Answers to posts in a conversation named `agents` start a thread each. */
export function createMessagePlatformAdapter({ baseUrl, canReconcile }: MessagePlatformAdapterOptions): ChatAdapter {
  const call = (method: string, path: string, body: object | null, signal: AbortSignal) =>
    request(method, `${baseUrl}${path}`, body, signal);
  const edit = (id: string, reply: Reply, signal: AbortSignal, verb = "") =>
    call("PUT", `/messages/${id}${verb}`, { text: replyText(reply) }, signal);
  return {
    platform: "slack",
    files: filesOf(call),
    countParts: () => 1,
    capabilities: { stream: "append", reconcile: canReconcile, edit: true },
    async post(message, signal) {
      return posted(message.to, await call("POST", "/messages", toBody(message), signal));
    },
    async edit(message, platformId, signal) {
      await edit(platformId, message.reply, signal);
    },
    delete: () => Promise.reject(new Error("nothing deletes in this suite")),
    async openStream({ to, deliveryId, speaker }, signal): Promise<MessageStream> {
      const body = { conversation: to.key, deliveryId, speaker: speaker.role, text: "" };
      const at = posted(to, await call("POST", "/streams", body, signal));
      return {
        posted: at,
        append: async (text, abort) => {
          await call("PUT", `/messages/${at.platformId}/append`, { text }, abort);
        },
        finish: async (reply, abort) => {
          await edit(at.platformId, reply, abort, "/finish");
        },
        abort: () => Promise.resolve(),
      };
    },
    showStatus: () => Promise.resolve(),
    async reconcile(to, deliveryId, signal) {
      const query = new URLSearchParams({ conversation: to.key, deliveryId });
      const found = await call("GET", `/messages?${query.toString()}`, null, signal);
      return found.id === null ? null : posted(to, found);
    },
  };
}

type Call = (method: string, path: string, body: object | null, signal: AbortSignal) => Promise<Answer>;

/** Keeps what it is given, and shows it when it is told to, as its name and its size. */
function filesOf(call: Call): FileExchange {
  return {
    async fetch(_from, source, signal) {
      const { text } = await call("GET", `/files/${encodeURIComponent(source)}`, null, signal);
      return Readable.from([Buffer.from(text)]);
    },
    uploads: {
      async upload({ content }) {
        let bytes = 0;
        for await (const piece of content()) bytes += piece.byteLength;
        return `${newId()}/${bytes}`;
      },
      async share({ to, speaker, reply }, uploadId, signal) {
        const [deliveryId, bytes] = uploadId.split("/");
        const body = {
          conversation: to.key,
          deliveryId,
          speaker: speaker.role,
          text: `${replyText(reply)}, ${bytes} bytes`,
        };
        return posted(to, await call("POST", "/messages", body, signal));
      },
      async findShared(to, uploadId, signal) {
        const [deliveryId = ""] = uploadId.split("/");
        const query = new URLSearchParams({ conversation: to.key, deliveryId });
        const found = await call("GET", `/messages?${query.toString()}`, null, signal);
        return found.id === null ? null : posted(to, found);
      },
    },
  };
}

function toBody({ to, deliveryId, speaker, reply }: OutgoingMessage) {
  return { conversation: to.key, deliveryId, speaker: speaker.role, text: replyText(reply) };
}

function posted(to: ConversationRef, answer: Answer): PostedMessage {
  const platformId = answer.id ?? "";
  return { platformId, threadKey: to.key === "agents" ? `agents/${platformId}` : to.key };
}

const answerSchema = z.object({
  id: z.string().nullish().default(null),
  error: z.string().optional(),
  text: z.string().default(""),
});
type Answer = z.infer<typeof answerSchema>;

async function request(method: string, url: string, body: object | null, signal: AbortSignal): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(url, { method, signal, ...(body === null ? {} : { body: JSON.stringify(body) }) });
  } catch (error) {
    throw new ChatPlatformError("unreachable", method, { cause: error });
  }
  const answer = answerSchema.parse(await response.json());
  if (!response.ok) throw new ChatPlatformError(response.status === 404 ? "not-found" : "rejected", method);
  return answer;
}
