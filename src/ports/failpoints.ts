/**
 * Every step at which the crash suite may stop the process. The suite iterates over this list, so that a step cannot be
 * forgotten; in production nothing is armed and a failpoint is an empty call.
 */
export const FAILPOINTS = [
  "accept.before-insert",
  "accept.after-commit",
  "accept.after-enqueue",
  "work.after-claim",
  "work.after-begin",
  "answer.after-retrieve",
  "answer.before-stream-row",
  "answer.after-stream-row",
  "answer.after-stream-open",
  "answer.after-stream-recorded",
  "answer.mid-stream",
  "answer.after-generate",
  "commit.before",
  "commit.inside",
  "commit.after",
  "stream.before-finish",
  "stream.after-finish",
  "send.after-claim",
  "send.before-post",
  "send.after-post",
  "send.after-record",
] as const;

export type FailpointName = (typeof FAILPOINTS)[number];

/** Called at the named step. Armed by `FAILPOINT=name:kill|throw|hang[:nth]`, otherwise it does nothing. */
export type Failpoint = (name: FailpointName) => Promise<void>;

export const noFailpoint: Failpoint = () => Promise.resolve();
