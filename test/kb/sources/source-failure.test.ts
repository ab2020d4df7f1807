import { describe, expect, it } from "vitest";
import { asSourceFailure } from "../../../kb/sources/source-failure.js";
import { UsageError } from "../../../src/ports/errors.js";

describe("what is wrong with a record when it is opened", () => {
  it("is a failure of its source, with the same advice and its cause", () => {
    const cause = new UsageError("The folder is not there. Check the path.");
    const open = (): never => {
      throw cause;
    };
    expect(() => asSourceFailure(open)).toThrow(
      expect.objectContaining({ name: "SourceError", code: "source-unavailable", message: cause.message, cause }),
    );
  });

  it("is left alone when it is no problem of the record", () => {
    const fault = new TypeError("x is not a function");
    const open = (): never => {
      throw fault;
    };
    expect(() => asSourceFailure(open)).toThrow(fault);
    expect(asSourceFailure(() => 1)).toBe(1);
  });
});
