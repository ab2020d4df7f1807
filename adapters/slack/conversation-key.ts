/** A Slack thread, or a channel itself when `threadTs` is null. */
export interface SlackPlace {
  readonly channel: string;
  readonly threadTs: string | null;
}

const KEY = /^([^:]+)(?::(\d+\.\d+))?$/u;

/** The key of a conversation: `C123:1700000000.000100` for a thread, `C123` for the channel itself. */
export function toConversationKey({ channel, threadTs }: SlackPlace): string {
  return threadTs === null ? channel : `${channel}:${threadTs}`;
}

/** Null for a key that is not one of Slack's. */
export function parseConversationKey(key: string): SlackPlace | null {
  const found = KEY.exec(key);
  const channel = found?.[1];
  return channel === undefined ? null : { channel, threadTs: found?.[2] ?? null };
}

/** Direct messages with the bot. Slack gives their ids a letter of their own. */
export function isDirectMessage(channel: string): boolean {
  return channel.startsWith("D");
}

/** Slack's message ids are times: seconds, with six decimals. */
export function timeOf(ts: string): Date {
  return new Date(Math.round(Number(ts) * 1_000));
}
