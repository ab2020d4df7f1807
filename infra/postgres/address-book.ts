import type { AddressBook, ConversationRef, Participation } from "../../src/ports/chat.js";
import type { Database } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";

interface AddressRow {
  address: string;
}

// An unchanged address is not written again: every event of a conversation comes by here.
const REMEMBER = `
  insert into conversation_address as known (tenant_id, installation_id, key, address)
    values ($1, $2::uuid, $3, $4)
  on conflict (installation_id, key) do update set address = excluded.address, updated_at = now()
    where known.address <> excluded.address`;

const FIND = `
  select address from conversation_address where tenant_id = $1 and installation_id = $2::uuid and key = $3`;

const TAKES_PART = `
  select exists (
    select from conversation where tenant_id = $1 and installation_id = $2::uuid and key = $3
  ) as takes_part`;

type TenantOf = (installationId: string) => Promise<TenantId>;

/** Addresses of conversations, kept in the database so that every worker can reach every conversation. */
export function createAddressBook(database: Database, tenantOf: TenantOf): AddressBook {
  return {
    async remember({ installationId, key }, address) {
      const tenantId = await tenantOf(installationId);
      await database.withTenant(tenantId, (db) => db.query(REMEMBER, [tenantId, installationId, key, address]));
    },
    async find({ installationId, key }) {
      const tenantId = await tenantOf(installationId);
      return database.withTenant(tenantId, async (db) => {
        const { rows } = await db.query<AddressRow>(FIND, [tenantId, installationId, key]);
        return rows[0]?.address ?? null;
      });
    },
  };
}

const RELAYED_IN = `
  select conversation.key
    from delivery
    join conversation on conversation.id = delivery.conversation_id
   where delivery.tenant_id = $1 and delivery.platform_id = $4 and delivery.purpose = 'relay'
     and delivery.operation = 'post' and conversation.tenant_id = $1 and conversation.installation_id = $2::uuid
     and (conversation.key = $3 or starts_with(conversation.key, $3 || ':'))
   limit 1`;

/** A conversation is known once something in it was accepted, or once the bot posted there. */
export function createParticipation(database: Database, tenantOf: TenantOf): Participation {
  return {
    async takesPartIn({ installationId, key }: ConversationRef) {
      const tenantId = await tenantOf(installationId);
      return database.withTenant(tenantId, async (db) => {
        const { rows } = await db.query<{ takes_part: boolean }>(TAKES_PART, [tenantId, installationId, key]);
        return rows[0]?.takes_part === true;
      });
    },
    async relayedIn(installationId, channel, platformId) {
      const tenantId = await tenantOf(installationId);
      return database.withTenant(tenantId, async (db) => {
        const values = [tenantId, installationId, channel, platformId];
        const { rows } = await db.query<{ key: string }>(RELAYED_IN, values);
        const [row] = rows;
        return row === undefined ? null : { installationId, key: row.key };
      });
    },
  };
}
