import { z } from "zod";

/** Where and how a conversation is reached. */
export interface TeamsAddress {
  readonly serviceUrl: string;
  readonly conversationId: string;
  readonly type: "personal" | "groupChat" | "channel";
  /** The Microsoft 365 tenant. */
  readonly tenantId: string;
  readonly botId: string;
}

const THREAD_MARK = ";messageid=";

const storedSchema = z.object({
  serviceUrl: z.string().min(1),
  type: z.enum(["personal", "groupChat", "channel"]),
  tenantId: z.string(),
  botId: z.string().min(1),
});

/** As it is kept in the address book. */
export function encodeAddress({ serviceUrl, type, tenantId, botId }: TeamsAddress): string {
  return JSON.stringify({ serviceUrl, type, tenantId, botId });
}

/** Null for what is no address of ours. */
export function decodeAddress(conversationId: string, stored: string): TeamsAddress | null {
  const parsed = storedSchema.safeParse(parseJson(stored));
  return parsed.success ? { ...parsed.data, conversationId } : null;
}

/** The conversation id of the thread that a channel post starts. */
export function threadOf(channelId: string, activityId: string): string {
  return `${channelId}${THREAD_MARK}${activityId}`;
}

/** The channel that a thread belongs to; any other conversation is its own. */
export function channelOf(conversationId: string): string {
  const [channel = conversationId] = conversationId.split(THREAD_MARK);
  return channel;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
