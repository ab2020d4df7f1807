import { z } from "zod";
import { createJsonApi, readPages } from "./json-api.js";
import type { JsonApi } from "./json-api.js";
import type { SafeFetch } from "./safe-fetch.js";
import { SourceError } from "./source.js";

const VENDOR = "Slack";
const MINUTE_MS = 60_000;
/** Slack asks for no more than 200 at a time, and may give fewer. */
const PAGE_SIZE = 200;

export interface SlackIdentity {
  /** For example `https://acme.slack.com/`. */
  readonly teamUrl: string;
  readonly botUserId: string;
}

export interface SlackChannel {
  readonly id: string;
  readonly isMember: boolean;
  /** Not all of the workspace, or more than the workspace, may read it. */
  readonly isRestricted: boolean;
}

export interface SlackMessage {
  readonly ts: string;
  readonly threadTs: string | null;
  /** Null where no member wrote it. */
  readonly user: string | null;
  readonly isFromBot: boolean;
  readonly subtype: string | null;
  readonly text: string;
  readonly editedTs: string | null;
  readonly replyCount: number;
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
}

/** What is read of Slack's Web API. Every method throws {@link SourceError}. */
export interface SlackApi {
  identity(signal: AbortSignal): Promise<SlackIdentity>;
  channel(id: string, signal: AbortSignal): Promise<SlackChannel>;
  /** What was written into the channel itself, page by page. @param oldest a message's id, from which on; null for all */
  history(channel: string, oldest: string | null, signal: AbortSignal): AsyncGenerator<readonly SlackMessage[]>;
  /** A message with its replies; empty when it is gone. @throws {ThreadTooLarge} */
  thread(channel: string, ts: string, signal: AbortSignal): Promise<readonly SlackMessage[]>;
  /** What a member is called; empty for somebody who is not known. */
  namesOf(user: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** One thread holds more than may be kept of it in memory. */
export class ThreadTooLarge extends SourceError {}

export interface SlackApiSettings {
  readonly fetch: SafeFetch;
  readonly token: string;
  readonly requestsPerMinute: number;
  readonly isGovSlack: boolean;
  readonly maxThreadBytes: number;
}

const text = z.string().nullish();
const identitySchema = z.object({ url: z.url(), user_id: z.string() });
const channelSchema = z.object({
  channel: z.object({
    is_member: z.boolean().nullish(),
    is_channel: z.boolean().nullish(),
    is_private: z.boolean().nullish(),
    is_ext_shared: z.boolean().nullish(),
    is_pending_ext_shared: z.boolean().nullish(),
  }),
});
const messageSchema = z
  .object({
    ts: z.string(),
    thread_ts: text,
    user: text,
    bot_id: text,
    subtype: text,
    text: text,
    edited: z.object({ ts: z.string() }).nullish(),
    reply_count: z.number().nullish(),
    reactions: z.array(z.object({ name: z.string(), users: z.array(z.string()) })).nullish(),
  })
  .transform((message): SlackMessage => ({
    ts: message.ts,
    threadTs: message.thread_ts ?? null,
    user: message.user ?? null,
    isFromBot: (message.bot_id ?? "") !== "",
    subtype: message.subtype ?? null,
    text: message.text ?? "",
    editedTs: message.edited?.ts ?? null,
    replyCount: message.reply_count ?? 0,
    reactions: message.reactions ?? [],
  }));
const pageSchema = z.object({
  messages: z.array(messageSchema),
  response_metadata: z.object({ next_cursor: text }).nullish(),
});
const personSchema = z.object({
  user: z.object({
    name: text,
    real_name: text,
    profile: z.object({ real_name: text, display_name: text, first_name: text, last_name: text }).nullish(),
  }),
});

const ADVICE = {
  unauthorized:
    "Set the secret of the source to the bot token of the app, and install the app again if it was removed.",
  forbidden: "Ask an administrator of the workspace whether the app, or this network, is let in.",
};

export function createSlackApi(settings: SlackApiSettings): SlackApi {
  const { fetch, token, requestsPerMinute, isGovSlack, maxThreadBytes } = settings;
  const minGapMs = Math.floor(MINUTE_MS / requestsPerMinute);
  const api = createJsonApi({
    vendor: VENDOR,
    origin: isGovSlack ? "https://slack-gov.com" : "https://slack.com",
    headers: { authorization: `Bearer ${token}` },
    fetch: (url, options, signal) => fetch(url, { ...options, minGapMs }, signal),
    advice: ADVICE,
  });
  return {
    async identity(signal) {
      const { url, user_id: botUserId } = await call(api, "auth.test", {}, identitySchema, signal);
      return { teamUrl: url.replace(/\/*$/u, "/"), botUserId };
    },
    async channel(id, signal) {
      const { channel } = await call(api, "conversations.info", { channel: id }, channelSchema, signal);
      const isOpen = channel.is_channel === true && channel.is_private !== true;
      const isShared = channel.is_ext_shared === true || channel.is_pending_ext_shared === true;
      return { id, isMember: channel.is_member === true, isRestricted: !isOpen || isShared };
    },
    history(channel, oldest, signal) {
      const from: Arguments = oldest === null ? {} : { oldest, inclusive: "true" };
      return readMessages(api, "conversations.history", { channel, ...from }, signal);
    },
    async thread(channel, ts, signal) {
      const pages = readMessages(api, "conversations.replies", { channel, ts }, signal);
      return orWhenRefused(collect(pages, maxThreadBytes), GONE_THREAD, []);
    },
    async namesOf(user, signal) {
      return orWhenRefused(readNames(api, user, signal), UNKNOWN_PERSON, []);
    },
  };
}

type Arguments = Readonly<Record<string, string>>;

async function* readMessages(
  api: JsonApi,
  method: string,
  args: Arguments,
  signal: AbortSignal,
): AsyncGenerator<readonly SlackMessage[]> {
  const pages = readPages(VENDOR, "", async (cursor) => {
    const at: Arguments = cursor === "" ? {} : { cursor };
    const page = await call(api, method, { ...args, limit: String(PAGE_SIZE), ...at }, pageSchema, signal);
    const next = page.response_metadata?.next_cursor ?? "";
    return { page, next: next === "" ? null : next };
  });
  for await (const { messages } of pages) yield messages;
}

async function collect(
  pages: AsyncGenerator<readonly SlackMessage[]>,
  maxBytes: number,
): Promise<readonly SlackMessage[]> {
  const collected: SlackMessage[] = [];
  let bytes = 0;
  for await (const messages of pages) {
    for (const message of messages) {
      bytes += Buffer.byteLength(JSON.stringify(message));
      collected.push(message);
    }
    if (bytes > maxBytes) throw new ThreadTooLarge(`The thread holds more than ${maxBytes / 1_000_000} MB.`);
  }
  return collected;
}

async function readNames(api: JsonApi, user: string, signal: AbortSignal): Promise<readonly string[]> {
  const { user: person } = await call(api, "users.info", { user }, personSchema, signal);
  const { real_name: whole, display_name: shown, first_name: first, last_name: last } = person.profile ?? {};
  return [person.real_name, whole, shown, first, last, person.name].flatMap((name) => (name == null ? [] : [name]));
}

const GONE_THREAD: ReadonlySet<string> = new Set(["thread_not_found"]);
const UNKNOWN_PERSON: ReadonlySet<string> = new Set(["user_not_found", "user_not_visible"]);

/** Slack's own refusal of a call. */
class SlackRefusal extends SourceError {
  readonly slackCode: string;

  constructor(slackCode: string, message: string) {
    super(message);
    this.slackCode = slackCode;
  }
}

async function orWhenRefused<T>(answer: Promise<T>, codes: ReadonlySet<string>, instead: T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SlackRefusal && codes.has(error.slackCode)) return instead;
    throw error;
  }
}

const refusalSchema = z.object({ ok: z.literal(false), error: z.string(), needed: text });

async function call<T extends object>(
  api: JsonApi,
  method: string,
  args: Arguments,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  const path = `/api/${method}?${new URLSearchParams(args).toString()}`;
  const answer = await api.get({ path }, z.union([refusalSchema, schema]), signal);
  if (!isRefusal(answer)) return answer;
  throw toRefusal(answer, method, args["channel"] ?? null);
}

type Refused = z.infer<typeof refusalSchema>;

function isRefusal(answer: object): answer is Refused {
  return "ok" in answer && answer.ok === false;
}

/** The only place that knows what Slack's refusals mean. */
const MEANINGS: Readonly<Record<string, string>> = {
  invalid_auth: `Slack does not know the token. ${ADVICE.unauthorized}`,
  not_authed: `Slack got no token. ${ADVICE.unauthorized}`,
  token_revoked: `The token was revoked. ${ADVICE.unauthorized}`,
  token_expired: `The token has expired. Use an app without token rotation. ${ADVICE.unauthorized}`,
  account_inactive: `The app was removed from the workspace. ${ADVICE.unauthorized}`,
  not_in_channel: "The app is not in the channel. Write /invite and its name there.",
  channel_not_found:
    "There is no such channel, or it is private and the app is not in it. Check the id, and invite the app.",
  ratelimited: "Slack asks for fewer calls. Lower requestsPerMinute of this source.",
};

function toRefusal({ error: code, needed }: Refused, method: string, channel: string | null): SlackRefusal {
  const place = channel === null ? "" : `${channel}: `;
  const shown = /^[a-z_]{1,60}$/u.test(code) ? code : "for a reason that is not known";
  const meaning = Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
  const lacking = `The app lacks the scope ${needed ?? "for it"}. Add it under OAuth & Permissions, and install it again.`;
  const fact = code === "missing_scope" ? lacking : (meaning ?? `Slack refuses ${method} (${shown}).`);
  return new SlackRefusal(code, `${place}${fact} Nothing was changed.`);
}
