import type { DocumentKind } from "../../src/ports/models.js";
import { cleanText } from "./decode-text.js";
import { FROM_FIELDS, UNTIL_FIELDS, UPDATED_FIELDS } from "./field-names.js";
import { FieldError, ParseError } from "./parse-error.js";
import { readYaml } from "./read-yaml.js";
import { toDay } from "./to-day.js";
import { toLanguage } from "./detect-language.js";

/** What a document says about itself. Null: it does not say. */
export interface DocumentMetadata {
  readonly title: string | null;
  readonly kind: DocumentKind | null;
  readonly url: string | null;
  readonly updatedAt: string | null;
  readonly acl: readonly string[] | null;
  readonly lang: string | null;
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly category: string | null;
}

export const NO_METADATA: DocumentMetadata = {
  title: null,
  kind: null,
  url: null,
  updatedAt: null,
  acl: null,
  lang: null,
  validFrom: null,
  validUntil: null,
  category: null,
};

const KINDS: Readonly<Record<string, DocumentKind>> = {
  faq: "faq",
  faqs: "faq",
  manual: "manual",
  manuals: "manual",
  guide: "manual",
  guides: "manual",
  troubleshooting: "troubleshooting",
  release: "release",
  releases: "release",
  "release-notes": "release",
  changelog: "release",
  policy: "policy",
  policies: "policy",
  legal: "policy",
  page: "page",
};

/** Splits YAML front matter off a text. @throws {ParseError} `bad-front-matter` with the line. */
export function splitFrontMatter(text: string): { metadata: DocumentMetadata; body: string } {
  const opening = /^---[ \t]*\n/u.exec(text);
  if (opening === null) return { metadata: NO_METADATA, body: text };
  const end = /^(?:---|\.\.\.)[ \t]*$/mu.exec(text.slice(opening[0].length));
  if (end === null) {
    refuseUnclosed(text.slice(opening[0].length));
    return { metadata: NO_METADATA, body: text };
  }
  const yaml = text.slice(opening[0].length, opening[0].length + end.index);
  const body = text.slice(opening[0].length + end.index + end[0].length);
  return { metadata: readFrontMatter(yaml), body };
}

// Read as text, front matter that is never closed would lose its audience and show the page to everybody.
const KNOWN_FIELD = /^(?:title|kind|audience|acl|url|updated|updated_at|date)[ \t]*:/iu;

function refuseUnclosed(rest: string): void {
  if (!KNOWN_FIELD.test(rest)) return;
  const message = "The front matter (line 1) is never closed. Put a line of three hyphens below its last field.";
  throw new ParseError("bad-front-matter", message);
}

function readFrontMatter(yaml: string): DocumentMetadata {
  const options = { what: "The front matter", code: "bad-front-matter", linesBefore: 1, maxAliasCount: 10 };
  const read = readYaml(yaml, options);
  try {
    return readMetadata(read.value);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const fields = error instanceof FieldError ? error.fields : ["audience", "acl"];
    const line = read.fieldLine((name) => fields.includes(name.toLowerCase()));
    throw new ParseError(error.code, `${line === null ? "" : `Line ${line}: `}${error.message}`, { cause: error });
  }
}

/**
 * Reads the fields Deskhand knows from front matter, an FAQ entry or a corpus line, and passes over all others.
 * @throws {FieldError} for a day from or until which it holds that cannot be read
 */
export function readMetadata(value: unknown): DocumentMetadata {
  const fields: ReadonlyMap<string, unknown> = new Map(
    typeof value === "object" && value !== null
      ? Object.entries(value).map(([name, field]) => [name.toLowerCase(), field])
      : [],
  );
  const field = (...names: readonly string[]): unknown =>
    names.map((name) => fields.get(name)).find((found) => found != null);
  return {
    title: toText(field("title")),
    kind: toKind(field("kind")),
    url: toUrl(field("url", "permalink", "canonical_url")),
    updatedAt: toDate(field(...UPDATED_FIELDS)),
    acl: fields.has("audience") || fields.has("acl") ? toAcl(field("audience", "acl")) : null,
    lang: toLanguage(field("lang", "language", "locale")),
    ...toValidity(field(...FROM_FIELDS), field(...UNTIL_FIELDS)),
    category: toText(field("category")),
  };
}

function toText(value: unknown): string | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const text = String(value).replace(/\s+/gu, " ").trim();
  return text === "" ? null : text;
}

function toKind(value: unknown): DocumentKind | null {
  return typeof value === "string" ? kindOfName(value) : null;
}

/** The kind that a folder's name or a `kind` field stands for. */
export function kindOfName(name: string): DocumentKind | null {
  const key = name.trim().toLowerCase();
  return Object.hasOwn(KINDS, key) ? (KINDS[key] ?? null) : null;
}

/** Web addresses only: a link that is shown to customers never runs anything. */
export function toUrl(value: unknown): string | null {
  if (typeof value !== "string" || !URL.canParse(value)) return null;
  const url = new URL(value);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
}

export function toDate(value: unknown): string | null {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}/u.test(value)) return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function toValidity(from: unknown, until: unknown): Pick<DocumentMetadata, "validFrom" | "validUntil"> {
  const validFrom = toDay(from, FROM_FIELDS);
  const validUntil = toDay(until, UNTIL_FIELDS);
  if (validFrom !== null && validUntil !== null && validFrom > validUntil) {
    throw new FieldError(
      "bad-date",
      UNTIL_FIELDS,
      "it lies before the day from which the text holds. Mend one of both.",
    );
  }
  return { validFrom, validUntil };
}

/** An audience that is there but holds no name is a mistake that must not make the document public. */
function toAcl(value: unknown): readonly string[] {
  const parts: unknown[] = typeof value === "string" ? value.split(",") : Array.isArray(value) ? value : [];
  const names = parts
    .map((name) => (typeof name === "string" || typeof name === "number" ? cleanText(String(name)).trim() : ""))
    .filter((name) => name !== "");
  if (names.length === 0) {
    throw new ParseError(
      "bad-audience",
      "The audience names nobody. Write a name or a list of names, or leave it out.",
    );
  }
  return [...new Set(names)].sort();
}
