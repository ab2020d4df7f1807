import { createHmac, timingSafeEqual } from "node:crypto";
import type { HttpRequest } from "../../../src/ports/http.js";

/** Slack's own events stay far below this. */
export const BODY_LIMIT = 1_048_576;
/** How far a request's time may be from ours, to either side. */
const CLOCKS_APART_S = 300;

export type GuardedRequest = Pick<HttpRequest, "headers" | "body">;

/**
 * Whether a request may be looked into: the status to refuse it with, or null. Decided over the bytes as they came, before
 * anything parses them.
 */
export function refusalStatus(request: GuardedRequest, signingSecret: string, now: Date): 413 | 401 | null {
  const { headers, body } = request;
  if (body.length > BODY_LIMIT) return 413;
  const timestamp = headers["x-slack-request-timestamp"] ?? "";
  const signature = headers["x-slack-signature"] ?? "";
  if (!/^\d{1,12}$/u.test(timestamp)) return 401;
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > CLOCKS_APART_S) return 401;
  return isSigned(signature, timestamp, body, signingSecret) ? null : 401;
}

function isSigned(signature: string, timestamp: string, body: Buffer, signingSecret: string): boolean {
  const hash = createHmac("sha256", signingSecret).update(`v0:${timestamp}:`).update(body).digest("hex");
  const wanted = Buffer.from(`v0=${hash}`);
  const given = Buffer.from(signature);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

const FORM = "application/x-www-form-urlencoded";

/** The content type as Bolt wants to read it: with a charset behind it, a form is not a form to it. */
export function plainContentType(contentType: string | undefined): string {
  const [type = ""] = (contentType ?? "").split(";");
  return type.trim().toLowerCase() === FORM ? FORM : "application/json";
}

/** Whether what a signed request carries is an object at all: nothing behind the guard has to expect anything else. */
export function carriesObject(contentType: string, body: Buffer): boolean {
  const text = body.toString("utf8");
  const json = contentType === FORM ? new URLSearchParams(text).get("payload") : text;
  return json === null || json.trimStart().startsWith("{");
}
