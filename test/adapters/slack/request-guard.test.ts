import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { refusalStatus } from "../../../adapters/slack/inbound/request-guard.js";

const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
const NOW = new Date("2026-03-02T10:00:00Z");
const nowSeconds = NOW.getTime() / 1_000;

interface Request {
  readonly secondsAway: number;
  readonly secret: string;
  readonly body: string | Buffer;
  readonly version: string;
  readonly change: (headers: Record<string, string>) => Record<string, string | undefined>;
}

function statusOf(overrides: Partial<Request>): number | null {
  const { secondsAway = 0, secret = SECRET, body = '{"type":"event_callback"}', version = "v0" } = overrides;
  const bytes = Buffer.from(body);
  const timestamp = String(nowSeconds + secondsAway);
  const hash = createHmac("sha256", secret).update(`v0:${timestamp}:`).update(bytes).digest("hex");
  const headers = { "x-slack-request-timestamp": timestamp, "x-slack-signature": `${version}=${hash}` };
  return refusalStatus({ headers: overrides.change?.(headers) ?? headers, body: bytes }, SECRET, NOW);
}

describe("the guard before Bolt", () => {
  it.each<[string, number | null, Partial<Request>]>([
    ["a request as Slack signs it", null, {}],
    ["a time at the edge of the past", null, { secondsAway: -300 }],
    ["a time at the edge of the future", null, { secondsAway: 300 }],
    ["bytes that are no text", null, { body: Buffer.from([0xff, 0xfe, 0x00]) }],
    ["a time beyond the edge of the past", 401, { secondsAway: -301 }],
    ["a time beyond the edge of the future", 401, { secondsAway: 301 }],
    ["another secret", 401, { secret: "other" }],
    ["the empty secret", 401, { secret: "" }],
    ["another version", 401, { version: "v1" }],
    ["no headers", 401, { change: () => ({}) }],
    ["no signature", 401, { change: (headers) => ({ ...headers, "x-slack-signature": undefined }) }],
    ["a cut signature", 401, { change: (headers) => ({ ...headers, "x-slack-signature": "v0=" }) }],
    [
      "two signatures",
      401,
      { change: (headers) => ({ ...headers, "x-slack-signature": `${headers["x-slack-signature"]}, v0=0` }) },
    ],
    ["a time that is no number", 401, { change: (headers) => ({ ...headers, "x-slack-request-timestamp": "NaN" }) }],
    [
      "a time with a fraction",
      401,
      { change: (headers) => ({ ...headers, "x-slack-request-timestamp": `${nowSeconds}.0` }) },
    ],
    [
      "another body than was signed",
      401,
      { change: (headers) => ({ ...headers, "x-slack-request-timestamp": String(nowSeconds + 1) }) },
    ],
    ["a megabyte and one byte", 413, { body: "a".repeat(1_048_577) }],
  ])("meets %s with %s", (_what, status, request) => {
    expect(statusOf(request)).toBe(status);
  });
});
