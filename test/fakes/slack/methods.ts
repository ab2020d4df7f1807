import type { ChannelKind } from "./model.js";

export type ArgumentType = "string" | "boolean" | "number" | "integer" | "array" | "object";

/** `message` is the special limit of one post a second and channel. */
export type RateTier = 2 | 3 | 4 | "message" | "unlimited";

export type ScopeRule =
  | { readonly kind: "none" }
  | { readonly kind: "bot"; readonly scope: string }
  | { readonly kind: "app"; readonly scope: string }
  | { readonly kind: "by-channel"; readonly scopes: Readonly<Record<ChannelKind, string>> };

export interface MethodContract {
  /** A type, with `!` where the argument is required. */
  readonly args: Readonly<Record<string, ArgumentType | `${ArgumentType}!`>>;
  readonly scope: ScopeRule;
  readonly tier: RateTier;
}

const chatWrite: ScopeRule = { kind: "bot", scope: "chat:write" };

const content = { text: "string", blocks: "array", markdown_text: "string" } as const;
const authorship = { username: "string", icon_emoji: "string", icon_url: "string" } as const;
const paging = {
  cursor: "string",
  inclusive: "boolean",
  latest: "string",
  oldest: "string",
  limit: "number",
  include_all_metadata: "boolean",
} as const;

function byChannel(right: "history" | "read"): ScopeRule {
  return {
    kind: "by-channel",
    scopes: { public: `channels:${right}`, private: `groups:${right}`, im: `im:${right}` },
  };
}

/** What each method takes. An argument that is not here is refused, also where Slack would ignore it. */
export const METHODS: Readonly<Record<string, MethodContract>> = {
  "auth.test": { args: {}, scope: { kind: "none" }, tier: "unlimited" },
  "chat.postMessage": {
    args: {
      channel: "string!",
      ...content,
      ...authorship,
      thread_ts: "string",
      reply_broadcast: "boolean",
      metadata: "object",
      mrkdwn: "boolean",
      parse: "string",
      link_names: "boolean",
      unfurl_links: "boolean",
      unfurl_media: "boolean",
    },
    scope: chatWrite,
    tier: "message",
  },
  "chat.postEphemeral": {
    args: {
      channel: "string!",
      user: "string!",
      ...content,
      ...authorship,
      thread_ts: "string",
      parse: "string",
      link_names: "boolean",
    },
    scope: chatWrite,
    tier: 4,
  },
  "chat.update": {
    args: { channel: "string!", ts: "string!", ...content, metadata: "object", parse: "string", link_names: "boolean" },
    scope: chatWrite,
    tier: 3,
  },
  "chat.delete": { args: { channel: "string!", ts: "string!" }, scope: chatWrite, tier: 3 },
  "chat.startStream": {
    args: {
      channel: "string!",
      thread_ts: "string!",
      markdown_text: "string",
      chunks: "array",
      recipient_team_id: "string",
      recipient_user_id: "string",
      task_display_mode: "string",
      ...authorship,
    },
    scope: chatWrite,
    tier: 2,
  },
  "chat.appendStream": {
    args: { channel: "string!", ts: "string!", markdown_text: "string", chunks: "array" },
    scope: chatWrite,
    tier: 4,
  },
  "chat.stopStream": {
    args: {
      channel: "string!",
      ts: "string!",
      markdown_text: "string",
      chunks: "array",
      blocks: "array",
      metadata: "object",
      session_status: "string",
    },
    scope: chatWrite,
    tier: 2,
  },
  "conversations.open": {
    args: { users: "string", channel: "string", return_im: "boolean", prevent_creation: "boolean" },
    scope: { kind: "bot", scope: "im:write" },
    tier: 3,
  },
  "conversations.info": {
    args: { channel: "string!", include_locale: "boolean", include_num_members: "boolean" },
    scope: byChannel("read"),
    tier: 3,
  },
  "conversations.history": { args: { channel: "string!", ...paging }, scope: byChannel("history"), tier: 3 },
  "conversations.replies": {
    args: { channel: "string!", ts: "string!", ...paging },
    scope: byChannel("history"),
    tier: 3,
  },
  "users.info": {
    args: { user: "string!", include_locale: "boolean" },
    scope: { kind: "bot", scope: "users:read" },
    tier: 4,
  },
  "users.getPresence": { args: { user: "string" }, scope: { kind: "bot", scope: "users:read" }, tier: 3 },
  "views.open": { args: { trigger_id: "string!", view: "object!" }, scope: { kind: "none" }, tier: 4 },
  "assistant.threads.setStatus": {
    args: { channel_id: "string!", thread_ts: "string!", status: "string!", loading_messages: "array", ...authorship },
    scope: chatWrite,
    tier: "unlimited",
  },
  "apps.connections.open": { args: {}, scope: { kind: "app", scope: "connections:write" }, tier: 3 },
  "files.getUploadURLExternal": {
    args: { filename: "string!", length: "integer!", alt_txt: "string", snippet_type: "string" },
    scope: { kind: "bot", scope: "files:write" },
    tier: 4,
  },
  "files.completeUploadExternal": {
    args: {
      files: "array!",
      channel_id: "string",
      channels: "string",
      thread_ts: "string",
      initial_comment: "string",
      blocks: "string",
    },
    scope: { kind: "bot", scope: "files:write" },
    tier: 4,
  },
  "files.info": {
    args: { file: "string!", cursor: "string", limit: "integer" },
    scope: { kind: "bot", scope: "files:read" },
    tier: 4,
  },
  "files.delete": { args: { file: "string!" }, scope: { kind: "bot", scope: "files:write" }, tier: 3 },
  "reactions.add": {
    args: { channel: "string!", name: "string!", timestamp: "string!" },
    scope: { kind: "bot", scope: "reactions:write" },
    tier: 3,
  },
};
