import { linkWords } from "../../../src/text/styled-text.js";

/** What Slack wraps in angle brackets: mentions, channels, groups, links. A bracket that somebody typed is escaped. */
const TOKEN = /<([^<>]*)>|&(amp|lt|gt);/gu;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">" };
const MENTION = /<@([A-Z0-9]+)(?:\|[^<>]*)?>/gu;

/** The person's words as they typed them: Slack's markup is undone exactly once, and the bot's own name is taken out. */
export function plainText(text: string, botUserId: string): string {
  const withoutBot = text
    .replace(new RegExp(`^\\s*(?:<@${botUserId}(?:\\|[^<>]*)?>[\\s:,]*)+`, "u"), "")
    .replaceAll(MENTION, (mention, userId: string) => (userId === botUserId ? "" : mention));
  return withoutBot
    .replaceAll(TOKEN, (_token, inside: string | undefined, entity: string | undefined) =>
      inside === undefined ? (ENTITIES[entity ?? ""] ?? "") : tokenText(inside),
    )
    .trim();
}

/** A mention of somebody or of a group, or what may stand between two of them. */
const CALLED = /<[@!][^<>]*>|&amp;|\d{1,9}[.)]\s|[\s\p{Cf},;:+–—-]/gu;
const CALLED_FIRST =
  /^(?:<[@!][^<>]*>|&(?:amp|gt);|\d{1,9}[.)]\s|[\s\p{Cf}>•*_~`,;:+–—-])*<[@!][^<>]*>(?:&amp;|\d{1,9}[.)]\s|[\s\p{Cf}*_~`,;:+–—-])*/u;

/** The same for a note: who it is addressed to among colleagues does not keep it from being one. */
export function textAfterMentions(text: string, botUserId: string): string {
  const [called = ""] = CALLED_FIRST.exec(text) ?? [];
  return plainText(called.replaceAll(CALLED, "") + text.slice(called.length), botUserId);
}

/** The same of words in which mentions are written out. */
export function wordsAfterMentions(words: string): string {
  return words.replace(/^(?:@[A-Z0-9]+(?:(?:\d{1,9}[.)]\s|[\s\p{Cf}&,;:+–—-])+|$))+/u, "");
}

/** Everybody a text mentions. */
export function mentionedUsers(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(MENTION)].map(([, userId]) => userId ?? ""));
}

function tokenText(inside: string): string {
  const bar = inside.indexOf("|");
  const target = bar === -1 ? inside : inside.slice(0, bar);
  const label = bar === -1 ? "" : unescape(inside.slice(bar + 1));
  switch (target[0]) {
    case "@":
      return `@${label === "" ? target.slice(1) : label}`;
    case "#":
      return `#${label === "" ? target.slice(1) : label}`;
    case "!":
      return special(target.slice(1), label);
    default:
      return link(unescape(target), label);
  }
}

function special(name: string, label: string): string {
  if (label !== "") return label;
  const [word = ""] = name.split("^");
  return `@${word}`;
}

function link(url: string, label: string): string {
  return linkWords(label, url.replace(/^(?:mailto|tel):/u, ""));
}

function unescape(text: string): string {
  return text.replaceAll(/&(amp|lt|gt);/gu, (_entity, name: string) => ENTITIES[name] ?? "");
}
