import { z } from "zod";

/** What is kept between two runs. */
export interface SlackCursor {
  /** Of the options that a thread is read by. */
  readonly basis: string;
  /** When all was looked at last, in milliseconds since 1970. */
  readonly wholeAt: number;
  readonly channels: Readonly<Record<string, ChannelCursor>>;
}

export interface ChannelCursor {
  readonly isRestricted: boolean;
  /** Of the newest message. */
  readonly newest: string;
  /** Of the questions that became documents, from where the next listing begins. */
  readonly known: readonly string[];
}

const schema = z.object({
  version: z.literal(1),
  basis: z.string(),
  wholeAt: z.number(),
  channels: z.record(
    z.string(),
    z.object({ isRestricted: z.boolean(), newest: z.string(), known: z.array(z.string()) }),
  ),
});

const MAX_CURSOR_CHARACTERS = 4_000_000;

/** Null when there is none, or it is not one of ours: then all is read again. */
export function readSlackCursor(cursor: string | null): SlackCursor | null {
  if (cursor === null) return null;
  try {
    return schema.parse(JSON.parse(cursor));
  } catch {
    return null;
  }
}

/** Null where it does not fit: then all is read again. */
export function writeSlackCursor(cursor: SlackCursor): string | null {
  const text = JSON.stringify({ version: 1, ...cursor });
  return text.length <= MAX_CURSOR_CHARACTERS ? text : null;
}
