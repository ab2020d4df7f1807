import { DeskhandError } from "../../src/ports/errors.js";

/** The run was taken over, or its source was removed, while it was at work: nothing more of it may be written. */
export class SyncTakenOverError extends DeskhandError {
  override readonly name = "SyncTakenOverError";
  readonly code = "sync-taken-over";
  readonly isRetryable = false;

  constructor(runId: string) {
    super(
      `The sync run ${runId} was taken over or its source was removed. Start the sync again if the source is there.`,
    );
  }
}
