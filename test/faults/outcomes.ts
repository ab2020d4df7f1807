import { z } from "zod";
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

const UNFINISHED = `
  select (select count(*) from inbox where tenant_id = current_tenant() and outcome is null)
       + (select count(*) from delivery where tenant_id = current_tenant() and ended_at is null) as unfinished`;

/** Whether every stored event has its outcome and every delivery has ended. */
export async function isQuiet(database: OpenDatabase): Promise<boolean> {
  const { rows } = await database.withTenant(DEFAULT_TENANT, (db) => db.query<{ unfinished: string }>(UNFINISHED));
  return Number(rows[0]?.unfinished) === 0;
}

export const factsSchema = z.strictObject({
  /** The outcome of every stored event of the installation, by the platform's id of it. */
  outcomes: z.record(z.string(), z.string().nullable()),
  deliveries: z.array(z.string()),
  handoffIds: z.array(z.string()),
  /** The states that the conversation's handoff went through, each with who caused it; the last is the one it is in. */
  handoff: z.array(z.string()),
  /** Who said what, oldest first. */
  transcript: z.array(z.string()),
});

export type Facts = z.infer<typeof factsSchema>;

const HANDOFF_IDS = `
  select handoff.id::text as line
    from handoff join conversation on conversation.id = handoff.conversation_id
   where conversation.key = $1 and conversation.tenant_id = current_tenant()`;

const HANDOFF_STEPS = `
  select case handoff_event.event when 'reply' then 'first reply' else handoff_event.to_state end
         || ' by ' || handoff_event.actor_name as line
    from handoff_event
    join handoff on handoff.id = handoff_event.handoff_id
    join conversation on conversation.id = handoff.conversation_id
   where conversation.key = $1 and conversation.tenant_id = current_tenant()
   order by handoff_event.at, handoff_event.id`;

const TRANSCRIPT = `
  select transcript_entry.speaker || ': ' || transcript_entry.body as line
    from transcript_entry join conversation on conversation.id = transcript_entry.conversation_id
   where conversation.key = $1 and conversation.tenant_id = current_tenant()
   order by transcript_entry.seq`;

export async function readFacts(database: OpenDatabase, conversationKey: string): Promise<Facts> {
  const lines = async (statement: string) => {
    const { rows } = await database.withTenant(DEFAULT_TENANT, (db) =>
      db.query<{ line: string }>(statement, [conversationKey]),
    );
    return rows.map(({ line }) => line);
  };
  return {
    outcomes: Object.fromEntries(await readOutcomes(database)),
    deliveries: await readDeliveryStates(database),
    handoffIds: await lines(HANDOFF_IDS),
    handoff: await lines(HANDOFF_STEPS),
    transcript: await lines(TRANSCRIPT),
  };
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
