import { Readable } from "node:stream";
import { z } from "zod";
import {
  ChatPlatformError,
  type ConversationRef,
  type FileExchange,
  type FileUploads,
  type PostedMessage,
} from "../../src/ports/chat.js";
import type { OutgoingFile } from "../../src/ports/files.js";
import { parseConversationKey, type SlackPlace } from "./conversation-key.js";
import { downloadAddress, fileSchema } from "./inbound/read-files.js";
import { renderReply } from "./render/render-reply.js";
import type { SlackCall } from "./slack-api.js";

export interface SlackFilesDeps {
  readonly call: SlackCall;
  readonly botToken: string;
  /** Another place than slack.com that speaks Slack's Web API: files are there, too. */
  readonly apiUrl: string | undefined;
}

const infoSchema = z.object({
  file: fileSchema.extend({
    shares: z
      .object({
        public: z.record(z.string(), z.array(z.object({ ts: z.string() }))).nullish(),
        private: z.record(z.string(), z.array(z.object({ ts: z.string() }))).nullish(),
      })
      .nullish(),
  }),
});
const ticketSchema = z.object({ upload_url: z.string(), file_id: z.string().min(1) });
const doneSchema = z.object({});

/** Files of a conversation are named apart from its messages: Slack says only later which message shows one. */
const FILE_MARK = "file:";

/** The id of a shared file; null for a message's. */
export function sharedFileId(platformId: string): string | null {
  return platformId.startsWith(FILE_MARK) ? platformId.slice(FILE_MARK.length) : null;
}

/** Files out of Slack and into it. */
export function createSlackFiles({ call, botToken, apiUrl }: SlackFilesDeps): FileExchange {
  const isSlacks = slacksAddress(apiUrl);
  return {
    async fetch(_from, source, signal) {
      const { file } = await call("files.info", { file: source }, infoSchema, signal);
      const address = downloadAddress(file);
      if (address === null) throw new ChatPlatformError("not-found", "files.info");
      return download(address, { botToken, isSlacks, mediaType: file.mimetype ?? "" }, signal);
    },
    uploads: createUploads(call, isSlacks),
  };
}

function createUploads(call: SlackCall, isSlacks: IsSlacks): FileUploads {
  return {
    async upload(file, signal) {
      const ticket = await call(
        "files.getUploadURLExternal",
        { filename: file.name, length: file.sizeBytes },
        ticketSchema,
        signal,
      );
      if (!isSlacks(ticket.upload_url)) throw new ChatPlatformError("rejected", "files.getUploadURLExternal");
      await putBytes(ticket.upload_url, file, signal);
      return ticket.file_id;
    },
    async share({ to, speaker, reply }, uploadId, signal) {
      const { channel, threadTs } = placeOf(to);
      const [{ blocks }] = renderReply({ ...reply, blocks: [] }, speaker);
      const [file] = reply.blocks;
      const args = {
        files: [{ id: uploadId, ...(file?.kind === "file" ? { title: file.name } : {}) }],
        channel_id: channel,
        ...(threadTs === null ? {} : { thread_ts: threadTs }),
        ...(blocks.length === 0 ? {} : { blocks }),
      };
      await call("files.completeUploadExternal", args, doneSchema, signal);
      return sharedAs(to, uploadId);
    },
    async findShared(to, uploadId, signal) {
      const { file } = await call("files.info", { file: uploadId }, infoSchema, signal);
      const { channel } = placeOf(to);
      const shares = [...(file.shares?.public?.[channel] ?? []), ...(file.shares?.private?.[channel] ?? [])];
      return shares.length === 0 ? null : sharedAs(to, uploadId);
    },
  };
}

function sharedAs(to: ConversationRef, uploadId: string): PostedMessage {
  return { platformId: `${FILE_MARK}${uploadId}`, threadKey: to.key };
}

type IsSlacks = (address: string) => boolean;

/** Where the bot's token and people's files may go, and nowhere else. */
function slacksAddress(apiUrl: string | undefined): IsSlacks {
  const origin = apiUrl === undefined ? null : new URL(apiUrl).origin;
  return (address) => {
    if (!URL.canParse(address)) return false;
    const url = new URL(address);
    if (origin !== null) return url.origin === origin;
    return url.protocol === "https:" && url.port === "" && /(?:^|\.)slack\.com$/u.test(url.hostname);
  };
}

interface Download {
  readonly botToken: string;
  readonly isSlacks: IsSlacks;
  readonly mediaType: string;
}

const MOST_REDIRECTS = 3;

async function download(
  first: string,
  { botToken, isSlacks, mediaType }: Download,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  let address = first;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    if (!isSlacks(address)) throw new ChatPlatformError("forbidden", "downloading a file");
    const headers = { authorization: `Bearer ${botToken}` };
    const response = await request(address, { headers, redirect: "manual", signal });
    const location = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      address = new URL(location, address).href;
      continue;
    }
    return bodyOf(response, mediaType);
  }
  throw new ChatPlatformError("forbidden", "downloading a file");
}

async function bodyOf(response: Response, mediaType: string): Promise<AsyncIterable<Uint8Array>> {
  const { status, body } = response;
  // Who may not read a file is shown Slack's page for signing in, as if that were it.
  const isPage = (response.headers.get("content-type") ?? "").startsWith("text/html") && !mediaType.includes("html");
  if (status === 200 && body !== null && !isPage) return body;
  await body?.cancel();
  if (status === 429) {
    const seconds = Number(response.headers.get("retry-after") ?? "1");
    throw new ChatPlatformError("rate-limited", "downloading a file", { retryAfterMs: seconds * 1_000 });
  }
  if (status >= 500) throw new ChatPlatformError("unreachable", "downloading a file");
  throw new ChatPlatformError(status === 404 ? "not-found" : "forbidden", "downloading a file");
}

async function putBytes(address: string, file: OutgoingFile, signal: AbortSignal): Promise<void> {
  const response = await request(address, {
    method: "POST",
    headers: { "content-type": "application/octet-stream", "content-length": String(file.sizeBytes) },
    body: Readable.toWeb(Readable.from(file.content(), { objectMode: false })) as ReadableStream,
    duplex: "half",
    redirect: "error",
    signal,
  });
  await response.body?.cancel();
  if (response.status === 200) return;
  throw new ChatPlatformError(response.status >= 500 ? "unreachable" : "rejected", "uploading a file");
}

async function request(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    throw new ChatPlatformError("unreachable", "a file's address", { cause: error });
  }
}

function placeOf({ key }: ConversationRef): SlackPlace {
  const place = parseConversationKey(key);
  if (place === null) throw new ChatPlatformError("rejected", "reading a conversation's key");
  return place;
}
