import { verifySlackRequest } from "@slack/bolt";
import { describe, expect, it } from "vitest";
import { planArrivals } from "../../../infra/bench/ingress-schedule.js";
import { messageTs, slackDelivery } from "../../../infra/bench/slack-delivery.js";

describe("the schedule of arrivals", () => {
  const plan = planArrivals({ perSecond: 100, seconds: 10, seed: 7 });

  it("has as many as were asked for, in order, within the time", () => {
    expect(plan).toHaveLength(1_000);
    expect(plan.map(({ atMs }) => atMs)).toEqual(plan.map(({ atMs }) => atMs).toSorted((left, right) => left - right));
    expect(plan.every(({ atMs }) => atMs >= 0 && atMs < 10_000)).toBe(true);
  });

  it("is the same for the same seed and another for another", () => {
    expect(planArrivals({ perSecond: 100, seconds: 10, seed: 7 })).toEqual(plan);
    expect(planArrivals({ perSecond: 100, seconds: 10, seed: 8 })).not.toEqual(plan);
  });

  it("delivers every message once, and some of them again right after", () => {
    const first = plan.filter(({ isRedelivery }) => !isRedelivery).map(({ index }) => index);
    expect(first).toEqual(first.map((_, index) => index));
    const again = plan.flatMap((arrival, position) => (arrival.isRedelivery ? [plan[position - 1]?.index] : []));
    expect(again.length).toBeGreaterThan(0);
    expect(again).toEqual(plan.filter(({ isRedelivery }) => isRedelivery).map(({ index }) => index));
  });
});

describe("a delivery", () => {
  it("is signed so that Slack's own library takes it, and nothing else with that signature", () => {
    const now = Math.floor(Date.now() / 1_000);
    const { body, headers } = slackDelivery(
      { channel: "C1", index: 7, startedAtS: now, isRedelivery: false },
      "secret",
      now,
    );
    const verify = (text: string) => () => {
      verifySlackRequest({
        signingSecret: "secret",
        body: text,
        headers: {
          "x-slack-signature": headers["x-slack-signature"] ?? "",
          "x-slack-request-timestamp": now,
        },
      });
    };
    expect(verify(body)).not.toThrow();
    expect(verify(`${body} `)).toThrow();
  });

  it("carries the same message when it is delivered again, and says so", () => {
    const message = { channel: "C1", index: 7, startedAtS: 1_700_000_000 };
    const first = slackDelivery({ ...message, isRedelivery: false }, "secret", 1_700_000_001);
    const again = slackDelivery({ ...message, isRedelivery: true }, "secret", 1_700_000_002);
    expect(again.body).toBe(first.body);
    expect(first.headers["x-slack-retry-num"]).toBeUndefined();
    expect(again.headers["x-slack-retry-num"]).toBe("1");
    expect(JSON.parse(first.body)).toMatchObject({ event: { ts: messageTs(1_700_000_000, 7), channel: "C1" } });
  });

  it("has an id of its own for each of a million messages", () => {
    expect([0, 7, 999_999].map((index) => messageTs(1_700_000_000, index))).toEqual([
      "1700000000.000000",
      "1700000000.000007",
      "1700000000.999999",
    ]);
  });
});
