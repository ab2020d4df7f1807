import type { OpenDatabase } from "../../infra/postgres/open-database.js";
import { DEFAULT_TENANT } from "../../src/ports/ids.js";

interface InboxRow {
  event_id: string;
  outcome: string | null;
}

/** The outcome of every stored event, by the platform's id of it. */
export async function readOutcomes(database: OpenDatabase): Promise<Map<string, string | null>> {
  const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
    db.query<InboxRow>("select event_id, outcome from inbox where tenant_id = current_tenant()"),
  );
  return new Map(rows.map(({ event_id, outcome }) => [event_id, outcome]));
}

/** States of all deliveries, sorted. */
export async function readDeliveryStates(database: OpenDatabase): Promise<string[]> {
  const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
    db.query<{ state: string }>("select state from delivery where tenant_id = current_tenant() order by state"),
  );
  return rows.map(({ state }) => state);
}

/** Polls until the check holds; fails with what it saw last. */
export async function eventually<T>(
  look: () => T | Promise<T>,
  holds: (seen: T) => boolean,
  limitMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`not so after ${limitMs} ms: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
