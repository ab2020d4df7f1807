import { bullets, paragraph, reply, strong, text } from "../commands/reply-blocks.js";
import type { Reply } from "../ports/reply.js";
import type { EarlierEntry } from "../ports/stores.js";

/** What is read of a conversation, and how much of it is shown. */
export const HISTORY_WINDOW = { newest: 0, limit: 200, characters: 301 };
const SHOWN = 20;

const ROLES: Readonly<Record<EarlierEntry["speaker"], string>> = {
  customer: "customer",
  bot: "bot",
  agent: "team",
  note: "note",
};

/** The newest lines of a conversation for its agents, and how many there are before them. */
export function historyReply(entries: readonly EarlierEntry[]): Reply {
  if (entries.length === 0) return reply(paragraph(text("Nothing was said yet.")));
  const before = Math.max(0, entries.length - SHOWN);
  const isMore = entries.length === HISTORY_WINDOW.limit;
  const more = `${isMore ? "At least " : ""}${before} more before these.`;
  const lines = entries.slice(before).map((entry) => {
    const { speaker, name } = entry;
    return [strong(speaker === "bot" ? name : `${name} (${ROLES[speaker]})`), text(`: ${shortened(entry.text)}`)];
  });
  return reply(...(before === 0 ? [] : [paragraph(text(more))]), bullets(lines));
}

function shortened(words: string): string {
  const line = words.replaceAll(/\s+/gu, " ").trim();
  const most = HISTORY_WINDOW.characters - 1;
  return line.length > most ? `${line.slice(0, most).trimEnd()}…` : line;
}
