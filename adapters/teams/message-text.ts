import { cleanText } from "../../src/answering/text/clean-text.js";
import type { Block } from "../../src/ports/reply.js";
import { isFormatted } from "../../src/text/formatted-words.js";
import type { InboundActivity } from "./inbound-activity.js";
import { readHtml } from "./read-html.js";

/** Whether the activity mentions this account. A name typed without a mention is not one. */
export function mentions({ entities }: InboundActivity, accountId: string): boolean {
  return (entities ?? []).some((entity) => entity.type === "mention" && entity.mentioned?.id === accountId);
}

/** What a person wrote, as plain text: without the mention of the bot, with others' mentions as their names. */
export function messageText(activity: InboundActivity, botId: string): string {
  let text = activity.text ?? "";
  for (const { type, mentioned, text: mark } of activity.entities ?? []) {
    if (type === "mention" && mentioned?.id === botId && mark !== null && mark !== undefined && mark !== "") {
      text = text.replaceAll(mark, " ");
    }
  }
  text = text.replaceAll(/<\/?at(?:\s[^<>]{0,200})?>/giu, "");
  if (activity.textFormat === "xml" || activity.textFormat === "html") text = withoutMarkup(text);
  return cleanText(decodeEntities(text))
    .replaceAll(/\u00a0/gu, " ")
    .replaceAll(/[ \t]+/gu, " ")
    .trim();
}

/** Longer HTML than Teams sends is not read. */
const LONGEST_HTML = 400_000;

/** The same as it is formatted; null where it is not. Teams sends the HTML beside the plain words. */
export function formattedText(activity: InboundActivity, botId: string): readonly Block[] | null {
  const html = htmlOf(activity);
  if (html === null || html.length > LONGEST_HTML) return null;
  const botNames = new Set(
    (activity.entities ?? [])
      .filter(({ type, mentioned }) => type === "mention" && mentioned?.id === botId)
      .map(({ text }) => decodeEntities((text ?? "").replaceAll(/<[^<>]*>/gu, "")).trim()),
  );
  const blocks = readHtml(html, (name) => botNames.has(name));
  return isFormatted(blocks) ? blocks : null;
}

function htmlOf({ text, textFormat, attachments }: InboundActivity): string | null {
  const copy = (attachments ?? []).find(
    ({ contentType, content }) => contentType === "text/html" && typeof content === "string",
  );
  if (typeof copy?.content === "string") return copy.content;
  return textFormat === "xml" || textFormat === "html" ? (text ?? null) : null;
}

function withoutMarkup(html: string): string {
  return html
    .replaceAll(/<br\s*\/?>/giu, "\n")
    .replaceAll(/<\/(?:p|div|li|h[1-6])>/giu, "\n")
    .replaceAll(/<\/?[a-z][^<>]{0,2000}>/giu, "");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&nbsp;": " ",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&amp;": "&",
};

/** One level: what a person typed as an entity stays as they typed it. */
function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:nbsp|lt|gt|quot|#39|amp);/gu, (entity) => ENTITIES[entity] ?? entity);
}

const AT = /<at(?:\s[^<>]{0,200})?>[^<>]{0,200}<\/at>/giu;
/** Mentions, markup of any kind, and what may stand between two mentions. */
const CALLED_FIRST =
  /^(?:<at(?:\s[^<>]{0,200})?>[^<>]{0,200}<\/at>|<\/?(?!at[\s>])[a-z][^<>]{0,2000}>|&(?:nbsp|amp|gt);|\d{1,9}[.)]\s|[\s\p{Cf}>•*_~`,;:+–—-])+/iu;
const EMPHASIS = /[*_~`]/gu;

/** The same for a note: who it is addressed to among colleagues does not keep it from being one. */
export function textAfterMentions(activity: InboundActivity, botId: string): string {
  const text = activity.text ?? "";
  const [called = ""] = CALLED_FIRST.exec(text) ?? [];
  if (!called.includes("<")) return messageText(activity, botId);
  const marks =
    called
      .replaceAll(AT, "")
      .replaceAll(/<[^<>]*>/gu, "")
      .match(EMPHASIS) ?? [];
  return messageText({ ...activity, text: marks.join("") + text.slice(called.length) }, botId);
}
