import type { Queryable } from "../../src/ports/database.js";
import { UsageError } from "../../src/ports/errors.js";
import type { TenantId } from "../../src/ports/ids.js";
import { sharedSecretVariable } from "../../src/ports/source-secrets.js";

// Of two transactions that add names the later one sees the name of the earlier one.
const TAKE_TURNS = `select pg_advisory_xact_lock(hashtextextended('source names of ' || $1::text, 0))`;

// Demo documents lie on this machine and are sent no secret.
const OTHER_NAMES = `
  select name, bool_and(removed_at is not null) as is_removed
    from source where tenant_id = $1 and name <> $2 and not is_demo
   group by name order by name`;

interface OtherRow {
  readonly name: string;
  readonly is_removed: boolean;
}

/**
 * A secret is one source's: no other source, removed or not, may be read from a place that would be sent it.
 * @throws {UsageError} for a name whose variable is that of another source
 */
export async function refuseSharedSecret(transaction: Queryable, tenantId: TenantId, name: string): Promise<void> {
  await transaction.query(TAKE_TURNS, [tenantId]);
  const { rows } = await transaction.query<OtherRow>(OTHER_NAMES, [tenantId, name]);
  for (const other of rows) {
    const variable = sharedSecretVariable(name, other.name);
    if (variable === null) continue;
    const which = other.is_removed ? `${other.name}, which was removed,` : other.name;
    const advice = "Choose a name that differs in its letters (A to Z) or digits";
    const instead = other.is_removed ? `, or delete that one for good: deskhand kb remove ${other.name} --forever` : "";
    throw new UsageError(`${name} and ${which} would have one variable for secrets: ${variable}. ${advice}${instead}.`);
  }
}
