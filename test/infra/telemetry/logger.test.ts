import { PassThrough } from "node:stream";
import { describe, expect, expectTypeOf, it } from "vitest";
import { createLogger, type LoggerOptions } from "../../../infra/telemetry/logger.js";
import { LOG_FIELDS, type LogField, type LogFields } from "../../../src/ports/logger.js";
import { createMetrics } from "../../../infra/telemetry/metrics.js";

function loggerWith(options: Partial<LoggerOptions> = {}) {
  const stream = new PassThrough();
  let dropped = 0;
  const logger = createLogger({ level: "info", stream, isHuman: false, onDropped: (n) => (dropped += n), ...options });
  return { logger, dropped: () => dropped, text: () => String(stream.read() ?? "") };
}

describe("the log", () => {
  it("is one JSON object for each event", () => {
    const { logger, text } = loggerWith();
    logger.warn("delivery failed", { deliveryId: "0190-ab", attempt: 2, code: "rate-limited", state: undefined });
    expect(JSON.parse(text())).toEqual({
      level: "warn",
      time: expect.any(String) as string,
      event: "delivery failed",
      deliveryId: "0190-ab",
      attempt: 2,
      code: "rate-limited",
    });
  });

  it("drops and counts fields that are not on the allowlist", () => {
    const { logger, text, dropped } = loggerWith();
    const fields = { text: "my card is 4111", token: "xoxb-1", inboxId: "i-1" };
    logger.info("event finished", fields);
    expect(text()).not.toMatch(/4111|xoxb/u);
    expect(dropped()).toBe(2);
  });

  it.each(["my password is hunter2", "postgres://user:word@db/x", "line\nbreak", "x".repeat(201)])(
    "drops %j even under an allowed name",
    (value) => {
      const { logger, text, dropped } = loggerWith();
      logger.info("event finished", { state: value });
      expect(JSON.parse(text())).not.toHaveProperty("state");
      expect(dropped()).toBe(1);
    },
  );

  it("keeps exactly the fields that its type allows", () => {
    const { logger, text, dropped } = loggerWith();
    logger.info("all fields", Object.fromEntries(LOG_FIELDS.map((field) => [field, 1])));
    const { level, time, event, ...kept } = JSON.parse(text()) as Record<string, unknown>;
    expect([level, event, typeof time]).toEqual(["info", "all fields", "string"]);
    expect(Object.keys(kept)).toEqual([...LOG_FIELDS]);
    expect(dropped()).toBe(0);
    expectTypeOf<keyof LogFields>().toEqualTypeOf<LogField>();
    // @ts-expect-error -- a field of another name does not compile
    logger.info("wrong field", { password: "x" });
    expect(dropped()).toBe(1);
  });

  it("leaves out what is under its level", () => {
    const { logger, text } = loggerWith({ level: "error" });
    logger.warn("quiet");
    expect(text()).toBe("");
  });

  it("is one readable line for a person", () => {
    const { logger, text } = loggerWith({ isHuman: true });
    logger.info("server started", { address: "http://127.0.0.1:3000" });
    expect(text()).toMatch(/^\d\d:\d\d:\d\d info {2}server started address=http:\/\/127\.0\.0\.1:3000\n$/u);
  });
});

describe("metrics", () => {
  it("count business events in a registry of their own", async () => {
    const first = createMetrics({ withProcessMetrics: true });
    const second = createMetrics({ withProcessMetrics: true });
    first.metrics.eventAccepted("message", false);
    first.metrics.eventFinished("web", "answered", 120);
    first.metrics.deliveryEnded("web", "sent");
    first.metrics.answerStage("retrieve", 12);
    first.logFieldsDropped(3);
    const text = await first.render();
    expect(text).toContain('deskhand_events_accepted_total{kind="message",duplicate="false"} 1');
    expect(text).toContain('deskhand_event_seconds_sum{platform="web",outcome="answered"} 0.12');
    expect(text).toContain('deskhand_deliveries_ended_total{platform="web",state="sent"} 1');
    expect(text).toContain('deskhand_answer_stage_seconds_count{stage="retrieve"} 1');
    expect(text).toContain("deskhand_log_fields_dropped_total 3");
    expect(text).toContain("process_cpu_seconds_total");
    await expect(second.render()).resolves.toContain("deskhand_log_fields_dropped_total 0");
  });
});
