// A listing that lost this much is more often a broken mount or a wrong path than a clean-up.
const MAX_SHARE = 0.2;
const ALWAYS_ALLOWED = 3;
const MAX_COUNT = 50;

/** Whether so many removals wait for a person's confirmation. */
export function mustHoldRemovals(removals: number, documentsBefore: number): boolean {
  if (removals > MAX_COUNT) return true;
  return removals > ALWAYS_ALLOWED && removals > documentsBefore * MAX_SHARE;
}
