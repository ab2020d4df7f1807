import { z } from "zod";
import { shortDigest } from "./short-digest.js";
import type { SourceRecord } from "./source-kind.js";
import { oneOrMany } from "./vendor-record.js";
import type { RecordRules } from "./vendor-record.js";

/** Which threads of a Slack workspace are read, and how hard Slack is asked. */
export interface SlackOptions {
  /** Ids of channels, besides those of the location. */
  readonly channels: readonly string[];
  /** Names of the reactions that accept an answer, without colons. */
  readonly accepted: readonly string[];
  /** User ids of those who may accept an answer besides who asked. */
  readonly experts: readonly string[];
  /** How far before the newest message each listing begins. */
  readonly days: number;
  /** After how many days everything is looked at again. */
  readonly wholeEveryDays: number;
  readonly allowPrivate: boolean;
  readonly requestsPerMinute: number;
  /** Whether the workspace is one of GovSlack. */
  readonly govSlack: boolean;
}

const MAX_CHANNELS = 50;
const CHANNEL_ID = /^[CG][A-Z0-9]{5,20}$/u;
const channel = z.string().regex(CHANNEL_ID, "is the id of a channel, for example C024BE7LR");
const reaction = z.string().regex(/^[a-z0-9_'+-]+$/u, "is the name of a reaction without colons");
const member = z.string().regex(/^[UW][A-Z0-9]{3,20}$/u, "is the id of a member, for example U024BE7LH");

function wholeNumber(least: number, most: number) {
  const range = `is a whole number from ${least} to ${most}`;
  return z.int(range).min(least, range).max(most, range);
}

const yesOrNo = z.boolean("is true or false");

const optionsSchema = z.strictObject({
  channels: oneOrMany(channel, MAX_CHANNELS).default([]),
  accepted: oneOrMany(reaction, 20).default(["white_check_mark", "heavy_check_mark"]),
  experts: oneOrMany(member, 500).default([]),
  days: wholeNumber(1, 365).default(30),
  wholeEveryDays: wholeNumber(1, 365).default(7),
  allowPrivate: yesOrNo.default(false),
  requestsPerMinute: wholeNumber(1, 600).default(50),
  govSlack: yesOrNo.default(false),
});

/** What a source is said to be at where its channels are in its options. */
const NO_LOCATION = "slack";

export function slackRulesFor({ options = {} }: SourceRecord): RecordRules<SlackOptions> {
  const namesChannels = Object.hasOwn(options, "channels");
  return {
    options: optionsSchema,
    known: Object.keys(optionsSchema.shape),
    problemOfLocation: (location) => (location === NO_LOCATION && namesChannels ? null : problemOf(location)),
    secret: {
      form: /^(?:xoxe\.)?xoxb-[A-Za-z0-9-]+$/u,
      advice: "It is the bot token of your Slack app (xoxb-…), from OAuth & Permissions.",
    },
  };
}

function problemOf(location: string): string | null {
  const ids = splitLocation(location);
  const wrong = ids.filter((id) => !CHANNEL_ID.test(id));
  const advice = "is ids of channels with commas between them, as Slack shows them at the end of a channel's details";
  if (ids.length === 0 || location === NO_LOCATION) return `${advice}; in deskhand.yaml they are the option channels`;
  if (wrong.length > 0) return `${advice}, and not ${wrong.join(", ").slice(0, 200)}`;
  return ids.length > MAX_CHANNELS ? `has more than ${MAX_CHANNELS} channels; add a second source` : null;
}

function splitLocation(location: string): readonly string[] {
  const ids = location === NO_LOCATION ? [] : location.split(",").map((part) => part.trim());
  return ids.filter((id) => id !== "");
}

export function channelsOf(location: string, { channels }: SlackOptions): readonly string[] {
  return [...new Set([...splitLocation(location), ...channels])];
}

/** Changes with all that decides which threads become documents. */
export function settingsOf(location: string, options: SlackOptions): string {
  const { accepted, experts, days } = options;
  return shortDigest([channelsOf(location, options), accepted, experts, days]);
}
