import { cleanText } from "../../answering/text/clean-text.js";
import type { ScanFile } from "../../ports/files.js";

/** Which files go through a handoff. */
export interface FileRules {
  readonly maxBytes: number;
  /** Endings of names that are let through, without the dot, in lower case; null: all that are not blocked. */
  readonly types: readonly string[] | null;
  readonly blockedTypes: readonly string[];
  readonly keepMs: number;
  /** Null: nothing is looked through. */
  readonly scan: ScanFile | null;
  /** Longer scans count as held back. */
  readonly scanMs: number;
  /** Where a file can be had until then: an address, or a path on this server where it has no public one. */
  readonly linkTo: (fileId: string, until: Date) => string;
}

/** So many of one message are passed on. */
export const MOST_FILES = 10;

/** Why a file was not passed on. */
export const FILE_REFUSALS = [
  "switched-off",
  "too-many",
  "too-large",
  "empty",
  "type",
  "held-back",
  "not-fetched",
] as const;
export type FileRefusal = (typeof FILE_REFUSALS)[number];

export interface RefusedFile {
  readonly name: string;
  readonly why: FileRefusal;
}

const LONGEST_NAME = 150;
const LONGEST_ENDING = 20;

/** A name that is nothing but a name: no path, no invisible characters, never empty. Its ending is kept. */
export function fileName(given: string): string {
  const last = cleanText(given)
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, "")
    .replaceAll(/[\\/:*?"<>|]+/gu, "_")
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/^[.\s]+|[.\s]+$/gu, "");
  const name = last === "" ? "file" : last;
  if (name.length <= LONGEST_NAME) return name;
  const ending = fileEnding(name);
  const dot = ending === "" || ending.length > LONGEST_ENDING ? "" : `.${ending}`;
  return `${name.slice(0, LONGEST_NAME - dot.length).replace(/[\ud800-\udbff]$/u, "")}${dot}`;
}

/** What stands behind the last dot of a name, in lower case; empty where nothing does. */
export function fileEnding(name: string): string {
  return /\.([^.\s]+)$/u.exec(name)?.[1]?.toLowerCase() ?? "";
}

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,60}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,90}$/u;

/** A media type without its parameters; `application/octet-stream` for what is none. */
export function mediaTypeOf(given: string | null): string {
  const [type = ""] = (given ?? "").toLowerCase().split(";");
  return MEDIA_TYPE.test(type.trim()) ? type.trim() : "application/octet-stream";
}

/** What keeps a file from being received, as far as it can be told before; null for nothing. */
export function refusalBefore(
  name: string,
  sizeBytes: number | null,
  { maxBytes, types, blockedTypes }: Pick<FileRules, "maxBytes" | "types" | "blockedTypes">,
): FileRefusal | null {
  const ending = fileEnding(name);
  if (blockedTypes.includes(ending) || (types !== null && !types.includes(ending))) return "type";
  if (sizeBytes !== null && sizeBytes > maxBytes) return "too-large";
  return sizeBytes === 0 ? "empty" : null;
}
