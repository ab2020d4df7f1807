/**
 * Structured log. An event is named in plain words, the thing first: `source synced`. Its fields are ids, codes, counts
 * and plain names from the list below; never a customer's words, a token or an address with credentials.
 */
export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** All that may be logged beside the event's name: one name for each thing, no other gets through. */
export const LOG_FIELDS = [
  "added",
  "address",
  "attempt",
  "changed",
  /** Of an error. */
  "code",
  "conversationId",
  "deliveryId",
  "documents",
  "failed",
  "handoffId",
  "held",
  "inboxId",
  "job",
  "method",
  "platform",
  /** What a customer or a client was told to name when they ask about a failure. */
  "reference",
  "removed",
  "route",
  "runId",
  /** The name of a knowledge source. */
  "source",
  "state",
  "step",
] as const;

export type LogField = (typeof LOG_FIELDS)[number];

export type LogFields = Readonly<Partial<Record<LogField, string | number | boolean | null | undefined>>>;

/** Business events, one method each; a metric never carries ids or words. */
export interface Metrics {
  eventAccepted(kind: string, duplicate: boolean): void;
  eventFinished(platform: string, outcome: string, ms: number): void;
  deliveryEnded(platform: string, state: string): void;
  answerStage(stage: string, ms: number): void;
  /** A budget of answers refused a question: `person-minute`, `person-day` or `tenant`. */
  budgetSpent(budget: string): void;
  /** A customer has got the first reply of a person: how long the team was open until then. */
  firstReply(openMs: number): void;
  /** A team did not do in time what it is to: `first-reply` or `resolution`. */
  targetMissed(target: string): void;
}
