import type { InboundEvent } from "../../src/ports/chat.js";
import type { Queryable } from "../../src/ports/database.js";
import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import type { NewId } from "../../src/ports/ids.js";
import { CONFLICT_STATES, DatabaseError } from "./database-error.js";
import { readInboundEvent, serializeInboundEvent } from "./inbound-event-codec.js";
import { PREPARED } from "./prepared.js";

export interface AcceptedEvent {
  readonly inboxId: string;
  readonly conversationId: string;
  readonly duplicate: boolean;
}

interface AcceptedRow {
  /** Counts from 1. */
  ord: string | number;
  inbox_id: string;
  conversation_id: string;
  duplicate: boolean;
}

interface Waiting {
  readonly event: InboundEvent;
  readonly payload: string;
  readonly since: number;
  readonly resolve: (accepted: AcceptedEvent) => void;
  readonly reject: (error: unknown) => void;
}

// Much cheaper to plan and run than a list of one.
const ACCEPT_ONE = `
  select 1 as ord, inbox_id, conversation_id, duplicate
    from accept_event($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::text, $8::text, $9::int,
                      $10::timestamptz, $11::text::jsonb)`;

// One after the other: each call sees what the one before it stored.
const ACCEPT_EVENTS = `
  select given.ord, accepted.inbox_id, accepted.conversation_id, accepted.duplicate
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::int[], $10::timestamptz[], $11::text[])
         with ordinality as given (inbox, conversation, installation, key, event, kind, channel, message, revision,
                                   occurred, payload, ord)
   cross join lateral accept_event(given.inbox, given.conversation, given.installation, given.key, given.event,
                                   given.kind, given.channel, given.message, given.revision, given.occurred,
                                   given.payload::jsonb) as accepted`;

export interface Gathering {
  /** Statements at once. While they run, what comes gathers for the next. */
  readonly atOnce: number;
  /** Events in one statement. */
  readonly together: number;
}

const GATHERING: Gathering = { atOnce: 2, together: 64 };
/** What the database has not begun to take by then is refused: the platform gives up soon, and delivers again. */
const LONGEST_WAIT_MS = 2_000;

/**
 * Stores events, each once. One that comes alone is stored at once; those that come while others are being stored go
 * together, as one statement and one commit. The promise of each is kept for itself: it resolves once its own event is
 * safe, and what is wrong with another's does not touch it.
 */
export function createEventAcceptor(
  db: Queryable,
  newId: NewId,
  { atOnce, together }: Gathering = GATHERING,
): (event: InboundEvent) => Promise<AcceptedEvent> {
  const waiting: Waiting[] = [];
  let running = 0;

  const start = (): void => {
    while (running < atOnce && waiting.length > 0) {
      running += 1;
      void storeTogether(db, newId, waiting.splice(0, together)).finally(() => {
        running -= 1;
        start();
      });
    }
  };

  return (event) =>
    new Promise((resolve, reject) => {
      const payload = serializeInboundEvent(event);
      // What could not be read back later must not be acknowledged now.
      if (readInboundEvent(JSON.parse(payload)) === null) {
        reject(new UsageError(`a ${event.kind} event is malformed`));
        return;
      }
      waiting.push({ event, payload, since: performance.now(), resolve, reject });
      start();
    });
}

/** Settles each of them; never rejects. */
async function storeTogether(db: Queryable, newId: NewId, taken: readonly Waiting[]): Promise<void> {
  const [inTime, late] = partition(taken, ({ since }) => performance.now() - since <= LONGEST_WAIT_MS);
  for (const { reject } of late) reject(new DatabaseError("the database was too busy", { isRetryable: true }));
  // In one order everywhere: two processes that store the same conversations at once do not wait for each other in a ring.
  const together = inTime.toSorted((left, right) => compare(orderOf(left), orderOf(right)));
  try {
    await store(db, newId, together);
  } catch (error) {
    if (together.length === 1 || isAboutAll(error)) for (const { reject } of together) reject(error);
    else for (const one of together) await storeTogether(db, newId, [one]);
  }
}

async function store(db: Queryable, newId: NewId, together: readonly Waiting[]): Promise<void> {
  if (together.length === 0) return;
  const columns = [
    together.map(() => newId()),
    together.map(() => newId()),
    together.map(({ event }) => event.conversation.installationId),
    together.map(({ event }) => event.conversation.key),
    together.map(({ event }) => event.eventId),
    together.map(({ event }) => event.kind),
    together.map(({ event }) => event.channelId),
    together.map(({ event }) => event.messageId),
    together.map(({ event }) => event.revision),
    together.map(({ event }) => event.occurredAt.toISOString()),
    together.map(({ payload }) => payload),
  ];
  const { rows } =
    together.length === 1
      ? await db.query<AcceptedRow>(ACCEPT_ONE, columns.flat(), PREPARED)
      : await db.query<AcceptedRow>(ACCEPT_EVENTS, columns);
  const accepted = new Map(rows.map((row) => [Number(row.ord), row]));
  for (const [index, { event, resolve, reject }] of together.entries()) {
    const row = accepted.get(index + 1);
    if (row === undefined) reject(new NotFoundError(`no installation ${event.conversation.installationId}`));
    else resolve({ inboxId: row.inbox_id, conversationId: row.conversation_id, duplicate: row.duplicate });
  }
}

/** The database is away for all of them. Anything else may be the fault of one, which must not take the others along. */
function isAboutAll(error: unknown): boolean {
  return error instanceof DatabaseError && error.isRetryable && !CONFLICT_STATES.has(error.sqlState ?? "");
}

function orderOf({ event }: Waiting): string {
  const { conversation, messageId } = event;
  return `${conversation.installationId} ${conversation.key} ${messageId}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  const [first, second]: [T[], T[]] = [[], []];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}
