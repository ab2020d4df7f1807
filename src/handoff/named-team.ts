import { nearestWord } from "../text/nearest-word.js";
import { reachableChannel } from "./agents-channel.js";
import type { HandoffScene } from "./handoff-scene.js";
import { isWith } from "./move-handoff.js";
import { findTeam } from "./route-handoff.js";

/** The team that an agent has named, or what they are told where it cannot be that one. */
export type NamedTeam =
  | { readonly kind: "team"; readonly team: string }
  | {
      readonly kind: "none";
      readonly text: string;
      readonly reason: "teams" | "not-understood" | "refused-same-team" | "refused-unreachable";
    };

/** Reads the name behind `!team`. */
export function namedTeam({ rules, handoff, tenantId }: HandoffScene, name: string): NamedTeam {
  const { teams: plan, agentsChannel } = rules;
  if (plan === null) return none("There is only one team, so nothing was done.", "not-understood");
  const names = plan.teams.map((team) => team.name);
  const list = `The teams are ${names.join(", ")}.`;
  if (name === "") return none(`${list} \`!team ${plan.fallback}\` passes this on to one of them.`, "teams");
  const found = findTeam(plan.teams, name);
  if (found === null) {
    const near = nearestWord(name.toLowerCase(), names);
    const hint = near === null ? list : `Did you mean !team ${near}?`;
    return none(`There is no team ${name}, so nothing was done. ${hint}`, "not-understood");
  }
  if (isWith(handoff, found.name)) return none(`${found.name} has this already.`, "refused-same-team");
  if (reachableChannel(agentsChannel, tenantId, found.name) === null) {
    return none(`${found.name} cannot be reached right now, so this stays here.`, "refused-unreachable");
  }
  return { kind: "team", team: found.name };
}

function none(text: string, reason: Extract<NamedTeam, { kind: "none" }>["reason"]): NamedTeam {
  return { kind: "none", text, reason };
}
