import { webApi } from "@slack/bolt";
import type { z } from "zod";
import { ChatPlatformError } from "../../src/ports/chat.js";
import type { Logger } from "../../src/ports/logger.js";
import { orAbort } from "../../src/ports/or-abort.js";
import { createBoltLogger } from "./bolt-logger.js";
import { toChatPlatformError } from "./slack-errors.js";

/** Slack's client options for everything we call: nothing is repeated and nothing waits, for the sender does both. */
export function webClientOptions(apiUrl: string | undefined, logger: Logger): webApi.WebClientOptions {
  return {
    timeout: 8_000,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: createBoltLogger(logger),
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
  };
}

/** One call of a Web API method. */
export type SlackCall = <T>(
  method: string,
  args: Readonly<Record<string, unknown>>,
  schema: z.ZodType<T>,
  signal: AbortSignal,
) => Promise<T>;

/** Calls Slack with the bot's token. @throws {ChatPlatformError} for whatever Slack refuses, or what cannot be read. */
export function createSlackCall(botToken: string, apiUrl: string | undefined, logger: Logger): SlackCall {
  const client = new webApi.WebClient(botToken, webClientOptions(apiUrl, logger));
  return async (method, args, schema, signal) => {
    signal.throwIfAborted();
    const calling = client.apiCall(method, { ...args }).catch((error: unknown) => {
      throw toChatPlatformError(error, method);
    });
    const parsed = schema.safeParse(await orAbort(calling, signal));
    // Slack did it and said so in a way that cannot be read: where it stands is not known.
    if (!parsed.success) throw new ChatPlatformError("unreachable", method, { cause: parsed.error });
    return parsed.data;
  };
}
