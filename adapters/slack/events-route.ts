import type { HTTPReceiver } from "@slack/bolt";
import { setTimeout as sleep } from "node:timers/promises";
import inject from "light-my-request";
import type { Clock } from "../../src/ports/clock.js";
import type { HttpRequest, HttpResponse, HttpRoute } from "../../src/ports/http.js";
import { BODY_LIMIT, carriesObject, plainContentType, refusalStatus } from "./inbound/request-guard.js";

export const EVENTS_PATH = "/slack/events";

/** Slack waits three seconds; told earlier that it did not work, it tries again. */
const ANSWER_WITHIN_MS = 2_500;

const SLACK_HEADERS = [
  "x-slack-signature",
  "x-slack-request-timestamp",
  "x-slack-retry-num",
  "x-slack-retry-reason",
] as const;

/** The one route for events, commands and buttons: guarded first, then Bolt's own receiver. */
export function eventsRoute(receiver: HTTPReceiver, signingSecret: string, clock: Clock): HttpRoute {
  return {
    method: "POST",
    path: EVENTS_PATH,
    bodyLimit: BODY_LIMIT,
    async handle(request) {
      const refused = refusalStatus(request, signingSecret, clock.now());
      if (refused !== null) return { status: refused };
      const contentType = plainContentType(request.headers["content-type"]);
      if (!carriesObject(contentType, request.body)) return { status: 400 };
      return throughBolt(receiver, request, contentType);
    },
  };
}

async function throughBolt(receiver: HTTPReceiver, request: HttpRequest, contentType: string): Promise<HttpResponse> {
  const late = new AbortController();
  try {
    return await Promise.race([
      injected(receiver, request, contentType),
      sleep(ANSWER_WITHIN_MS, { status: 503 }, { signal: late.signal }),
    ]);
  } finally {
    late.abort();
  }
}

async function injected(receiver: HTTPReceiver, request: HttpRequest, contentType: string): Promise<HttpResponse> {
  const headers: Record<string, string> = { "content-type": contentType };
  for (const name of SLACK_HEADERS) {
    const value = request.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  const response = await inject(receiver.requestListener, {
    method: "POST",
    url: EVENTS_PATH,
    headers,
    payload: request.body,
  });
  const answered = response.headers["content-type"];
  return {
    status: response.statusCode,
    headers: typeof answered === "string" ? { "content-type": answered } : {},
    body: response.rawPayload,
  };
}
