import { ENTRY_STATES, ENTRY_STEPS } from "../ports/knowledge-entries.js";
import { DEFAULT_AUDIT_LIMIT, DEFAULT_STALE_DAYS, MOST_AUDIT_ENTRIES } from "./knowledge-command.js";
import type { Command } from "./command.js";
import { readWords, type KnownOptions, type ReadWords, type Word } from "./read-words.js";

/** Reads what follows `kb`. Null for a command that is typed in a wrong way. */
export function parseKnowledgeCommand([first, ...rest]: readonly Word[]): Command | null {
  const name = first?.text.toLowerCase() ?? "";
  const parser = Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined;
  if (parser === undefined) {
    const reason = name === "" ? "kb needs a command after it." : `There is no command "kb ${name}".`;
    return { kind: "not-understood", message: `${reason} Type "help" for all commands.` };
  }
  const words = readWords(rest, parser);
  return words === null ? null : parser.read(words);
}

interface Parser extends KnownOptions {
  read(words: ReadWords): Command | null;
}

const PARSERS: Readonly<Record<string, Parser>> = {
  status: { read: ({ positional }) => (positional.length === 0 ? { kind: "kb-status" } : null) },
  add: { read: readAdd },
  sync: { flags: ["yes", "confirm-removals"], read: readSync },
  remove: { read: onSource((source) => ({ kind: "kb-remove", source })) },
  pause: { read: onSource((source) => ({ kind: "kb-pause", source })) },
  resume: { read: onSource((source) => ({ kind: "kb-resume", source })) },
  restore: { values: { version: 1 }, read: readRestore },
  show: { read: readShow },
  history: { values: { diff: 2 }, read: readHistory },
  diff: { read: onSource((source) => ({ kind: "kb-diff", source })) },
  search: {
    read: ({ positional }) => (positional.length > 0 ? { kind: "kb-search", text: positional.join(" ") } : null),
  },
  write: { values: { variant: 1, until: 1 }, read: readWrite },
  entries: { read: readEntries },
  ...Object.fromEntries(ENTRY_STEPS.map((step) => [step, { read: onEntry(step) }])),
  stale: { values: { days: 1 }, read: readStale },
  audit: { values: { limit: 1 }, read: readAudit },
};

function onSource(toCommand: (source: string) => Command): Parser["read"] {
  return ({ positional: [source, ...others] }) =>
    source === undefined || others.length > 0 ? null : toCommand(source);
}

function onEntry(step: (typeof ENTRY_STEPS)[number]): Parser["read"] {
  return ({ positional: [entry, ...others] }) =>
    entry === undefined || others.length > 0 || !/^[\da-f-]{6,36}$/iu.test(entry)
      ? null
      : { kind: "kb-entry", step, entry };
}

function readAdd({ positional: [location, name, ...others] }: ReadWords): Command | null {
  return location === undefined || others.length > 0 ? null : { kind: "kb-add", location, name: name ?? null };
}

function readSync({ positional: [source, ...others], flags }: ReadWords): Command | null {
  return others.length > 0 ? null : { kind: "kb-sync", source: source ?? null, confirmRemovals: flags.size > 0 };
}

function readRestore({ positional: [source, ...rest], values }: ReadWords): Command | null {
  const [given] = values.get("version") ?? [];
  if (source === undefined) return null;
  if (rest.length === 0 && given === undefined) return { kind: "kb-restore", source };
  const version = wholeNumber(given, 1_000_000);
  if (rest.length === 0 || version === null) return null;
  return { kind: "kb-restore-document", source, document: rest.join(" "), version, isPreview: false };
}

function readShow({ positional: [source, ...rest] }: ReadWords): Command | null {
  if (source === undefined) return null;
  return { kind: "kb-show", source, document: rest.length === 0 ? null : rest.join(" ") };
}

function readHistory({ positional: [source, ...rest], values }: ReadWords): Command | null {
  if (source === undefined || rest.length === 0) return null;
  const diff = values.get("diff");
  const [from, to] = (diff ?? []).map((number) => wholeNumber(number, 1_000_000));
  if (diff !== undefined && (typeof from !== "number" || typeof to !== "number")) return null;
  const between = typeof from === "number" && typeof to === "number" ? { from, to } : null;
  return { kind: "kb-history", source, document: rest.join(" "), between };
}

/** The longest question and the longest answer that are taken, in characters. */
const LONGEST_QUESTION = 500;
const LONGEST_ANSWER = 4_000;
const MOST_VARIANTS = 20;

function readWrite({ positional: [question = "", answer = "", ...others], values }: ReadWords): Command | null {
  const variants = values.get("variant") ?? [];
  const until = values.get("until")?.at(-1) ?? null;
  const isDay = until === null || isCalendarDay(until);
  const wordings = [question, ...variants];
  const isShort = wordings.every((wording) => wording.trim() !== "" && wording.length <= LONGEST_QUESTION);
  const isAnswer = answer.trim() !== "" && answer.length <= LONGEST_ANSWER;
  if (others.length > 0 || !isDay || !isShort || !isAnswer || variants.length > MOST_VARIANTS) return null;
  return { kind: "kb-write", question, answer, variants, until };
}

function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function readEntries({ positional: [typed, ...others] }: ReadWords): Command | null {
  const state = ENTRY_STATES.find((one) => one === typed?.toLowerCase()) ?? null;
  return others.length > 0 || (typed !== undefined && state === null) ? null : { kind: "kb-entries", state };
}

function readStale({ positional, values }: ReadWords): Command | null {
  const days = wholeNumber(values.get("days")?.at(-1) ?? String(DEFAULT_STALE_DAYS), 36_500);
  return positional.length > 0 || days === null ? null : { kind: "kb-stale", days };
}

function readAudit({ positional, values }: ReadWords): Command | null {
  const limit = wholeNumber(values.get("limit")?.at(-1) ?? String(DEFAULT_AUDIT_LIMIT), MOST_AUDIT_ENTRIES);
  return positional.length > 0 || limit === null ? null : { kind: "kb-audit", limit };
}

function wholeNumber(text: string | undefined, highest: number): number | null {
  if (text === undefined || !/^[1-9]\d{0,6}$/u.test(text)) return null;
  return Number(text) <= highest ? Number(text) : null;
}
