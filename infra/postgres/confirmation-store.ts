import { z } from "zod";
import {
  codeOf,
  CONFIRMATION_MINUTES,
  type Asker,
  type CommandConfirmations,
  type TakenConfirmation,
} from "../../src/ports/confirmations.js";
import type { Database, Queryable } from "../../src/ports/database.js";
import type { NewId } from "../../src/ports/ids.js";

const ASK = `
  insert into command_confirmation (id, tenant_id, installation_id, author_id, command, created_at, expires_at)
    values ($1::uuid, $2, $3::uuid, $4, $5::jsonb, clock_timestamp(),
            clock_timestamp() + make_interval(mins => $6::int))`;

// Of two with the same end the newest is meant: the other one is older than whoever typed this saw last.
const FIND = `
  select id, command, used_at is not null as is_used, coalesce(used_by = $5, false) as is_used_by_this, expires_at <= clock_timestamp() as is_expired,
         author_id = $4 and installation_id is not distinct from $3::uuid as is_own
    from command_confirmation
   where tenant_id = $1 and (id::text = $2 or right(id::text, length($2)) = $2)
   order by author_id = $4 and installation_id is not distinct from $3::uuid desc, created_at desc
   limit 1
     for update`;

const USE = `
  update command_confirmation set used_at = clock_timestamp(), used_by = $3 where tenant_id = $1 and id = $2::uuid`;

const FORGET = `
  delete from command_confirmation where tenant_id = $1 and expires_at < clock_timestamp() - interval '1 day'`;

interface FoundRow {
  readonly id: string;
  readonly command: unknown;
  readonly is_used: boolean;
  readonly is_used_by_this: boolean;
  readonly is_expired: boolean;
  readonly is_own: boolean;
}

const commandSchema = z.object({ line: z.string(), sourceIds: z.array(z.string()).default([]) });

/** See {@link CommandConfirmations}. Times are the database's. */
export function createConfirmationStore(database: Database, newId: NewId): CommandConfirmations {
  return {
    ask: ({ tenantId, installationId, authorId }, line, sourceIds) =>
      database.withTenant(tenantId, async (transaction) => {
        const id = newId();
        const command = JSON.stringify({ line, sourceIds });
        await transaction.query(FORGET, [tenantId]);
        await transaction.query(ASK, [id, tenantId, installationId, authorId, command, CONFIRMATION_MINUTES]);
        return { confirmationId: id, code: codeOf(id) };
      }),
    take: (asker, code, eventId) =>
      database.withTenant(asker.tenantId, (transaction) => take(transaction, asker, code, eventId)),
  };
}

async function take(
  transaction: Queryable,
  asker: Asker,
  code: string,
  eventId: string | null,
): Promise<TakenConfirmation> {
  const { tenantId, installationId, authorId } = asker;
  const values = [tenantId, code.toLowerCase(), installationId, authorId, eventId];
  const { rows } = await transaction.query<FoundRow>(FIND, values);
  const [found] = rows;
  if (found === undefined) return { kind: "unknown" };
  if (!found.is_own) return { kind: "not-yours" };
  const command = commandSchema.parse(found.command);
  if (found.is_used_by_this) return { kind: "taken", ...command };
  if (found.is_used) return { kind: "used" };
  if (found.is_expired) return { kind: "expired" };
  await transaction.query(USE, [tenantId, found.id, eventId]);
  return { kind: "taken", ...command };
}
