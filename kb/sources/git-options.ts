import picomatch from "picomatch";
import { z } from "zod";
import { UsageError } from "../../src/ports/errors.js";
import { readGitLocation } from "./git-location.js";
import type { GitRemote } from "./git-location.js";
import { shortDigest } from "./short-digest.js";
import type { SourceRecord } from "./source-kind.js";

/** What a source of the kind git reads, and how. */
export interface GitPlace {
  readonly remote: GitRemote;
  /** Null: the one that the repository names as its own. */
  readonly branch: string | null;
  /** The folder that is read, without slashes at its ends; empty for all. */
  readonly folder: string;
  /** @param relative path below the folder */
  isWanted(relative: string): boolean;
  /** How a document's page is addressed, with placeholders; null: derived from the location. */
  readonly webUrl: string | null;
  /** How many commits are kept; null for all. */
  readonly depth: number | null;
  /** Changes with all that decides which items a listing has. */
  readonly basis: string;
}

// What git refuses as a branch, and a dash in front, which it would read as an option.
const NOT_A_BRANCH = /^[-/.]|[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|[/.]$|^@$/u;

function isBranch(name: string): boolean {
  return name.length > 0 && name.length <= 250 && !NOT_A_BRANCH.test(name);
}

function isFolder(path: string): boolean {
  if (path.length > 1_000 || /\p{Cc}/u.test(path)) return false;
  return trimSlashes(path)
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== "..");
}

function trimSlashes(path: string): string {
  return path.replace(/^(?:\.?\/)+|\/+$/gu, "");
}

const MAX_GLOBS = 100;
const glob = z
  .string()
  .min(1, "is empty")
  .max(200, "is longer than 200 characters")
  .refine((text) => !/\p{Cc}/u.test(text), "has control characters");
const globs = z
  .union([glob.transform((one) => [one]), z.array(glob).max(MAX_GLOBS, `has more than ${MAX_GLOBS} entries`)])
  .default([]);

const PLACEHOLDER = /\{(?:path|relative|page|branch)\}/gu;

function isWebUrl(text: string): boolean {
  const filled = text.replace(PLACEHOLDER, "x");
  if (!/\{(?:path|relative|page)\}/u.test(text) || /[{}]/u.test(filled) || !URL.canParse(filled)) return false;
  return ["http:", "https:"].includes(new URL(filled).protocol);
}

const optionsSchema = z.strictObject({
  branch: z
    .string()
    .refine(isBranch, "is no name of a branch. Write it as git branch shows it, for example main")
    .optional(),
  path: z
    .string()
    .refine(
      (path) => trimSlashes(path) === "" || isFolder(path),
      "must be a folder in the repository, without . and ..",
    )
    .default(""),
  include: globs,
  exclude: globs,
  webUrl: z
    .string()
    .max(500, "is longer than 500 characters")
    .refine(isWebUrl, "must be a web address with {path}, {relative} or {page} in it, and no other braces but {branch}")
    .optional(),
  depth: z.coerce.number("must be a number").int("must be a whole number").min(1).max(1_000_000).optional(),
});

/** @throws {UsageError} with every problem of the location and the options at once */
export function readGitPlace({ location, options = {} }: SourceRecord): GitPlace {
  const remote = readGitLocation(location);
  const parsed = optionsSchema.safeParse(options);
  const problems = [
    ...("problem" in remote ? [remote.problem] : []),
    ...(parsed.error?.issues.map((issue) => [issue.path.join("."), issue.message].filter(Boolean).join(": ")) ?? []),
  ];
  if ("problem" in remote || !parsed.success) throw new UsageError(`${problems.join(". ")}.`);
  const { branch = null, include, exclude, webUrl = null, depth = null } = parsed.data;
  const folder = trimSlashes(parsed.data.path);
  return {
    remote,
    branch,
    folder,
    isWanted: createFilter(include, exclude),
    webUrl,
    depth,
    basis: shortDigest([remote.url, branch, folder, include, exclude, webUrl]),
  };
}

// Extended globs can be written so that matching takes very long.
const GLOB_RULES = { dot: true, noextglob: true, nonegate: true };

function createFilter(include: readonly string[], exclude: readonly string[]): (relative: string) => boolean {
  const isIncluded = include.length === 0 ? () => true : picomatch([...include], GLOB_RULES);
  const isExcluded = exclude.length === 0 ? () => false : picomatch([...exclude], GLOB_RULES);
  return (relative) => isIncluded(relative) && !isExcluded(relative);
}
