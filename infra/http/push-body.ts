import { z } from "zod";
import { PUSHED_MEDIA_TYPES, type Push, type PushedDocument } from "../../src/ports/pushed-documents.js";

/** Limits of one request and of what is in it; see docs/sources-push.md. */
export const PUSH_LIMITS = {
  bodyBytes: 20_000_000,
  documents: 1_000,
  contentBytes: 10_000_000,
  idCharacters: 200,
  titleCharacters: 500,
  urlCharacters: 2_000,
  aclTokens: 50,
} as const;

/** One thing that is wrong, and where: `documents[3].url`. Holds nothing of what was sent but the names of keys. */
export interface BodyProblem {
  readonly path: string;
  readonly message: string;
}

export type ReadPush =
  | { readonly ok: true; readonly source: string | null; readonly push: Push }
  | { readonly ok: false; readonly problems: readonly BodyProblem[] };

const PROBLEMS_SHOWN = 100;

function isPlain(text: string): boolean {
  return !/[\p{Cc}\p{Surrogate}]/u.test(text);
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol) && isPlain(text);
}

function isFilled(text: string): boolean {
  return isPlain(text) && text.trim() !== "";
}

/** An id as it is in a body and in a path. */
export const pushedId = z
  .string("must be a text")
  .min(1, "is empty")
  .max(PUSH_LIMITS.idCharacters, `has more than ${PUSH_LIMITS.idCharacters} characters`)
  .refine(isFilled, "has control characters or is blank");

const TOO_LARGE = `has more than ${PUSH_LIMITS.contentBytes / 1_000_000} MB`;

const content = z
  .string("must be a text")
  .refine((text) => Buffer.byteLength(text) <= PUSH_LIMITS.contentBytes, TOO_LARGE);

const base64 = z
  .string("must be a text")
  .refine((text) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/u.test(text), "is not base64")
  .refine((text) => (text.length / 4) * 3 <= PUSH_LIMITS.contentBytes + 2, TOO_LARGE);

const documentSchema = z
  .strictObject({
    id: pushedId,
    title: z
      .string("must be a text")
      .max(PUSH_LIMITS.titleCharacters, `has more than ${PUSH_LIMITS.titleCharacters} characters`)
      .refine(isFilled, "is blank or has control characters")
      .nullish(),
    text: content.nullish(),
    html: content.nullish(),
    base64: base64.nullish(),
    mediaType: z.enum(PUSHED_MEDIA_TYPES, `must be one of ${PUSHED_MEDIA_TYPES.join(", ")}`).nullish(),
    url: z
      .string("must be a text")
      .max(PUSH_LIMITS.urlCharacters, `has more than ${PUSH_LIMITS.urlCharacters} characters`)
      .refine(isWebAddress, "must be an http(s) address")
      .nullish(),
    updatedAt: z
      .union([z.iso.datetime({ offset: true }), z.iso.date()], "must be a date like 2026-05-01 or 2026-05-01T12:00:00Z")
      .nullish(),
    acl: z
      .array(z.string().regex(/^[\w:.@-]{1,100}$/u, "must be letters, digits and : . @ - _, at most 100"))
      .min(1, "must name at least one audience; leave it out for that of the source")
      .max(PUSH_LIMITS.aclTokens, `has more than ${PUSH_LIMITS.aclTokens} entries`)
      .nullish(),
    lang: z
      .string("must be a text")
      .regex(/^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/iu, "must be a language like en or pt-BR")
      .nullish(),
  })
  .check(({ value, issues }) => {
    const problem = (path: string, message: string) =>
      issues.push({ code: "custom", input: undefined, path: [path], message });
    const given = [value.text, value.html, value.base64].filter((one) => one != null).length;
    if (given !== 1) problem("text", "give exactly one of text, html and base64");
    if (value.base64 != null && value.mediaType == null) problem("mediaType", "is needed with base64");
    if (value.base64 == null && value.mediaType != null) problem("mediaType", "is for base64 alone");
    if (value.base64 != null && value.lang != null) problem("lang", "is for text and html alone");
  });

const bodySchema = z.strictObject({
  source: z.string("must be a text").min(1, "is empty").max(63, "has more than 63 characters").nullish(),
  documents: z
    .array(documentSchema, "must be a list")
    .max(PUSH_LIMITS.documents, `has more than ${PUSH_LIMITS.documents} entries`)
    .default([]),
  delete: z
    .array(pushedId, "must be a list")
    .max(PUSH_LIMITS.documents, `has more than ${PUSH_LIMITS.documents} entries`)
    .default([]),
});

/** Reads the body of a push, with every problem that it has. */
export function readPush(body: Buffer): ReadPush {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return { ok: false, problems: [{ path: "", message: "the body must be JSON in UTF-8" }] };
  }
  const parsed = bodySchema.safeParse(value);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.slice(0, PROBLEMS_SHOWN).map(toProblem) };
  const { documents, delete: deleted, source } = parsed.data;
  const problems = idProblems(documents, deleted);
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, PROBLEMS_SHOWN) };
  return { ok: true, source: source ?? null, push: { documents: documents.map(toDocument), deleted } };
}

function toProblem({ path, message }: z.core.$ZodIssue): BodyProblem {
  const place = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return { path: place.replace(/^\./u, ""), message: message.slice(0, 300) };
}

type Body = z.infer<typeof bodySchema>;

/** An id twice would leave open which one is meant. */
function idProblems(documents: Body["documents"], deleted: Body["delete"]): readonly BodyProblem[] {
  const seen = new Map<string, string>();
  const problems: BodyProblem[] = [];
  const places = [
    ...documents.map(({ id }, index) => [id, `documents[${index}].id`] as const),
    ...deleted.map((id, index) => [id, `delete[${index}]`] as const),
  ];
  for (const [id, path] of places) {
    const first = seen.get(id);
    if (first === undefined) seen.set(id, path);
    else problems.push({ path, message: `is the same as ${first}` });
  }
  return problems;
}

function toDocument(document: Body["documents"][number]): PushedDocument {
  const { id, title = null, url = null, updatedAt = null, acl = null, lang = null } = document;
  return { id, title, url, updatedAt: toInstant(updatedAt), acl, lang, content: toContent(document) };
}

function toInstant(date: string | null): string | null {
  return date === null ? null : new Date(date).toISOString();
}

function toContent({ text, html, base64: encoded, mediaType }: Body["documents"][number]): PushedDocument["content"] {
  if (text != null) return { kind: "text", text };
  if (html != null) return { kind: "html", html };
  return { kind: "file", mediaType: mediaType ?? "text/plain", bytes: Buffer.from(encoded ?? "", "base64") };
}
