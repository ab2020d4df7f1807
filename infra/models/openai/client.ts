import { OpenAI } from "openai";

/** Where an OpenAI-compatible API is. */
export interface OpenAiEndpoint {
  /** Sent as a bearer token. An endpoint that asks for none still needs a word here. */
  readonly apiKey: string;
  /** Ends in `/v1` for nearly every endpoint; null for OpenAI itself. */
  readonly baseUrl: string | null;
}

const OPENAI_URL = "https://api.openai.com/v1";

/**
 * A client that reads nothing from the environment, logs nothing (its debug log holds what people wrote) and retries
 * nothing: retries and time limits are ours.
 */
export function createClient({ apiKey, baseUrl }: OpenAiEndpoint): OpenAI {
  return new OpenAI({
    apiKey,
    baseURL: baseUrl ?? OPENAI_URL,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: "off",
  });
}
