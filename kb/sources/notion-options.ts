import { z } from "zod";
import { shortDigest } from "./short-digest.js";
import { oneOrMany } from "./vendor-record.js";
import type { RecordRules } from "./vendor-record.js";

/** What is read of all that is shared with the integration. Both empty: everything. */
export interface NotionOptions {
  /** Ids without dashes, of pages that are read with all that lies below them. */
  readonly pages: readonly string[];
  /** Ids without dashes, of databases or of their data sources, whose rows are read with all that lies below them. */
  readonly databases: readonly string[];
}

const ID = /([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})(?:[?#].*)?$/iu;

const id = z
  .string()
  .regex(ID, "is an id of 32 hexadecimal digits, or an address that ends with it")
  .transform((text) => plainId(ID.exec(text)?.[1] ?? ""));

const optionsSchema = z.strictObject({ pages: oneOrMany(id).default([]), databases: oneOrMany(id).default([]) });

export const notionRules: RecordRules<NotionOptions> = {
  options: optionsSchema,
  known: Object.keys(optionsSchema.shape),
  problemOfLocation: (location) =>
    /^[^\p{Cc}]{1,500}$/u.test(location) ? null : "is a name for the workspace, of your own choice",
  secret: {
    form: /^[\x21-\x39\x3b-\x7e]{10,500}$/u,
    advice: "It is the internal integration secret, which begins with ntn_ or secret_.",
  },
};

/** Ids are told with dashes and without. */
export function plainId(text: string): string {
  return text.replaceAll("-", "").toLowerCase();
}

export function settingsOf(options: NotionOptions): string {
  return shortDigest([options.pages, options.databases]);
}
