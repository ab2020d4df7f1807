import { VALID_VIEW, type Scene } from "./valid-calls.js";

export const section = (length: number): unknown => ({
  type: "section",
  text: { type: "mrkdwn", text: "x".repeat(length) },
});
const markdown = (length: number): unknown => ({ type: "markdown", text: "x".repeat(length) });

export const metadataWith = (payload: unknown): unknown => ({ event_type: "answered", event_payload: payload });

export interface Rejection {
  readonly rule: string;
  readonly method: string;
  /** What is different from a valid call; undefined leaves an argument out. */
  readonly change: (scene: Scene) => Readonly<Record<string, unknown>>;
  readonly error: string;
}

const POST = "chat.postMessage";
const START = "chat.startStream";
const APPEND = "chat.appendStream";
const STOP = "chat.stopStream";

/** One row for each rule beyond the arguments themselves. */
export const REJECTIONS: readonly Rejection[] = [
  {
    rule: "a channel that does not exist",
    method: POST,
    change: () => ({ channel: "C0NOWHERE" }),
    error: "channel_not_found",
  },
  { rule: "a channel by name", method: POST, change: () => ({ channel: "#general" }), error: "channel_not_found" },
  {
    rule: "a channel the app was not invited to",
    method: POST,
    change: () => ({ channel: "C0WITHOUT", thread_ts: undefined }),
    error: "not_in_channel",
  },
  {
    rule: "a private channel without the app",
    method: POST,
    change: () => ({ channel: "C0SECRET", thread_ts: undefined }),
    error: "channel_not_found",
  },
  {
    rule: "an archived channel",
    method: POST,
    change: () => ({ channel: "C0OLD", thread_ts: undefined }),
    error: "is_archived",
  },
  {
    rule: "a thread that is no timestamp",
    method: POST,
    change: () => ({ thread_ts: "0" }),
    error: "invalid_thread_ts",
  },
  {
    rule: "a thread that is not there",
    method: POST,
    change: () => ({ thread_ts: "1700000000.000100" }),
    error: "thread_not_found",
  },
  {
    rule: "a reply taken for a thread",
    method: POST,
    change: ({ reply }) => ({ thread_ts: reply }),
    error: "cannot_reply_to_message",
  },
  { rule: "a message without words", method: POST, change: () => ({ text: undefined }), error: "no_text" },
  {
    rule: "Markdown beside text",
    method: POST,
    change: () => ({ markdown_text: "nine" }),
    error: "markdown_text_conflict",
  },
  {
    rule: "more than 12,000 characters of Markdown",
    method: POST,
    change: () => ({ text: undefined, markdown_text: "x".repeat(12_001) }),
    error: "msg_too_long",
  },
  {
    rule: "more than 50 blocks",
    method: POST,
    change: () => ({ blocks: Array.from({ length: 51 }, () => ({ type: "divider" })) }),
    error: "invalid_blocks",
  },
  {
    rule: "more than 13,200 characters in all blocks",
    method: POST,
    change: () => ({ blocks: [...Array.from({ length: 4 }, () => section(3_000)), section(1_201)] }),
    error: "msg_blocks_too_long",
  },
  {
    rule: "more than 12,000 characters in Markdown blocks",
    method: POST,
    change: () => ({ blocks: [markdown(6_001), markdown(6_000)] }),
    error: "invalid_blocks",
  },
  {
    rule: "metadata without a payload",
    method: POST,
    change: () => ({ metadata: { event_type: "a" } }),
    error: "invalid_metadata_format",
  },
  {
    rule: "metadata with a field of its own",
    method: POST,
    change: () => ({ metadata: { event_type: "a", event_payload: {}, more: 1 } }),
    error: "invalid_metadata_format",
  },
  {
    rule: "metadata that nests deeply",
    method: POST,
    change: () => ({ metadata: metadataWith({ a: { b: { c: 1 } } }) }),
    error: "invalid_metadata_schema",
  },
  {
    rule: "metadata that is too large",
    method: POST,
    change: () => ({ metadata: metadataWith({ a: "x".repeat(9_000) }) }),
    error: "metadata_too_large",
  },
  {
    rule: "a reader who is not in the channel",
    method: "chat.postEphemeral",
    change: () => ({ user: "U0EVE" }),
    error: "user_not_in_channel",
  },
  {
    rule: "a message that is gone",
    method: "chat.update",
    change: () => ({ ts: "1700000000.000100" }),
    error: "message_not_found",
  },
  {
    rule: "somebody else's message",
    method: "chat.update",
    change: ({ root }) => ({ ts: root }),
    error: "cant_update_message",
  },
  {
    rule: "more than 4,000 characters in an edit",
    method: "chat.update",
    change: () => ({ text: "x".repeat(4_001) }),
    error: "msg_too_long",
  },
  { rule: "an edit without words", method: "chat.update", change: () => ({ text: undefined }), error: "no_text" },
  {
    rule: "an edit while it is written",
    method: "chat.update",
    change: ({ stream }) => ({ ts: stream }),
    error: "streaming_state_conflict",
  },
  {
    rule: "a message that is gone",
    method: "chat.delete",
    change: () => ({ ts: "1700000000.000100" }),
    error: "message_not_found",
  },
  {
    rule: "somebody else's message",
    method: "chat.delete",
    change: ({ root }) => ({ ts: root }),
    error: "cant_delete_message",
  },
  {
    rule: "no recipient's workspace",
    method: START,
    change: () => ({ recipient_team_id: undefined }),
    error: "missing_recipient_team_id",
  },
  {
    rule: "no recipient",
    method: START,
    change: () => ({ recipient_user_id: undefined }),
    error: "missing_recipient_user_id",
  },
  {
    rule: "a recipient who does not exist",
    method: START,
    change: () => ({ recipient_user_id: "U0NOBODY" }),
    error: "user_not_found",
  },
  {
    rule: "a recipient of another workspace",
    method: START,
    change: () => ({ recipient_user_id: "U0EVE" }),
    error: "team_not_found",
  },
  {
    rule: "an unknown way to show tasks",
    method: START,
    change: () => ({ task_display_mode: "grid" }),
    error: "invalid_arguments",
  },
  {
    rule: "a thread that is not there",
    method: START,
    change: () => ({ thread_ts: "1700000000.000100" }),
    error: "thread_not_found",
  },
  { rule: "nothing to append", method: APPEND, change: () => ({ markdown_text: undefined }), error: "no_text" },
  {
    rule: "a message that is not written",
    method: APPEND,
    change: ({ answer }) => ({ ts: answer }),
    error: "message_not_in_streaming_state",
  },
  {
    rule: "somebody else's message",
    method: APPEND,
    change: ({ root }) => ({ ts: root }),
    error: "message_not_owned_by_app",
  },
  {
    rule: "a message that is gone",
    method: APPEND,
    change: () => ({ ts: "1700000000.000100" }),
    error: "message_not_found",
  },
  {
    rule: "more than 12,000 characters at once",
    method: APPEND,
    change: () => ({ markdown_text: "x".repeat(12_001) }),
    error: "msg_too_long",
  },
  {
    rule: "an unknown kind of chunk",
    method: APPEND,
    change: () => ({ chunks: [{ type: "song" }] }),
    error: "invalid_chunks",
  },
  {
    rule: "an unknown field of a chunk",
    method: APPEND,
    change: () => ({ chunks: [{ type: "markdown_text", text: "a", colour: "blue" }] }),
    error: "invalid_chunks",
  },
  {
    rule: "more than 50 blocks at the end",
    method: STOP,
    change: () => ({ blocks: Array.from({ length: 51 }, () => ({ type: "divider" })) }),
    error: "msg_blocks_too_many",
  },
  {
    rule: "too much text in all",
    method: STOP,
    change: () => ({ markdown_text: "x".repeat(11_000), blocks: [section(2_201)] }),
    error: "msg_blocks_too_long",
  },
  {
    rule: "invalid blocks at the end",
    method: STOP,
    change: () => ({ blocks: [{ type: "song" }] }),
    error: "invalid_blocks",
  },
  {
    rule: "invalid metadata at the end",
    method: STOP,
    change: () => ({ metadata: {} }),
    error: "invalid_metadata_format",
  },
  {
    rule: "nobody to talk to",
    method: "conversations.open",
    change: () => ({ users: undefined }),
    error: "users_list_not_supplied",
  },
  {
    rule: "a person who does not exist",
    method: "conversations.open",
    change: () => ({ users: "U0NOBODY" }),
    error: "user_not_found",
  },
  {
    rule: "a person who left",
    method: "conversations.open",
    change: () => ({ users: "U0GONE" }),
    error: "user_disabled",
  },
  {
    rule: "a group of people",
    method: "conversations.open",
    change: () => ({ users: "U0ANNA,U0BEN" }),
    error: "invalid_arguments",
  },
  {
    rule: "a channel that is no direct conversation",
    method: "conversations.open",
    change: () => ({ users: undefined, channel: "C0GENERAL" }),
    error: "method_not_supported_for_channel_type",
  },
  {
    rule: "a channel that does not exist",
    method: "conversations.info",
    change: () => ({ channel: "C0NOWHERE" }),
    error: "channel_not_found",
  },
  {
    rule: "a channel the app was not invited to",
    method: "conversations.history",
    change: () => ({ channel: "C0WITHOUT" }),
    error: "not_in_channel",
  },
  {
    rule: "a cursor it did not give",
    method: "conversations.history",
    change: () => ({ cursor: "next" }),
    error: "invalid_cursor",
  },
  {
    rule: "an end that is no time",
    method: "conversations.history",
    change: () => ({ latest: "now" }),
    error: "invalid_ts_latest",
  },
  {
    rule: "a start that is no time",
    method: "conversations.history",
    change: () => ({ oldest: "now" }),
    error: "invalid_ts_oldest",
  },
  {
    rule: "a thread that is not there",
    method: "conversations.replies",
    change: () => ({ ts: "1700000000.000100" }),
    error: "thread_not_found",
  },
  {
    rule: "the presence of a person who does not exist",
    method: "users.getPresence",
    change: () => ({ user: "U0NOBODY" }),
    error: "user_not_found",
  },
  {
    rule: "a person who does not exist",
    method: "users.info",
    change: () => ({ user: "U0NOBODY" }),
    error: "user_not_found",
  },
  {
    rule: "a trigger it did not give",
    method: "views.open",
    change: () => ({ trigger_id: "1.2.3" }),
    error: "invalid_trigger_id",
  },
  {
    rule: "a view of more than 250 KB",
    method: "views.open",
    change: () => ({ view: { ...VALID_VIEW, private_metadata: "x".repeat(250_001) } }),
    error: "view_too_large",
  },
  {
    rule: "a view with an input and nothing to send it with",
    method: "views.open",
    change: () => ({ view: { ...VALID_VIEW, submit: undefined } }),
    error: "invalid_arguments",
  },
  {
    rule: "a thread that is not there",
    method: "assistant.threads.setStatus",
    change: () => ({ thread_ts: "1700000000.000100" }),
    error: "invalid_thread_ts",
  },
  {
    rule: "more than ten loading messages",
    method: "assistant.threads.setStatus",
    change: () => ({ loading_messages: Array.from({ length: 11 }, () => "soon") }),
    error: "invalid_arguments",
  },
  {
    rule: "a time that is none",
    method: "reactions.add",
    change: () => ({ timestamp: "now" }),
    error: "bad_timestamp",
  },
  {
    rule: "a message that is gone",
    method: "reactions.add",
    change: () => ({ timestamp: "1700000000.000100" }),
    error: "message_not_found",
  },
  { rule: "a name with colons", method: "reactions.add", change: () => ({ name: ":eyes:" }), error: "invalid_name" },
];
