import type { FileRules } from "../../src/handoff/files/file-rules.js";
import type { HandoffRules } from "../../src/handoff/handoff-scene.js";

/** A team that always answers, and is never reminded of anything. */
export const NO_TIMERS: Pick<HandoffRules, "hours" | "timers" | "teams" | "files"> = {
  hours: null,
  teams: null,
  files: null,
  timers: { remindMs: null, idleMs: null, reassignMs: null, expireMs: null, settleMs: null },
};

/** Files of up to a megabyte, of every type, which nobody looks through. */
export const ANY_FILES: FileRules = {
  maxBytes: 1_000_000,
  types: null,
  blockedTypes: [],
  keepMs: 86_400_000,
  scan: null,
  scanMs: 1_000,
  linkTo: (fileId) => `/files/${fileId}`,
};
