import { ChatPlatformError, type AddressBook, type ConversationRef } from "../../src/ports/chat.js";
import { channelOf, decodeAddress, encodeAddress, type TeamsAddress } from "./address.js";

export interface KnownAddressesDeps {
  readonly addresses: AddressBook;
  readonly agentsChannels: readonly string[];
  /** The tenant that the agents' channels are in, lower case. */
  readonly homeTenantId: string | null;
  /** Whether the bot's token may be sent to an address. */
  readonly mayCall: (serviceUrl: string) => boolean;
}

/** Where conversations are reached. An address that is not on the host list is never used, wherever it comes from. */
export interface KnownAddresses {
  remember(installationId: string, address: TeamsAddress): Promise<void>;
  /** @throws {ChatPlatformError} `not-found` while nothing was ever heard from there. */
  find(to: ConversationRef): Promise<TeamsAddress>;
}

/** So many conversations' addresses are held in memory, so that not every event is a write. */
const CACHE_SIZE = 10_000;

export function createKnownAddresses(deps: KnownAddressesDeps): KnownAddresses {
  const cache = new Map<string, string>();
  /** Agents' channels, each of an installation, that somebody has written in. */
  const heardFrom = new Set<string>();
  const keep = async (installationId: string, key: string, encoded: string): Promise<void> => {
    const cacheKey = `${installationId}/${key}`;
    if (cache.get(cacheKey) === encoded) return;
    await deps.addresses.remember({ installationId, key }, encoded);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(cacheKey, encoded);
  };
  const look = async (installationId: string, key: string, conversationId: string): Promise<TeamsAddress | null> => {
    const stored = await deps.addresses.find({ installationId, key }).catch((error: unknown) => {
      // Nothing was posted: the same call may simply be made again.
      throw new ChatPlatformError("rate-limited", "find address", { cause: error });
    });
    const address = stored === null ? null : decodeAddress(conversationId, stored);
    return address !== null && deps.mayCall(address.serviceUrl) ? address : null;
  };
  return {
    async remember(installationId, address) {
      await keep(installationId, address.conversationId, encodeAddress(address));
      if (address.tenantId !== deps.homeTenantId) return;
      for (const channel of deps.agentsChannels) {
        const isThere = channelOf(address.conversationId) === channel;
        if (isThere) heardFrom.add(`${installationId}/${channel}`);
        // Nobody may ever have written there: then the tenant's other conversations tell where it probably is.
        if (!isThere && heardFrom.has(`${installationId}/${channel}`)) continue;
        await keep(installationId, channel, encodeAddress({ ...address, type: "channel" }));
      }
    },
    async find({ installationId, key }) {
      const found = await look(installationId, key, key);
      // A thread that the bot started is reached where its channel is.
      const address = found ?? (await look(installationId, channelOf(key), key));
      if (address === null) throw new ChatPlatformError("not-found", "find address");
      return address;
    },
  };
}
