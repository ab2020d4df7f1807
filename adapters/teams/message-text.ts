import { cleanText } from "../../src/answering/text/clean-text.js";
import type { InboundActivity } from "./inbound-activity.js";

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
  /^(?:<at(?:\s[^<>]{0,200})?>[^<>]{0,200}<\/at>|<\/?(?!at[\s>])[a-z][^<>]{0,2000}>|&(?:nbsp|amp|gt);|[\s\p{Cf}>•*_~`,;:+–—-])+/iu;
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
