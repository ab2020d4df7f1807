import type { Author, Role } from "../../src/ports/chat.js";
import { channelOf, type TeamsAddress } from "./address.js";
import type { InboundActivity, TeamsAccount } from "./inbound-activity.js";
import { AGENT_FRESH_MS, type Membership, type People, type Person } from "./people.js";

export interface AuthorSettings {
  /** The conversation ids of the agents' channels. */
  readonly agentsChannels: readonly string[];
  /** Object ids or account ids. */
  readonly admins: readonly string[];
  /** For people of the home tenant; others read what everybody may read. */
  readonly audience: readonly string[];
  /** The Microsoft 365 tenant whose people may be agents and admins, lower case; null when there is none. */
  readonly homeTenantId: string | null;
}

export interface Speaking {
  readonly author: Author;
  readonly audience: readonly string[];
}

/** What anybody may read. */
export const PUBLIC = ["public"] as const;

export interface Appearance {
  readonly from: TeamsAccount;
  readonly conversationId: string;
  /** The conversation that the person is looked up in, and the tenant it is in. */
  readonly roster: TeamsAddress;
}

/** Who somebody is to us, decided from what Bot Connector signed and tells: never from what they wrote. */
export async function toSpeaking(appearance: Appearance, settings: AuthorSettings, people: People): Promise<Speaking> {
  const { from, roster } = appearance;
  const isLookedUp = mayBeMember(from, roster.tenantId, settings);
  const isAgents = isAgentsChannel(appearance, settings);
  const person: Person = isLookedUp
    ? await people.find(roster, from.id, isAgents ? AGENT_FRESH_MS : undefined)
    : OUTSIDER;
  const name = (from.name ?? "").trim();
  return {
    author: {
      id: idOf(from),
      displayName: name === "" ? "Somebody" : name,
      role: isExternal(person, from) ? "customer" : roleOf(appearance, person, settings),
      isBot: false,
      ...(person.emailDomain === undefined ? {} : { emailDomain: person.emailDomain }),
    },
    audience: person.standing === "member" ? settings.audience : PUBLIC,
  };
}

const OUTSIDER: Person = { standing: "outsider", lastKnown: "outsider" };

/** People of another organisation, anonymous people and whom Teams calls a guest are known for what they are. */
function mayBeMember(
  { aadObjectId, tenantId, userRole }: TeamsAccount,
  conversationTenantId: string,
  { homeTenantId }: AuthorSettings,
): boolean {
  if (conversationTenantId !== homeTenantId) return false;
  if (!isGiven(aadObjectId)) return false;
  if (isGiven(tenantId) && tenantId.toLowerCase() !== homeTenantId) return false;
  return !isGiven(userRole) || userRole === "user";
}

/**
 * Like in Slack: of somebody who cannot be looked up, the tenant that the activity names decides. Without one nobody is an
 * agent or an admin who was not one of the tenant's people when Teams last said: else a reply to a customer would be lost
 * whenever Bot Connector is slow.
 */
function isExternal({ standing, lastKnown }: Person, { tenantId }: TeamsAccount): boolean {
  const membership: Membership | null = standing === "unknown" || standing === "gone" ? lastKnown : standing;
  return membership === null ? !isGiven(tenantId) : membership === "outsider";
}

/** Admins are named in the settings; agents are those who are on the list of the team that the agents' channel is in. */
function roleOf(appearance: Appearance, { standing }: Person, settings: AuthorSettings): Role {
  const { from } = appearance;
  if (settings.admins.includes(idOf(from)) || settings.admins.includes(from.id)) return "admin";
  return isAgentsChannel(appearance, settings) && standing !== "gone" ? "agent" : "customer";
}

function isAgentsChannel({ conversationId }: Appearance, { agentsChannels }: AuthorSettings): boolean {
  return agentsChannels.includes(channelOf(conversationId));
}

/**
 * Where Bot Connector has a person on its list. A thread has no list, and a channel's names only some of its people: the
 * team's has them all.
 */
export function rosterOf({ conversation, channelData }: InboundActivity): string {
  const teamId = channelData?.team?.id;
  const conversationId = conversation?.id ?? "";
  return conversation?.conversationType === "channel" && isGiven(teamId) ? teamId : channelOf(conversationId);
}

function idOf({ id, aadObjectId }: TeamsAccount): string {
  return isGiven(aadObjectId) ? aadObjectId : id;
}

function isGiven(value: string | null | undefined): value is string {
  return value !== null && value !== undefined && value !== "";
}
