import { IN_FRONT, noteText, withoutClosing } from "./note-text.js";
import { nearestWord } from "../text/nearest-word.js";

/** What an agent tells the bot to do with the handoff of a thread, in the thread: `!resolve`, `!snooze 2h`. */
export type Control =
  | { readonly kind: "claim" | "take" | "resolve" | "release" | "return" | "reopen" | "help" }
  | { readonly kind: "snooze"; readonly forMs: number }
  /** Empty where none was named. */
  | { readonly kind: "team"; readonly name: string }
  /** Asks for the bot's draft; lists the replies that are set up. */
  | { readonly kind: "suggest" }
  | { readonly kind: "replies" | "history" }
  /** Sends the newest suggestion, or these words instead. */
  | { readonly kind: "send"; readonly words: string | null }
  | { readonly kind: "search"; readonly words: string }
  /** Sends a reply that is set up. */
  | { readonly kind: "reply"; readonly name: string }
  /** It looks like one and is none: it is not sent to the customer, and the agent is told. */
  | { readonly kind: "not-understood"; readonly typed: string; readonly meant: string | null };

/** What is done with a handoff in the transaction that has locked it. The others look something up first. */
export type HandoffControl = Exclude<Control, { kind: "suggest" | "search" }>;

const WORDS = {
  claim: "claim",
  take: "take",
  resolve: "resolve",
  done: "resolve",
  close: "resolve",
  release: "release",
  return: "return",
  bot: "return",
  reopen: "reopen",
  snooze: "snooze",
  team: "team",
  suggest: "suggest",
  send: "send",
  search: "search",
  history: "history",
  replies: "replies",
  reply: "reply",
  help: "help",
} as const;

const MINUTE_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 1_440 * MINUTE_MS };

/** What `!snooze` means, and the button. */
export const SNOOZE_MS = 60 * MINUTE_MS;

/** A handoff that sleeps longer than that is forgotten. */
const LONGEST_SNOOZE_MS = 30 * 1_440 * MINUTE_MS;

const CONTROL = new RegExp(`^(${IN_FRONT})${/!(\p{L}+|\/\/)(.*)$/su.source}`, "su");
const CLOSING = /^[\s*_~`.!,;]+|[\s*_~`.!,;]+$/gu;

/** Null for words to the customer. An exclamation mark with a letter behind it always begins a control. */
export function controlOf(text: string): Control | null {
  const found = CONTROL.exec(text);
  if (found === null) return null;
  const [, before = "", word = "", behind = ""] = found;
  const typed = word.toLowerCase();
  const rest = behind.replaceAll(CLOSING, "");
  if (typed === "note" || typed === "//") return { kind: "not-understood", typed: `!${typed}`, meant: "note: …" };
  if (!isWord(typed)) return { kind: "not-understood", typed: `!${typed}`, meant: meantWord(typed) };
  const kind = WORDS[typed];
  if (kind === "snooze") return snooze(rest);
  if (kind === "team") return { kind, name: rest };
  if (kind === "send") return rest === "" ? { kind, words: null } : send(wordsBehind(before, behind));
  if (kind === "search") return rest === "" ? notSaid(typed, "!search and the words") : { kind, words: rest };
  if (kind === "reply") return rest === "" ? notSaid(typed, "!replies") : { kind, name: rest };
  return rest === "" ? { kind } : { kind: "not-understood", typed: text.trim(), meant: `!${typed}` };
}

/** Whether its point is that the customer reads something. */
export function sendsToCustomer({ kind }: Control): boolean {
  return kind === "send" || kind === "reply";
}

/** As they were written; emphasis around all of it, or around the control, is none of them. */
function wordsBehind(before: string, behind: string): string {
  return withoutClosing(behind.replace(/^[*_~`:]+/u, "").trim(), before.match(/[*_~`]/gu) ?? []);
}

/** What is marked as a note goes to nobody, whatever stands in front of it. */
function send(words: string): Control {
  if (noteText(words) === null) return { kind: "send", words };
  return { kind: "not-understood", typed: "!send with a note behind it", meant: "note: …" };
}

function notSaid(typed: string, meant: string): Control {
  return { kind: "not-understood", typed: `!${typed} with nothing behind it`, meant };
}

function snooze(rest: string): Control {
  if (rest === "") return { kind: "snooze", forMs: SNOOZE_MS };
  const [, count = "", unit = ""] = /^(?:for\s+)?(\d{1,4})\s*(m|h|d)(?:in(?:utes?)?|ours?|ays?)?$/iu.exec(rest) ?? [];
  const forMs = Number(count) * (UNITS[unit.toLowerCase()] ?? 0);
  if (forMs <= 0 || forMs > LONGEST_SNOOZE_MS) {
    return {
      kind: "not-understood",
      typed: `!snooze ${rest}`,
      meant: "!snooze 30m, !snooze 2h or !snooze 3d (up to 30d)",
    };
  }
  return { kind: "snooze", forMs };
}

function isWord(typed: string): typed is keyof typeof WORDS {
  return Object.hasOwn(WORDS, typed);
}

function meantWord(typed: string): string | null {
  const nearest = nearestWord(typed, Object.keys(WORDS));
  return nearest === null ? null : `!${nearest}`;
}

/** What can be typed in a handoff's thread. */
export const CONTROL_HELP = [
  "What you write here goes to the customer, except:",
  "`// …` or `note: …` is an internal note.",
  "`!claim` takes it, `!take` takes it over from a colleague, `!release` lets go of it.",
  "`!snooze 2h` puts it aside (m, h or d); it comes back then, or when the customer writes.",
  "`!resolve` ends it and asks the customer, `!reopen` opens it again.",
  "`!team billing` passes it on to another team, where there are several; `!team` lists them.",
  "`!return` hands the conversation back to the bot.",
  "`!suggest` asks for the bot's draft, `!send` sends it as your reply, `!send …` sends your wording.",
  "`!search …` looks into the documents that the customer may read.",
  "`!history` shows the conversation so far.",
  "`!replies` lists the replies that are set up, `!reply NAME` sends one.",
].join("\n");
