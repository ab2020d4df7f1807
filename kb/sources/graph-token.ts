import { z } from "zod";
import type { Clock } from "../../src/ports/clock.js";
import { createJsonApi } from "./json-api.js";
import type { SafeFetch } from "./safe-fetch.js";
import type { Cloud } from "./sharepoint-options.js";

const EARLY_MS = 300_000;

/** Gives an access token that is good for some minutes still. @throws {SourceError} */
export type GraphToken = (signal: AbortSignal) => Promise<string>;

const schema = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number() });

const ADVICE = {
  unauthorized: "Set the secret of the source to tenantId:clientId:clientSecret; the client secret may have expired.",
  forbidden: "Ask an administrator whether the app may sign in from here.",
};

/** Signs the app in by its own secret. @param secret tenantId:clientId:clientSecret */
export function createGraphToken({ graph, login }: Cloud, secret: string, fetch: SafeFetch, clock: Clock): GraphToken {
  const [tenant = "", clientId = "", ...rest] = secret.split(":");
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: rest.join(":"),
    scope: `${graph}/.default`,
  });
  const api = createJsonApi({
    vendor: "Microsoft Entra",
    origin: login,
    headers: {},
    async fetch(url, options, signal) {
      const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
      const response = await fetch(url, { ...options, headers, body: form.toString() }, signal);
      // A wrong tenant, client or secret is told with either status.
      return response.status === 400 ? { ...response, status: 401 } : response;
    },
    advice: ADVICE,
  });
  let held: { readonly token: string; readonly goodUntil: number } | null = null;
  return async (signal) => {
    const now = clock.now().getTime();
    if (held === null || held.goodUntil <= now) {
      const answer = await api.get({ path: `/${tenant}/oauth2/v2.0/token`, body: {} }, schema, signal);
      held = { token: answer.access_token, goodUntil: now + answer.expires_in * 1_000 - EARLY_MS };
    }
    return held.token;
  };
}
