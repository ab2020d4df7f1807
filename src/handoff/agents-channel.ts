import type { ConversationRef } from "../ports/chat.js";
import { DeskhandError } from "../ports/errors.js";
import type { TenantId } from "../ports/ids.js";

/**
 * Says where a team of a tenant works: the conversation that its handoff cards are posted to. `null` for the team: where
 * everything goes that is no team's own, which is the fallback team's place, and with one team that one's.
 *
 * @throws {AgentsUnreachableError} while nobody can say
 */
export type AgentsChannel = (tenantId: TenantId, team: string | null) => ConversationRef;

/** Nobody can say yet where the agents work: their platform was not reached since the start. Later it can be. */
export class AgentsUnreachableError extends DeskhandError {
  override readonly name = "AgentsUnreachableError";
  readonly code = "agents-unreachable";
  readonly isRetryable = true;
}

interface Teams {
  readonly teams: readonly { readonly name: string }[];
}

/** Whether one of a tenant's teams works in that channel. */
export function isAgentsChannel(
  { agentsChannel, teams }: { readonly agentsChannel: AgentsChannel; readonly teams: Teams | null },
  tenantId: TenantId,
  { installationId, key }: ConversationRef,
): boolean {
  return [null, ...(teams?.teams ?? []).map(({ name }) => name)]
    .map((team) => reachableChannel(agentsChannel, tenantId, team))
    .some((channel) => channel?.installationId === installationId && channel.key === key);
}

/** Where a team of a tenant works; null while nobody can say. */
export function reachableChannel(
  agentsChannel: AgentsChannel,
  tenantId: TenantId,
  team: string | null,
): ConversationRef | null {
  try {
    return agentsChannel(tenantId, team);
  } catch (error) {
    if (error instanceof AgentsUnreachableError) return null;
    throw error;
  }
}
