import { replyText } from "../../../src/answering/reply-text.js";
import type { Block } from "../../../src/ports/reply.js";
import { isFormatted } from "../../../src/text/formatted-words.js";
import { plainText } from "./plain-text.js";
import { readMrkdwn } from "./read-mrkdwn.js";
import { readRichText } from "./read-rich-text.js";

interface Written {
  readonly text?: string | null | undefined;
  readonly blocks?: unknown;
}

/** A message's words as they are formatted; null where they are not. */
export function formattedText({ text, blocks }: Written, botUserId: string): readonly Block[] | null {
  const words = text ?? "";
  const read = richText({ text, blocks }, botUserId) ?? readMrkdwn(words, botUserId);
  return isFormatted(read) ? read : null;
}

const NAMED_EMOJI = /:[^\s:]+:/u;

/** A message's words as its writer typed them. What is named in Slack's text, rich text has as a character. */
export function typedText(message: Written, botUserId: string): string {
  const words = message.text ?? "";
  const rich = NAMED_EMOJI.test(words) ? richText(message, botUserId) : null;
  return rich === null || isFormatted(rich) ? plainText(words, botUserId) : replyText({ blocks: rich });
}

/** Null where a message has none, or one of a form that is not known. */
function richText({ text, blocks }: Written, botUserId: string): readonly Block[] | null {
  const rich = readRichText(blocks, botUserId);
  return rich?.length === 0 && (text ?? "") !== "" ? null : rich;
}
