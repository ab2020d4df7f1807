import { UsageError } from "../../src/ports/errors.js";
import { SourceError } from "./source.js";

/**
 * Opens what a record tells. What was right when the source was added and is not now is told as the failure of its sync.
 * @throws {SourceError} in place of a UsageError
 */
export function asSourceFailure<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof UsageError ? new SourceError(error.message, error) : error;
  }
}
