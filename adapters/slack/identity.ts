import { z } from "zod";
import { ChatPlatformError } from "../../src/ports/chat.js";
import { BotTokenRefusedError, slackErrorCode } from "./slack-errors.js";
import type { SlackCall } from "./slack-api.js";

/** Who the bot is in its workspace, and which installation that workspace is to us. */
export interface SlackIdentity {
  readonly teamId: string;
  readonly botUserId: string;
  readonly botId: string | null;
  readonly installationId: string;
}

export interface IdentityReader {
  /** Null until Slack has told us once. */
  readonly current: SlackIdentity | null;
  /**
   * Asks where it is not known.
   * @throws {BotTokenRefusedError} when Slack refuses the token.
   * @throws {ChatPlatformError} when Slack cannot be reached.
   */
  get(signal: AbortSignal): Promise<SlackIdentity>;
}

const authSchema = z.object({ team_id: z.string(), user_id: z.string(), bot_id: z.string().nullish() });

export function createIdentityReader(
  call: SlackCall,
  installation: (teamId: string) => Promise<{ readonly id: string }>,
): IdentityReader {
  let current: SlackIdentity | null = null;
  return {
    get current() {
      return current;
    },
    async get(signal) {
      if (current !== null) return current;
      const auth = await call("auth.test", {}, authSchema, signal).catch(throwNamingToken);
      const { id } = await installation(auth.team_id);
      current = { teamId: auth.team_id, botUserId: auth.user_id, botId: auth.bot_id ?? null, installationId: id };
      return current;
    },
  };
}

function throwNamingToken(error: unknown): never {
  const slackCode = slackErrorCode(error);
  if (slackCode === null || !(error instanceof ChatPlatformError) || error.isRetryable) throw error;
  throw new BotTokenRefusedError(error, slackCode);
}
