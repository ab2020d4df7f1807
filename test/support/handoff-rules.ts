import type { HandoffRules } from "../../src/handoff/change-handoff.js";

/** A team that always answers, and is never reminded of anything. */
export const NO_TIMERS: Pick<HandoffRules, "hours" | "timers" | "teams"> = {
  hours: null,
  teams: null,
  timers: { remindMs: null, idleMs: null, expireMs: null, settleMs: null },
};
