import type { GroupingRule } from "./grouping-rule.js";

/** Written by test/bench/train-grouping.ts on 2026-11-28; not by hand. See decision 19 for its figures. */
export const GROUPING_RULE: GroupingRule = {
  asked: 19.8,
  answered: 7.1,
  whole: 18.8,
  bias: -6.5,
  least: 0.4,
  leastOfMeaning: 0.7,
};
