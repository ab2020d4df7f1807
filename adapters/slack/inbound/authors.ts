import type { Author, Role } from "../../../src/ports/chat.js";
import { AGENT_FRESH_MS, type People } from "../people.js";

export interface AuthorSettings {
  /** The channels where agents work; none when they work elsewhere. */
  readonly agentsChannels: readonly string[];
  /** Ids of the people who may run admin commands. */
  readonly admins: readonly string[];
  /** What people of the organisation may read. */
  readonly audience: readonly string[];
}

export interface Speaking {
  readonly author: Author;
  readonly audience: readonly string[];
}

/** What anybody may read. */
const PUBLIC = ["public"] as const;

export interface Appearance {
  readonly userId: string;
  readonly channel: string;
  /** The workspace the person belongs to, where Slack says so. */
  readonly userTeam: string | null;
  readonly ownTeam: string;
  /** Whether other organisations read the channel, too: then the answer is for everybody, whoever asks. */
  readonly isShared: boolean;
}

/** Who somebody is to us, decided from what Slack signed: never from what they wrote. */
export async function toSpeaking(appearance: Appearance, settings: AuthorSettings, people: People): Promise<Speaking> {
  const { userId, userTeam, ownTeam, isShared } = appearance;
  const person = await people.find(userId, isAgentsChannel(appearance, settings) ? AGENT_FRESH_MS : undefined);
  const isFromElsewhere = userTeam === null ? person.standing === "unknown" : userTeam !== ownTeam;
  const isExternal = person.standing === "outsider" || isFromElsewhere;
  return {
    author: {
      id: userId,
      displayName: person.displayName,
      role: isExternal ? "customer" : roleOf(appearance, settings),
      isBot: false,
      ...(person.emailDomain === null ? {} : { emailDomain: person.emailDomain }),
    },
    audience: isExternal || isShared || person.standing === "unknown" ? PUBLIC : settings.audience,
  };
}

function roleOf(appearance: Appearance, settings: AuthorSettings): Role {
  if (settings.admins.includes(appearance.userId)) return "admin";
  // Slack lets only members of a channel write there.
  return isAgentsChannel(appearance, settings) ? "agent" : "customer";
}

function isAgentsChannel({ channel }: Appearance, { agentsChannels }: AuthorSettings): boolean {
  return agentsChannels.includes(channel);
}
