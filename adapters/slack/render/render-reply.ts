import type { types } from "@slack/bolt";
import type { Speaker } from "../../../src/ports/chat.js";
import type { Citation, Reply } from "../../../src/ports/reply.js";
import { placeOf } from "../../../src/text/place-of.js";
import { actionBlocks } from "./action-blocks.js";
import { richTextBlocks, type SizedBlock } from "./block-kit.js";
import { flatten } from "./flatten.js";
import { cutWithin, escapeText, escapeWithin, linkTarget } from "./slack-text.js";

/** One Slack message of a reply. */
export interface RenderedMessage {
  /** For notifications and screen readers: the start of what the blocks say. Markup-safe. */
  readonly text: string;
  readonly blocks: readonly types.KnownBlock[];
}

// Slack refuses a message at about 13,200 characters in all its blocks, whatever each of them holds.
const MESSAGE_TEXT = 11_000;
/** Of 50: the rest is for buttons. */
const MESSAGE_BLOCKS = 45;
const FALLBACK_TEXT = 1_500;
const CONTEXT_ELEMENTS = 10;
const CONTEXT_TEXT = 2_900;
const TITLE = 150;
const NAME = 150;

/** A reply as one or more messages: what does not fit into the first stands in the next ones, and nothing is left out. */
export function renderReply(reply: Reply, speaker: Speaker): readonly [RenderedMessage, ...RenderedMessage[]] {
  const content = [
    ...speakerBlock(speaker),
    ...richTextBlocks(flatten(reply.blocks, reply.citations)),
    ...sourceBlocks(reply.citations),
  ];
  const [first = [], ...rest] = fill(content);
  const messages = [first, ...rest];
  const [opening, ...more] = messages.map((blocks, index) =>
    toMessage(blocks, index === messages.length - 1 ? actionBlocks(reply.actions) : []),
  );
  return [opening ?? toMessage([], []), ...more];
}

function toMessage(content: readonly SizedBlock[], buttons: readonly types.KnownBlock[]): RenderedMessage {
  const text = content
    .map((sized) => sized.text)
    .join("\n\n")
    .trim();
  return {
    text: text === "" ? "…" : escapeWithin(text, FALLBACK_TEXT),
    blocks: [...content.map(({ block }) => block), ...buttons],
  };
}

function fill(content: readonly SizedBlock[]): readonly (readonly SizedBlock[])[] {
  const messages: SizedBlock[][] = [];
  let size = 0;
  for (const sized of content) {
    const message = messages.at(-1);
    if (message === undefined || message.length >= MESSAGE_BLOCKS || size + sized.size > MESSAGE_TEXT) {
      messages.push([sized]);
      size = sized.size;
    } else {
      message.push(sized);
      size += sized.size;
    }
  }
  return messages;
}

/** Whose words a relayed message carries. The bot's own need no name: Slack shows it. */
function speakerBlock({ role, name }: Speaker): readonly SizedBlock[] {
  if (role === "bot") return [];
  const text = `${cutWithin(name, NAME)} (${role === "agent" ? "support team" : "customer"})`;
  const element: types.PlainTextElement = { type: "plain_text", text, emoji: false };
  return [{ block: { type: "context", elements: [element] }, text: `${text}:`, size: text.length }];
}

/** What the marks in the text point at. The only place besides the marks themselves where a reply has links. */
function sourceBlocks(citations: readonly Citation[]): readonly SizedBlock[] {
  const groups: Source[][] = [];
  for (const source of citations.map(toSource)) {
    const group = groups.at(-1);
    const isFull = group === undefined || group.length >= CONTEXT_ELEMENTS;
    if (isFull || sizeOf(group) + source.markup.length > CONTEXT_TEXT) groups.push([source]);
    else group.push(source);
  }
  return groups.map((group) => ({
    block: { type: "context", elements: group.map(({ markup }) => ({ type: "mrkdwn", text: markup, verbatim: true })) },
    text: group.map(({ text }) => text).join("\n"),
    size: sizeOf(group),
  }));
}

interface Source {
  readonly markup: string;
  readonly text: string;
}

function sizeOf(group: readonly Source[]): number {
  return group.reduce((sum, { markup }) => sum + markup.length, 0);
}

function toSource(citation: Citation): Source {
  const { number } = citation;
  const target = linkTarget(citation.url);
  const place = placeOf(citation).replaceAll(/\s+/gu, " ").trim();
  const name = cutWithin(place === "" ? "Source" : place, TITLE);
  const label = unmarked(escapeText(name));
  return {
    markup: target === null ? `[${number}] ${label}` : `[${number}] <${escapeText(target)}|${label}>`,
    text: `[${number}] ${name}`,
  };
}

/** Marks of Slack's own (`*bold*`, `:smile:`) lose their meaning beside a character that nobody sees. */
function unmarked(text: string): string {
  return text.replaceAll(/[*_~`|]/gu, (mark) => (mark === "|" ? "❘" : `\u200B${mark}\u200B`));
}
