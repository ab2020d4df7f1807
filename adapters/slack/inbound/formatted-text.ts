import type { Block } from "../../../src/ports/reply.js";
import { isFormatted } from "../../../src/text/formatted-words.js";
import { readMrkdwn } from "./read-mrkdwn.js";
import { readRichText } from "./read-rich-text.js";

/** A message's words as they are formatted; null where they are not. */
export function formattedText(
  { text, blocks }: { readonly text?: string | null | undefined; readonly blocks?: unknown },
  botUserId: string,
): readonly Block[] | null {
  const words = text ?? "";
  const rich = readRichText(blocks, botUserId);
  const read = rich === null || (rich.length === 0 && words !== "") ? readMrkdwn(words, botUserId) : rich;
  return isFormatted(read) ? read : null;
}
