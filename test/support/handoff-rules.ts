import type { HandoffRules } from "../../src/handoff/handoff-scene.js";

/** A team that always answers, and is never reminded of anything. */
export const NO_TIMERS: Pick<HandoffRules, "hours" | "timers" | "teams"> = {
  hours: null,
  teams: null,
  timers: { remindMs: null, idleMs: null, reassignMs: null, expireMs: null, settleMs: null },
};
