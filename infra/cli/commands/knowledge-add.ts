import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { DEMO_WAITS } from "../../../src/commands/knowledge-replies.js";
import { nameFromLocation, readLocation } from "../../../src/commands/source-location.js";
import { UsageError } from "../../../src/ports/errors.js";
import { SOURCE_KINDS, type NewSource, type SourceKind, type SourceStatus } from "../../../src/ports/knowledge.js";
import { INTERVAL_RULE, parseInterval } from "../../config/interval.js";
import type { CommandContext } from "../command-context.js";

interface AddOptions {
  readonly name?: string;
  readonly kind?: string;
  readonly audience: string;
  readonly every: string;
  readonly owner?: string;
  readonly option: readonly string[];
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ deskhand kb add ./docs --name handbook && deskhand kb sync
  $ deskhand kb add https://help.example.com --every 6h --owner carla@example.com
  $ deskhand kb add https://github.com/acme/docs --option branch=main`;

export function addAdd(knowledge: Command, { terminal, withOperations }: CommandContext): void {
  knowledge
    .command("add <path-or-address>")
    .description("Adds a folder, a .jsonl file, a repository, a website or a service. `kb sync` then reads it.")
    .option("--name <name>", "what to call it; the folder's or the host's name unless told")
    .option("--kind <kind>", `${SOURCE_KINDS.join(", ")}; told from the path or the address`)
    .option("--audience <tokens>", "who may read its documents, parted by commas", "public")
    .option("--every <time>", "how often to sync it, for example 15m, 6h or 1d", "off")
    .option("--owner <who>", "whom to ask about its documents")
    .option("--option <key=value...>", "what its kind can be told besides", (pair, all: string[]) => [...all, pair], [])
    .option("--json", "print a JSON object")
    .addHelpText("after", EXAMPLES)
    .action(async (location: string, options: AddOptions) => {
      const source = toSource(location, options);
      const added = await withOperations((operations) => operations.addSource(source));
      if (options.json === true) terminal.printJson(added);
      else terminal.print(addedLines(added));
    });
}

function addedLines({ name, kind, location, endsDemo }: SourceStatus): string {
  const demo = endsDemo ? [DEMO_WAITS] : [];
  const isRepository = kind === "folder" && existsSync(join(location, ".git"));
  const git = isRepository ? ["It is read as it lies there. To read what is committed instead: --kind git"] : [];
  return [`Added ${name}: ${location}`, ...git, ...demo, `Read it now: deskhand kb sync ${name}`].join("\n");
}

/** @throws {UsageError} naming every problem at once. */
function toSource(typed: string, options: AddOptions): NewSource {
  const problems: string[] = [];
  const kind = kindOf(typed, options.kind, problems);
  const isPath = readLocation(typed).place === "path" && !PLACELESS.has(kind);
  const location = isPath ? resolve(typed) : typed;
  const name = options.name ?? nameFromLocation(location) ?? "";
  if (name === "") problems.push("The location gives no name. Give one: --name docs");
  const everyMinutes = parseInterval(options.every);
  if (everyMinutes === undefined) problems.push(`--every ${INTERVAL_RULE}.`);
  const acl = audienceFrom(options.audience);
  if (acl.length === 0) problems.push(NO_AUDIENCE);
  const told = options.option.map((pair) => readOption(pair, problems));
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  const owner = options.owner ?? null;
  return { name, kind, location, options: Object.fromEntries(told), acl, everyMinutes: everyMinutes ?? null, owner };
}

/** Kinds whose location is no place on this machine, whatever it looks like. */
const PLACELESS: ReadonlySet<SourceKind> = new Set(["push", "entries", "notion", "slack", "github"]);

function kindOf(location: string, told: string | undefined, problems: string[]): SourceKind {
  if (told !== undefined) {
    const kind = SOURCE_KINDS.find((one) => one === told);
    if (kind === undefined) problems.push(`--kind must be one of ${SOURCE_KINDS.join(", ")}.`);
    return kind ?? "folder";
  }
  const typed = readLocation(location);
  if (typed.place === "address") return typed.kind;
  if (typed.place === "unknown" && typed.scheme === "file") return "git";
  if (typed.place === "unknown") {
    problems.push(
      `Addresses that begin with ${typed.scheme}: are not read. Give a path, or an http(s) or git address.`,
    );
  }
  if (location.endsWith(".git")) return "git";
  return location.endsWith(".jsonl") ? "jsonl" : "folder";
}

/** A value that is JSON is taken as that: a number, true, a list; anything else is text. */
function readOption(pair: string, problems: string[]): readonly [string, unknown] {
  const [, key, value = ""] = /^([\w-]+)=(.*)$/su.exec(pair) ?? [];
  if (key === undefined) problems.push(`--option must be like key=value, for example --option branch=main.`);
  return [key ?? "", jsonOrText(value)];
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

export const NO_AUDIENCE = "--audience needs at least one token, for example public.";

/** Empty when there is no token. */
export function audienceFrom(tokens: string): readonly string[] {
  return tokens
    .split(",")
    .map((token) => token.trim())
    .filter((token) => token !== "");
}
