import { ENTRY_STEPS } from "../ports/knowledge-entries.js";
import { meantKnowledgeWord } from "./command-line.js";
import type { Command } from "./command.js";
import { DEFAULT_AUDIT_LIMIT, DEFAULT_STALE_DAYS, MOST_AUDIT_ENTRIES, MOST_STALE_DAYS } from "./knowledge-command.js";
import { readEntryCode, readEntryState, readNumber, readVersionPair, readWrittenEntry } from "./knowledge-input.js";
import { readWords, type KnownOptions, type ReadWords, type Word } from "./read-words.js";

/** Reads what follows `kb`. Null, or a {@link UsageError} that says more, for a command that is typed in a wrong way. */
export function parseKnowledgeCommand([first, ...rest]: readonly Word[]): Command | null {
  const name = first?.text.toLowerCase() ?? "";
  const parser = Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined;
  if (parser === undefined) {
    const reason = name === "" ? "kb needs a command after it." : noCommand(name);
    return { kind: "not-understood", message: `${reason} Type "help" for all commands.` };
  }
  return parser.read(readWords(rest, parser));
}

function noCommand(name: string): string {
  const meant = meantKnowledgeWord(name);
  return `There is no command "kb ${name}".${meant === null ? "" : ` Did you mean "kb ${meant}"?`}`;
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
  diff: { flags: ["runs"], values: { run: 1 }, read: readDiff },
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
    entry === undefined || others.length > 0 ? null : { kind: "kb-entry", step, entry: readEntryCode(entry) };
}

function readDiff({ positional: [source, ...others], flags, values }: ReadWords): Command | null {
  const given = values.get("run")?.at(-1);
  if (source === undefined || others.length > 0) return null;
  const run = given === undefined ? null : readNumber("--run", given);
  return flags.has("runs") ? { kind: "kb-runs", source } : { kind: "kb-diff", source, run };
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
  if (rest.length === 0 || given === undefined) return null;
  const version = readNumber("--version", given);
  return { kind: "kb-restore-document", source, document: rest.join(" "), version, isPreview: false };
}

function readShow({ positional: [source, ...rest] }: ReadWords): Command | null {
  if (source === undefined) return null;
  return { kind: "kb-show", source, document: rest.length === 0 ? null : rest.join(" ") };
}

function readHistory({ positional: [source, ...rest], values }: ReadWords): Command | null {
  if (source === undefined || rest.length === 0) return null;
  const diff = values.get("diff");
  const between = diff === undefined ? null : readVersionPair(diff);
  return { kind: "kb-history", source, document: rest.join(" "), between };
}

function readWrite({ positional: [question, answer, ...others], values }: ReadWords): Command | null {
  if (question === undefined || answer === undefined || others.length > 0) return null;
  const written = {
    question,
    answer,
    variants: values.get("variant") ?? [],
    until: values.get("until")?.at(-1) ?? null,
  };
  return { kind: "kb-write", ...readWrittenEntry(written) };
}

function readEntries({ positional: [typed, ...others] }: ReadWords): Command | null {
  if (others.length > 0) return null;
  return { kind: "kb-entries", state: typed === undefined ? null : readEntryState(typed) };
}

function readStale({ positional, values }: ReadWords): Command | null {
  const days = readNumber("--days", values.get("days")?.at(-1) ?? String(DEFAULT_STALE_DAYS), MOST_STALE_DAYS);
  return positional.length > 0 ? null : { kind: "kb-stale", days };
}

function readAudit({ positional, values }: ReadWords): Command | null {
  const limit = readNumber("--limit", values.get("limit")?.at(-1) ?? String(DEFAULT_AUDIT_LIMIT), MOST_AUDIT_ENTRIES);
  return positional.length > 0 ? null : { kind: "kb-audit", limit };
}
