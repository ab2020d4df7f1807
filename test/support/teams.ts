import type { Team, TeamConditions, TeamPlan, TeamRoute } from "../../src/handoff/route-handoff.js";

const NO_CONDITIONS: TeamConditions = {
  topics: [],
  sources: [],
  reasons: [],
  channels: [],
  customers: [],
  domains: [],
  languages: [],
  tenants: [],
};

/** A rule that has only these conditions. */
export function routeTo(team: string, when: Partial<TeamConditions>): TeamRoute {
  return { team, when: { ...NO_CONDITIONS, ...when } };
}

/** Teams of which the last takes what no rule sends elsewhere. */
export function planOf(
  teams: readonly Team[],
  routes: readonly TeamRoute[],
  changes: Partial<TeamPlan> = {},
): TeamPlan {
  return { teams, routes, fallback: teams.at(-1)!.name, whenClosed: "wait", ...changes };
}
