import type { HTTPReceiver } from "@slack/bolt";
import type { Clock } from "../../src/ports/clock.js";
import type { HttpRequest, HttpResponse, HttpRoute } from "../../src/ports/http.js";
import type { Logger } from "../../src/ports/logger.js";
import { BODY_LIMIT, carriesObject, plainContentType, refusalStatus } from "./inbound/request-guard.js";
import { RefusalLog } from "./refusal-log.js";
import { runListener } from "./run-listener.js";

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
export function eventsRoute(
  receiver: HTTPReceiver,
  signingSecret: string,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): HttpRoute {
  const refusals = new RefusalLog(logger, clock);
  return {
    method: "POST",
    path: EVENTS_PATH,
    bodyLimit: BODY_LIMIT,
    async handle(request) {
      const refused = refusalStatus(request, signingSecret, clock.now());
      // Without a signature it is somebody who looks around; with a wrong one it may be Slack.
      if (refused === 401 && request.headers["x-slack-signature"] !== undefined) refusals.refused();
      if (refused !== null) return { status: refused };
      const contentType = plainContentType(request.headers["content-type"]);
      if (!carriesObject(contentType, request.body)) return { status: 400 };
      return throughBolt(receiver, request, contentType);
    },
  };
}

function throughBolt(receiver: HTTPReceiver, request: HttpRequest, contentType: string): Promise<HttpResponse> {
  const headers: Record<string, string> = { "content-type": contentType };
  for (const name of SLACK_HEADERS) {
    const value = request.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  const { body } = request;
  return inTime(runListener(receiver.requestListener, { method: "POST", url: EVENTS_PATH, headers, body }));
}

/** The answer, or 503 when there is none in time. */
function inTime(answering: Promise<HttpResponse>): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ status: 503 }), ANSWER_WITHIN_MS);
    answering.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
