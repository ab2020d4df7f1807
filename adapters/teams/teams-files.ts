import {
  ChatPlatformError,
  type ConversationRef,
  type FileExchange,
  type OutgoingMessage,
} from "../../src/ports/chat.js";
import type { TeamsAddress } from "./address.js";
import type { BotConnector, OutgoingActivity } from "./bot-connector.js";
import { readSource } from "./read-files.js";
import { ACTIVITY_LIMIT } from "./render-activity.js";

export interface TeamsFilesDeps {
  readonly connector: BotConnector;
  readonly reach: (to: ConversationRef, signal: AbortSignal) => Promise<TeamsAddress>;
}

/**
 * Files out of Teams. Into it a bot brings none by itself: in channels Microsoft Graph alone can, in chats each one asks
 * its reader first. So what is small enough stands in the message as an image, and everything else is a link.
 */
export function createTeamsFiles({ connector, reach }: TeamsFilesDeps): FileExchange {
  return {
    async fetch(from, source, signal) {
      const read = readSource(source);
      if (read === null) throw new ChatPlatformError("rejected", "reading a file");
      const at = await reach(from, signal);
      if (read.kind === "address") return download(read.address, isLoopback(at.serviceUrl), signal);
      const [, attachmentId, view] = ofConnector(read.address, at.serviceUrl);
      if (attachmentId === undefined || view === undefined) throw new ChatPlatformError("forbidden", "reading a file");
      return connector.attachment(at, decodeURIComponent(attachmentId), decodeURIComponent(view), signal);
    },
    uploads: null,
  };
}

/** The bot's token goes to the service that the conversation is with, and nowhere else. */
function ofConnector(address: string, serviceUrl: string): readonly (string | undefined)[] {
  if (!URL.canParse(address) || new URL(address).origin !== new URL(serviceUrl).origin) return [];
  return /\/v3\/attachments\/([^/?#]+)\/views\/([^/?#]+)$/u.exec(new URL(address).pathname) ?? [];
}

/** Where Microsoft keeps what people attach in chats. */
const FILE_HOSTS = /(?:^|\.)(?:sharepoint\.com|sharepoint\.us|sharepoint\.cn|sharepoint-mil\.us|svc\.ms)$/u;

/** The address opens by itself, so that no token goes along. */
async function download(
  address: string,
  mayBeLoopback: boolean,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isMicrosofts = url?.protocol === "https:" && url.port === "" && FILE_HOSTS.test(url.hostname);
  if (url === null || (!isMicrosofts && !(mayBeLoopback && url.hostname === "127.0.0.1"))) {
    throw new ChatPlatformError("forbidden", "downloading a file");
  }
  let response: Response;
  try {
    response = await fetch(url, { redirect: "error", signal });
  } catch (error) {
    throw new ChatPlatformError("unreachable", "downloading a file", { cause: error });
  }
  const { status, body } = response;
  if (status === 200 && body !== null) return body;
  await body?.cancel();
  if (status === 429) throw new ChatPlatformError("rate-limited", "downloading a file");
  if (status >= 500) throw new ChatPlatformError("unreachable", "downloading a file");
  throw new ChatPlatformError(status === 404 ? "not-found" : "forbidden", "downloading a file");
}

/** Only where the operator has set up a stand-in on this machine do conversations have such an address. */
function isLoopback(serviceUrl: string): boolean {
  return new URL(serviceUrl).hostname === "127.0.0.1";
}

/** Teams shows these in a message. */
const SHOWN: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif"]);
/** Of the file itself: as text it is a third larger, and Teams counts each character twice. */
export const INLINE_BYTES = Math.floor((ACTIVITY_LIMIT / 2 / 4) * 3) - 6_000;

/**
 * The message with its file's image, where that is small enough; else the link in its words has to do.
 * @throws {ChatPlatformError} where there is no address that Teams could open
 */
export async function withFile(
  activity: OutgoingActivity,
  { file, reply }: OutgoingMessage,
): Promise<OutgoingActivity> {
  const [block] = reply.blocks;
  if (file === undefined || block?.kind !== "file") return activity;
  if (SHOWN.has(file.mediaType) && file.sizeBytes <= INLINE_BYTES) {
    const bytes: Uint8Array[] = [];
    for await (const piece of file.content()) bytes.push(piece);
    const contentUrl = `data:${file.mediaType};base64,${Buffer.concat(bytes).toString("base64")}`;
    return { ...activity, attachments: [{ contentType: file.mediaType, contentUrl, name: file.name }] };
  }
  if (!/^https?:\/\//u.test(block.url)) throw new ChatPlatformError("rejected", "linking to a file");
  return activity;
}
