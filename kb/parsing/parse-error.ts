import { DeskhandError } from "../../src/ports/errors.js";

/** A document cannot be parsed. The message holds no text of the document. */
export class ParseError extends DeskhandError {
  override readonly name = "ParseError";
  readonly code: string;
  readonly isRetryable = false;

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}
