import { describe, expect, it } from "vitest";
import { mayReadMetrics } from "../../../infra/http/metrics-access.js";

const TOKEN = "0123456789abcdef0123456789abcdef";

describe("the metrics", () => {
  it.each(["127.0.0.1", "::1", "::ffff:127.0.0.1"])("are for %s without a token", (peer) => {
    expect(mayReadMetrics(peer, { host: "localhost:3000" }, null)).toBe(true);
    expect(mayReadMetrics(peer, { host: "127.0.0.1:3000" }, TOKEN)).toBe(true);
  });

  it.each(["192.168.1.4", "::ffff:192.168.1.4", "2001:db8::1", ""])("are for %j with the token only", (peer) => {
    const headers = { host: "localhost:3000" };
    expect(mayReadMetrics(peer, headers, null)).toBe(false);
    expect(mayReadMetrics(peer, headers, TOKEN)).toBe(false);
    expect(mayReadMetrics(peer, { ...headers, authorization: `Bearer ${"x".repeat(32)}` }, TOKEN)).toBe(false);
    expect(mayReadMetrics(peer, { ...headers, authorization: TOKEN }, TOKEN)).toBe(false);
    expect(mayReadMetrics(peer, { ...headers, authorization: `Bearer ${TOKEN}` }, TOKEN)).toBe(true);
    expect(mayReadMetrics(peer, { ...headers, authorization: `Bearer ${TOKEN}` }, null)).toBe(false);
  });

  it.each([{ host: "help.example" }, { host: "localhost", "x-forwarded-for": "203.0.113.9" }, {}])(
    "are not for what a proxy on this machine passes on: %j",
    (headers) => {
      expect(mayReadMetrics("127.0.0.1", headers, null)).toBe(false);
    },
  );
});
