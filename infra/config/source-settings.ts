import { z } from "zod";
import { readLocation } from "../../src/commands/source-location.js";
import { SOURCE_KINDS, type SourceKind } from "../../src/ports/knowledge.js";
import { INTERVAL_RULE, parseInterval } from "./interval.js";

/** What says where a source of a kind is: its `path`, its `url`, either of them, a `url` if any, or neither. */
const PLACES: Readonly<Record<SourceKind, "path" | "url" | "either" | "url-if-any" | "none">> = {
  folder: "path",
  jsonl: "path",
  git: "either",
  web: "url",
  push: "none",
  entries: "none",
  zendesk: "url",
  confluence: "url",
  notion: "url-if-any",
  github: "url",
  sharepoint: "url",
  slack: "url-if-any",
};

export const audienceToken = z
  .string()
  .regex(/^[\w:.@-]{1,100}$/u, "must be letters, digits and : . @ - _, at most 100");

const place = z.string().min(1, "is empty").max(4_096);

const sourceShape = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/u, "must be lower-case letters, digits and dashes, at most 63")
    .describe("What the source is called in commands."),
  kind: z
    .enum(SOURCE_KINDS)
    .optional()
    .describe("What it is. Told from the path or the url when it is left out: folder, jsonl, git or web."),
  path: place.optional().describe("The folder or the .jsonl file, relative to the folder of this file."),
  url: place
    .refine((url) => readLocation(url).place === "address", "must be an http(s) address or a git address")
    .optional()
    .describe("The website, the repository or the service. Its secret is in the environment: SOURCE_<NAME>_SECRET."),
  options: z
    .record(z.string().min(1).max(100), z.json())
    .optional()
    .describe("What its kind can be told besides, for example `branch` of a repository."),
  audience: z
    .array(audienceToken)
    .min(1, "must name at least one audience")
    .default(["public"])
    .describe("Who may read its documents. Everybody has `public`."),
  every: z
    .string()
    .refine((text) => parseInterval(text) !== undefined, INTERVAL_RULE)
    .optional()
    .describe("How often it is synced, for example 15m, 6h or 1d. Left out or off: at a start and when asked for."),
  owner: z.string().min(1, "is empty").max(200).optional().describe("Whom to ask about its documents."),
});

type ListedSource = z.infer<typeof sourceShape>;

// Checked also where another key is wrong, so that every problem is named at once.
const always = { when: () => true };

/** One entry of `knowledge.sources`. */
export const sourceSchema = sourceShape
  .refine((source) => hasPlace(source) || !wants(source, "path"), { path: ["path"], message: "is needed", ...always })
  .refine((source) => hasPlace(source) || !wants(source, "url"), { path: ["url"], message: "is needed", ...always })
  .refine((source) => hasPlace(source) || !wants(source, "either"), {
    path: ["path"],
    message: "is needed, or else a url",
    ...always,
  })
  .refine((source) => source.path === undefined || source.url === undefined, {
    path: ["url"],
    message: "cannot be given together with a path: keep the one that is meant",
    ...always,
  })
  .refine((source) => source.path === undefined || !refuses(source, "path"), {
    path: ["path"],
    message: "is nothing for a source of this kind",
    ...always,
  })
  .refine((source) => source.url === undefined || !refuses(source, "url"), {
    path: ["url"],
    message: "is nothing for a source of this kind",
    ...always,
  })
  .describe("A place where documents lie.");

function hasPlace({ path, url }: ListedSource): boolean {
  return path !== undefined || url !== undefined;
}

/** Without a kind, the place tells it, so there must be one. */
function placeOf({ kind }: ListedSource): (typeof PLACES)[SourceKind] {
  return kind !== undefined && Object.hasOwn(PLACES, kind) ? PLACES[kind] : "either";
}

function wants(source: ListedSource, place: "path" | "url" | "either"): boolean {
  return placeOf(source) === place;
}

function refuses(source: ListedSource, place: "path" | "url"): boolean {
  const allowed = placeOf(source);
  if (allowed === "either") return false;
  return place === "path" ? allowed !== "path" : allowed === "path" || allowed === "none";
}
