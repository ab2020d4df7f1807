import type { Queryable } from "../../src/ports/database.js";
import type { NotFoundError } from "../../src/ports/errors.js";
import type { TenantId } from "../../src/ports/ids.js";
import { unknownSource } from "../../src/ports/unknown-source.js";

const NAMES = `
  select name from source where tenant_id = $1 and stepped_aside_at is null and removed_at is null order by is_demo, name`;

/** To be thrown where no source has the name: it tells the names that there are. */
export async function noSourceNamed(transaction: Queryable, tenantId: TenantId, name: string): Promise<NotFoundError> {
  const { rows } = await transaction.query<{ name: string }>(NAMES, [tenantId]);
  return unknownSource(
    name,
    rows.map((row) => row.name),
  );
}
