import type { JsonObject } from "./json.js";

/** Slack answers `{ok: false, error: code, …details}`. */
export class SlackRefusal extends Error {
  override readonly name = "SlackRefusal";
  readonly code: string;
  readonly details: JsonObject;

  constructor(code: string, details: JsonObject = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** A refusal with the lines Slack puts into `response_metadata.messages`. */
export function refusalWith(code: string, problems: readonly string[]): SlackRefusal {
  return new SlackRefusal(code, {
    response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) },
  });
}
