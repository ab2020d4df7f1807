import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { LineCounter, parseDocument, isMap, isNode, isScalar, type Document } from "yaml";
import type { z } from "zod";
import { errorCode } from "../../src/ports/errors.js";
import { ConfigError } from "./config-error.js";
import { defaultSettings, settingsSchema, type Settings } from "./settings.js";

/** Larger is not a settings file. */
const MAX_BYTES = 1_000_000;

/** What is read when no file is named. */
const USUAL_FILE = "deskhand.yaml";

/**
 * Reads the settings. Source paths come back absolute.
 * @param named the file that somebody asked for; null for `deskhand.yaml` in `folder`, without which the defaults hold.
 * @throws {ConfigError} naming file, line and key of every problem, or the named file that is not there.
 */
export async function readSettings(named: string | null, folder = "."): Promise<Settings> {
  const file = named ?? USUAL_FILE;
  const path = resolve(folder, file);
  const text = await readIfThere(path);
  if (text === null && named !== null) throw new ConfigError([`DESKHAND_SETTINGS: there is no file ${path}`]);
  const settings = text === null ? defaultSettings() : parseSettings(text, file);
  const below = (place: string) => resolve(dirname(path), place);
  const sources = settings.knowledge.sources.map((source) =>
    source.path === undefined ? source : { ...source, path: below(source.path) },
  );
  const roots = settings.knowledge.roots.map(below);
  return { ...settings, knowledge: { ...settings.knowledge, sources, roots } };
}

/**
 * Where a source stands in the settings file, to begin a problem with: `deskhand.yaml:7 knowledge.sources.1`.
 * @param index of the source in its list
 */
export async function placeOfSource(named: string | null, index: number, folder = "."): Promise<string> {
  const file = named ?? USUAL_FILE;
  const { document, lines } = await readDocument(file, folder);
  const path = ["knowledge", "sources", index];
  return `${file}:${lineOf([...path, "options"], document, lines)} ${path.join(".")}`;
}

/** Each problem that begins with a key of the settings file, like `handoff.platform: …`, with its file and line before it. */
export async function withPlaces(
  named: string | null,
  problems: readonly string[],
  folder = ".",
): Promise<readonly string[]> {
  const file = named ?? USUAL_FILE;
  const { document, lines } = await readDocument(file, folder);
  return problems.map((problem) => {
    const path = problem.slice(0, Math.max(0, problem.indexOf(": "))).split(".");
    return document.hasIn(path) ? `${file}:${lineOf(path, document, lines)} ${problem}` : problem;
  });
}

async function readDocument(file: string, folder: string): Promise<{ document: Document.Parsed; lines: LineCounter }> {
  const text = (await readIfThere(resolve(folder, file))) ?? "";
  const lines = new LineCounter();
  return { document: parseDocument(text, { lineCounter: lines }), lines };
}

/** The file that {@link readSettings} reads; null when it reads none. */
export async function settingsFileInUse(named: string | null, folder = "."): Promise<string | null> {
  if (named !== null) return named;
  return (await readIfThere(resolve(folder, USUAL_FILE))) === null ? null : USUAL_FILE;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new ConfigError([`${path}: is larger than ${MAX_BYTES} bytes`]);
    return await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    if (error instanceof ConfigError) throw error;
    throw new ConfigError([`${path}: cannot be read (${errorCode(error)})`]);
  }
}

const LOOK = "look at this line and the one before it";
const YAML_ADVICE: Readonly<Record<string, string>> = {
  BAD_INDENT: "begin the line as far in as its neighbours of the same level",
  TAB_AS_INDENT: "indent by spaces, not by tabs",
  DUPLICATE_KEY: "the key is there twice: join what stands under both",
  MISSING_CHAR: "a quote, bracket or colon is missing",
};

/**
 * Checks the text of a settings file. `file` is only for messages.
 * @throws {ConfigError}
 */
export function parseSettings(text: string, file: string): Settings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map(
        ({ pos, code }) => `${file}:${lines.linePos(pos[0]).line}: is not YAML (${code}): ${YAML_ADVICE[code] ?? LOOK}`,
      ),
    );
  }
  const parsed = settingsSchema.safeParse(content(document, file));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => describeIssue(issue, document, lines));
  problems.sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10));
  throw new ConfigError(problems.map((problem) => `${file}:${problem}`));
}

function content(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    throw new ConfigError([`${file}: has an alias to nothing, or too many aliases`]);
  }
}

function describeIssue(issue: z.core.$ZodIssue, document: Document.Parsed, lines: LineCounter): readonly string[] {
  const key = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") {
    return [`${lineOf(issue.path, document, lines)} ${key === "" ? "file" : key}: ${ruleOf(issue)}`];
  }
  return issue.keys.map((name) => {
    const path = [...issue.path, name];
    return `${lineOf(path, document, lines)} ${path.map(String).join(".")}: ${ruleOf(issue)}`;
  });
}

/** Zod's texts name types and limits, never the value; they are made to follow "key:". */
function ruleOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      if (issue.expected === "array") return "must be a list: put what is there in square brackets";
      return `must be ${/^[aeiou]/u.test(issue.expected) ? "an" : "a"} ${issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.map(String).join(" or ")}`;
    case "unrecognized_keys":
      return issue.message.startsWith("Unrecognized key") ? "is not a setting" : issue.message;
    case "invalid_key":
      return issue.issues[0]?.message ?? issue.message;
    case "invalid_union":
      return unionRule(issue);
    case "too_small":
      return issue.origin === "number" || issue.origin === "int" ? `must be at least ${issue.minimum}` : issue.message;
    case "too_big":
      return `must be at most ${issue.maximum}${issue.origin === "string" ? " characters" : ""}`;
    default:
      return issue.message;
  }
}

/** The words that may stand there, or else a number: a share, or of a budget as many as somebody likes. */
function unionRule({ errors, path }: z.core.$ZodIssueInvalidUnion): string {
  const words = errors.flatMap(([first]) => (first?.code === "invalid_value" ? first.values.map(String) : []));
  const count = path.at(-1) === "dollarsPerDay" ? "a number" : "a whole number without points";
  const number = words.includes("unlimited") ? count : "a number from 0 to 1";
  return `must be ${[...words.map((word) => `"${word}"`), number].join(" or ")}`;
}

/** The line of the key itself where there is one, else of the nearest thing around it. */
function lineOf(path: readonly PropertyKey[], document: Document.Parsed, lines: LineCounter): number {
  for (let length = path.length; length > 0; length -= 1) {
    const offset = offsetOf(path.slice(0, length), document);
    if (offset !== null) return lines.linePos(offset).line;
  }
  return 1;
}

function offsetOf(path: readonly PropertyKey[], document: Document.Parsed): number | null {
  const parentPath = path.slice(0, -1);
  const parent = parentPath.length === 0 ? document.contents : document.getIn(parentPath, true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === last);
    return pair !== undefined && isScalar(pair.key) ? (pair.key.range?.[0] ?? null) : null;
  }
  const node = document.getIn(path, true);
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}
