import type {
  AddressBook,
  ChatAdapter,
  ConversationRef,
  InboundSink,
  Interactions,
  Participation,
} from "../../src/ports/chat.js";
import type { Clock } from "../../src/ports/clock.js";
import { UsageError } from "../../src/ports/errors.js";
import type { HttpRoute } from "../../src/ports/http.js";
import type { NewId } from "../../src/ports/ids.js";
import type { Logger } from "../../src/ports/logger.js";
import { ANSWER_LIMITS, type AnswerLimits } from "./answer-in-time.js";
import { PUBLIC } from "./authors.js";
import { createBotConnector, PUBLIC_TOKEN_ISSUER, type TeamsAppType, type TeamsEndpoints } from "./bot-connector.js";
import { MICROSOFT_SERVICE_HOSTS, mayCall, type GuardSettings } from "./inbound-guard.js";
import { createKnownAddresses } from "./known-addresses.js";
import { messagesRoute } from "./messages-route.js";
import { People } from "./people.js";
import { createTeamsAdapter } from "./teams-adapter.js";
import { TEAMS_PACE } from "./teams-stream.js";

export interface TeamsSurfaceDeps {
  readonly appId: string;
  /** Null with a managed identity. */
  readonly appPassword: string | null;
  readonly appType: TeamsAppType;
  readonly appTenantId: string | null;
  /** Microsoft 365 tenants that are answered, besides the app's own; all others are refused. */
  readonly allowedTenants: readonly string[];
  /** Another cloud, or a local issuer; null for Microsoft's public cloud. */
  readonly endpoints?: TeamsEndpoints | null;
  /** Hosts that the bot's token may be sent to, with their subdomains. */
  readonly allowedServiceHosts?: readonly string[];
  /** Also speaks to 127.0.0.1 without https. */
  readonly allowLoopback?: boolean;
  /** The product's installation for a Microsoft 365 tenant that is on the list. */
  readonly installation: (tenantId: string) => Promise<{ readonly id: string }>;
  readonly sink: InboundSink;
  readonly interactions: Interactions;
  readonly participation: Participation;
  readonly addresses: AddressBook;
  /** The conversation id of the channel that handoffs are posted to, of agents without a channel of their own: `19:…@thread.tacv2`. */
  readonly agentsChannel: string | null;
  /** Those of teams that have their own. */
  readonly teamChannels?: readonly string[];
  /** Object ids (or Teams account ids) of people who may run admin commands. */
  readonly admins: readonly string[];
  /** What people of the tenant may read; guests and other organisations' people read `public` alone. */
  readonly audience: readonly string[];
  readonly clock: Clock;
  readonly newId: NewId;
  readonly logger: Logger;
  readonly botName: string;
  /** Between two requests of one stream; Teams takes one a second. */
  readonly streamCadenceMs?: number;
  /** How long an event may wait to hear who its sender is. */
  readonly lookUpPatienceMs?: number;
  readonly answerLimits?: AnswerLimits;
}

export interface TeamsSurface {
  readonly adapter: ChatAdapter;
  readonly routes: readonly HttpRoute[];
  /** Looks up the installation that the agents' channel is in. */
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
  /** A team's channel, or without one the agents' channel. Null when none is set, and before `start`. */
  agentsChannel(teamChannel?: string | null): ConversationRef | null;
}

/**
 * Microsoft Teams: what it delivers to `POST /api/messages`, and what is posted there.
 * @throws {UsageError} for an identity that the library would take for "no authentication", or that cannot work.
 */
export function createTeamsSurface(deps: TeamsSurfaceDeps): TeamsSurface {
  assertIdentity(deps);
  const { agentsChannel, teamChannels = [] } = deps;
  const agentsChannels = [...(agentsChannel === null ? [] : [agentsChannel]), ...teamChannels];
  const guard = guardOf(deps);
  const [homeTenantId = null] = guard.allowedTenants;
  const connector = createBotConnector(deps, deps.endpoints ?? null);
  const known = createKnownAddresses({
    addresses: deps.addresses,
    agentsChannels,
    homeTenantId,
    mayCall: (serviceUrl) => mayCall(serviceUrl, guard),
  });
  const pace = { ...TEAMS_PACE, clock: deps.clock, cadenceMs: deps.streamCadenceMs ?? TEAMS_PACE.cadenceMs };
  // Without a tenant of the app's own nobody is of the house, but its agents still work.
  const authors = { ...deps, agentsChannels, homeTenantId, audience: hasTenant(deps) ? deps.audience : PUBLIC };
  const people = new People({
    lookUp: (roster, memberId, signal) => connector.member(roster, memberId, signal),
    logger: deps.logger,
    patienceMs: deps.lookUpPatienceMs,
  });
  let installationId: string | null = null;
  return {
    adapter: createTeamsAdapter({ connector, known, agentsChannels, pace }),
    routes: [
      messagesRoute({
        ...deps,
        connector,
        guard,
        authors,
        people,
        known,
        limits: deps.answerLimits ?? ANSWER_LIMITS,
      }),
    ],
    async start(signal) {
      signal.throwIfAborted();
      if (agentsChannels.length === 0 || homeTenantId === null) return;
      installationId = (await deps.installation(homeTenantId)).id;
    },
    stop: () => Promise.resolve(),
    agentsChannel(teamChannel = null) {
      const key = teamChannel ?? agentsChannel;
      return key === null || installationId === null ? null : { installationId, key };
    },
  };
}

function guardOf(deps: TeamsSurfaceDeps): GuardSettings {
  const tenants = [deps.appTenantId ?? "", ...deps.allowedTenants].map((id) => id.trim().toLowerCase());
  return {
    tokenIssuer: deps.endpoints?.tokenIssuer ?? PUBLIC_TOKEN_ISSUER,
    allowedServiceHosts: deps.allowedServiceHosts ?? MICROSOFT_SERVICE_HOSTS,
    allowLoopback: deps.allowLoopback ?? false,
    allowedTenants: new Set(tenants.filter((id) => id !== "")),
  };
}

// The library turns all authentication off when it is given no app id.
function assertIdentity(deps: TeamsSurfaceDeps): void {
  const { appId, appPassword, appType, endpoints } = deps;
  if (appId.trim() === "") throw new UsageError("Teams needs the bot's app id; without it nobody could be verified.");
  if (appType !== "MultiTenant" && !hasTenant(deps))
    throw new UsageError(`A Teams app of type ${appType} needs its tenant id.`);
  if ((endpoints?.credentials ?? null) !== null) return;
  const hasPassword = appPassword !== null && appPassword.trim() !== "";
  if (appType === "UserAssignedMsi" && hasPassword) {
    throw new UsageError("A Teams app with a managed identity has no password; leave it out.");
  }
  if (appType !== "UserAssignedMsi" && !hasPassword) throw new UsageError("Teams needs the bot's app password.");
}

function hasTenant({ appTenantId }: TeamsSurfaceDeps): boolean {
  return appTenantId !== null && appTenantId.trim() !== "";
}
