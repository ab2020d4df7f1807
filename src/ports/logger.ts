/**
 * Structured log. Only fields on the allowlist of infra/telemetry are written: ids, codes, counts and times.
 * Never a customer's words, a token or an address with credentials.
 */
export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Business events, one method each; a metric never carries ids or words. */
export interface Metrics {
  eventAccepted(kind: string, duplicate: boolean): void;
  eventFinished(platform: string, outcome: string, ms: number): void;
  deliveryEnded(platform: string, state: string): void;
  answerStage(stage: string, ms: number): void;
}
