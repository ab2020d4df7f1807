import { z } from "zod";
import { shortDigest } from "./short-digest.js";
import { oneOrMany } from "./vendor-record.js";
import type { RecordRules } from "./vendor-record.js";

/** Which articles of a help center are read. Empty lists leave nothing out. */
export interface ZendeskOptions {
  /** Empty: the default one of the help center. */
  readonly locales: readonly string[];
  readonly categories: readonly string[];
  /** Each with the sections below it. */
  readonly sections: readonly string[];
  /** An article with one of them is enough. */
  readonly labels: readonly string[];
}

const locale = z
  .string()
  .regex(/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/u, "is a locale as Zendesk writes it, for example en-us");
const id = z
  .union([z.int().min(1), z.string().regex(/^\d{1,18}$/u)], "is the number from the address of the category or section")
  .transform(String);
const label = z.string().min(1, "is empty").max(255, "is longer than 255 characters");

const optionsSchema = z.strictObject({
  locales: oneOrMany(locale, 50).default([]),
  categories: oneOrMany(id).default([]),
  sections: oneOrMany(id).default([]),
  labels: oneOrMany(label).default([]),
});

const SUBDOMAIN = /^https:\/\/[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.zendesk\.com\/?$/u;

export const zendeskRules: RecordRules<ZendeskOptions> = {
  options: optionsSchema,
  known: Object.keys(optionsSchema.shape),
  problemOfLocation: (location) =>
    SUBDOMAIN.test(location)
      ? null
      : "is https://SUBDOMAIN.zendesk.com, also where the help center is shown at an address of your own",
  secret: {
    form: /^(?:[^\s:@]+@[^\s:@]+\/token:[\x21-\x7e]+|[\x21-\x39\x3b-\x7e]+)$/u,
    advice: "It is EMAIL/token:API_TOKEN of an agent, or an OAuth access token, made in the Admin Center.",
  },
};

/** Changes with all that decides which articles are listed. */
export function settingsOf(location: string, options: ZendeskOptions): string {
  return shortDigest([location, options.locales, options.categories, options.sections, options.labels]);
}
