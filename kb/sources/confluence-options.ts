import { z } from "zod";
import { oneOrMany } from "./vendor-record.js";
import type { RecordRules } from "./vendor-record.js";

/** Which pages of a site are read. Empty lists leave nothing out. */
export interface ConfluenceOptions {
  /** Keys; empty for all that the account sees, but personal ones. */
  readonly spaces: readonly string[];
  /** A page with one of them is enough. */
  readonly labels: readonly string[];
}

const key = z
  .string()
  .regex(/^~?[A-Za-z0-9_.-]{1,255}$/u, "is the key of a space, as it stands in its address after /spaces/");
const label = z
  .string()
  .regex(/^[^\s"\\]{1,255}$/u, "is a label, without spaces")
  .transform((name) => name.toLowerCase());

const optionsSchema = z.strictObject({
  spaces: oneOrMany(key).default([]),
  labels: oneOrMany(label).default([]),
});

const SITE = /^https:\/\/[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.atlassian\.net(?:\/wiki)?\/?$/u;

export const confluenceRules: RecordRules<ConfluenceOptions> = {
  options: optionsSchema,
  known: Object.keys(optionsSchema.shape),
  problemOfLocation: (location) =>
    SITE.test(location) ? null : "is https://SITE.atlassian.net/wiki, the address of a Confluence Cloud site",
  secret: {
    form: /^[^\s:@]+@[^\s:@]+:[\x21-\x7e]+$/u,
    advice: "It is EMAIL:API_TOKEN, with a token without scopes from id.atlassian.com.",
  },
};
