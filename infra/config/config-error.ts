import { DeskhandError } from "../../src/ports/errors.js";

/** The configuration is wrong. Every problem is named at once, as `VARIABLE: rule` or `file:line key: rule`; values never are. */
export class ConfigError extends DeskhandError {
  override readonly name = "ConfigError";
  readonly code = "config";
  readonly isRetryable = false;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length === 1 ? "a problem" : "problems"}:\n  ${problems.join("\n  ")}`);
    this.problems = problems;
  }
}
