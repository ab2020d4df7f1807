import { webApi } from "@slack/bolt";
import { ChatPlatformError, type ChatFailure } from "../../src/ports/chat.js";
import { errorCode } from "../../src/ports/errors.js";

// Only what is acted on differently is listed: Slack may add more at any time, and everything else is `rejected`.
const FAILURES: ReadonlyMap<string, ChatFailure> = new Map<string, ChatFailure>([
  ["not_authed", "auth"],
  ["invalid_auth", "auth"],
  ["account_inactive", "auth"],
  ["token_revoked", "auth"],
  ["token_expired", "auth"],
  ["missing_scope", "forbidden"],
  ["not_in_channel", "forbidden"],
  ["is_archived", "forbidden"],
  ["no_permission", "forbidden"],
  ["access_denied", "forbidden"],
  ["restricted_action", "forbidden"],
  ["cant_update_message", "forbidden"],
  ["cant_delete_message", "forbidden"],
  ["edit_window_closed", "forbidden"],
  ["messages_tab_disabled", "forbidden"],
  ["message_not_found", "not-found"],
  ["thread_not_found", "not-found"],
  ["channel_not_found", "not-found"],
  ["user_not_found", "not-found"],
  ["file_not_found", "not-found"],
  ["file_deleted", "not-found"],
  ["ratelimited", "rate-limited"],
  ["rate_limited", "rate-limited"],
  // A stream that somebody else is still closing.
  ["streaming_state_conflict", "rate-limited"],
  ["internal_error", "unreachable"],
  ["fatal_error", "unreachable"],
  ["service_unavailable", "unreachable"],
  ["request_timeout", "unreachable"],
]);

/** The only place that knows what Slack's errors look like. */
export function toChatPlatformError(error: unknown, operation: string): ChatPlatformError {
  if (error instanceof ChatPlatformError) return error;
  const cause = { cause: error };
  if (error instanceof webApi.WebAPIRateLimitedError) {
    return new ChatPlatformError("rate-limited", operation, { ...cause, retryAfterMs: error.retryAfter * 1_000 });
  }
  if (error instanceof webApi.WebAPIPlatformError) {
    return new ChatPlatformError(FAILURES.get(error.data.error) ?? "rejected", operation, cause);
  }
  if (error instanceof webApi.WebAPIHTTPError && error.statusCode < 500) {
    return new ChatPlatformError("rejected", operation, cause);
  }
  return new ChatPlatformError("unreachable", operation, cause);
}

/** Slack's own word for what went wrong, for example `message_not_in_streaming_state`; null when it gave none. */
export function slackErrorCode(error: unknown): string | null {
  if (error instanceof webApi.WebAPIPlatformError) return error.data.error;
  return error instanceof ChatPlatformError ? slackErrorCode(error.cause) : null;
}

/** For the log: Slack's own word where there is one, for it says what to correct. */
export function loggedCode(error: unknown): string {
  return slackErrorCode(error) ?? errorCode(error);
}

/** Slack said no to the bot's token. The message is for whoever starts Deskhand. */
export class BotTokenRefusedError extends ChatPlatformError {
  /** @param slackCode Slack's own word, for example `invalid_auth` */
  constructor(refusal: ChatPlatformError, slackCode: string) {
    super(refusal.failure, "auth.test", { cause: refusal.cause });
    this.message = `Slack refused the bot token (${slackCode}): check SLACK_BOT_TOKEN`;
  }
}
