import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";
import type { Metrics } from "../../src/ports/logger.js";

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export interface MetricsRegistry {
  readonly metrics: Metrics;
  readonly contentType: string;
  /** All metrics in the Prometheus text format. */
  render(): Promise<string>;
  logFieldsDropped(count: number): void;
  httpRequestEnded(route: string, status: number, ms: number): void;
}

/** Metrics in a registry of their own: two of them in one process do not meet. */
export function createMetrics(options: { readonly withProcessMetrics: boolean }): MetricsRegistry {
  const registry = new Registry();
  if (options.withProcessMetrics) collectDefaultMetrics({ register: registry });
  const dropped = new Counter({
    name: "deskhand_log_fields_dropped_total",
    help: "Log fields that were left out because they are not on the allowlist.",
    registers: [registry],
  });
  const requests = new Histogram({
    name: "deskhand_http_request_seconds",
    help: "Time to answer a request, by route and status.",
    labelNames: ["route", "status"],
    buckets: SECONDS,
    registers: [registry],
  });
  return {
    metrics: businessMetrics(registry),
    contentType: registry.contentType,
    render: () => registry.metrics(),
    logFieldsDropped: (count) => dropped.inc(count),
    httpRequestEnded: (route, status, ms) => requests.observe({ route, status: String(status) }, ms / 1000),
  };
}

function businessMetrics(registry: Registry): Metrics {
  const registers = [registry];
  const accepted = new Counter({
    name: "deskhand_events_accepted_total",
    help: "Inbound events that were stored, by kind; duplicates are redeliveries.",
    labelNames: ["kind", "duplicate"],
    registers,
  });
  const finished = new Histogram({
    name: "deskhand_event_seconds",
    help: "Time from storing an event to its outcome.",
    labelNames: ["platform", "outcome"],
    buckets: SECONDS,
    registers,
  });
  const deliveries = new Counter({
    name: "deskhand_deliveries_ended_total",
    help: "Posts, edits and deletes that ended, by state.",
    labelNames: ["platform", "state"],
    registers,
  });
  const stages = new Histogram({
    name: "deskhand_answer_stage_seconds",
    help: "Time of each stage of an answer.",
    labelNames: ["stage"],
    buckets: [0.001, 0.002, ...SECONDS],
    registers,
  });
  const spent = new Counter({
    name: "deskhand_budgets_spent_total",
    help: "Questions that met a spent budget: of a person each period that one met, of the tenant each question.",
    labelNames: ["budget"],
    registers,
  });
  return {
    eventAccepted: (kind, duplicate) => accepted.inc({ kind, duplicate: String(duplicate) }),
    eventFinished: (platform, outcome, ms) => finished.observe({ platform, outcome }, ms / 1000),
    deliveryEnded: (platform, state) => deliveries.inc({ platform, state }),
    answerStage: (stage, ms) => stages.observe({ stage }, ms / 1000),
    budgetSpent: (budget) => spent.inc({ budget }),
    ...handoffMetrics(registers),
  };
}

const MINUTE = 60;
const HOUR = 3_600;

function handoffMetrics(registers: Registry[]): Pick<Metrics, "firstReply" | "targetMissed"> {
  const firstReplies = new Histogram({
    name: "deskhand_handoff_first_reply_seconds",
    help: "Time in which its team was open until a handoff's first reply.",
    buckets: [1, 5, 10, 15, 20, 30, 45]
      .map((minutes) => minutes * MINUTE)
      .concat([1, 2, 4, 8, 24].map((h) => h * HOUR)),
    registers,
  });
  const missed = new Counter({
    name: "deskhand_handoff_targets_missed_total",
    help: "First replies and resolutions of handoffs that were not in time.",
    labelNames: ["target"],
    registers,
  });
  return {
    firstReply: (openMs) => firstReplies.observe(openMs / 1000),
    targetMissed: (target) => missed.inc({ target }),
  };
}
