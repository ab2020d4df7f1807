import { DeskhandError } from "../../src/ports/errors.js";

/** A document cannot be parsed. The message holds no text of the document. */
export class ParseError extends DeskhandError {
  override readonly name: string = "ParseError";
  readonly code: string;
  readonly isRetryable = false;

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** One field of a document cannot be read. */
export class FieldError extends ParseError {
  override readonly name = "FieldError";
  /** The names it goes by; the first is the one to tell people. */
  readonly fields: readonly string[];
  /** What is wrong with it and what to do, without saying which field it is. */
  readonly problem: string;

  constructor(code: string, fields: readonly string[], problem: string) {
    super(code, `${fields[0] ?? "A field"}: ${problem}`);
    this.fields = fields;
    this.problem = problem;
  }
}
