import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** An inbox row, as far as what became of it. */
export interface InboxRow {
  readonly message_id: string;
  readonly channel_id: string;
  readonly outcome: string | null;
}

/** What somebody had begun to work on: ids of inbox rows and of deliveries. */
export interface WorkInProgress {
  readonly events: readonly string[];
  readonly deliveries: readonly string[];
}

const POLL_MS = 250;
/** For what is over soon after it began. */
const POLL_NOW_MS = 10;

const INBOX = "select message_id, channel_id, outcome from inbox order by seq";

// One statement, so that nothing moves between its halves. A delivery that is pending after an attempt waits for its next.
const IN_PROGRESS = `
  select array(select id::text from inbox where attempts > 0 and outcome is null) as events,
         array(select id::text from delivery
                where state in ('streaming', 'sending') or (state = 'pending' and attempt > 0)) as deliveries`;

const STILL_OPEN = `
  select (select count(*) from inbox where id = any($1::uuid[]) and outcome is null)::int as events,
         (select count(*) from delivery
           where id = any($2::uuid[]) and state in ('streaming', 'pending', 'sending'))::int as deliveries`;

const ALL_OPEN = `
  select (select count(*) from inbox where outcome is null)::int as events,
         (select count(*) from delivery where state in ('streaming', 'pending', 'sending'))::int as deliveries`;

interface OpenCounts {
  readonly events: number;
  readonly deliveries: number;
}

export function readInbox(url: string): Promise<readonly InboxRow[]> {
  return select<InboxRow>(url, INBOX);
}

export async function workInProgress(url: string): Promise<WorkInProgress> {
  const [work] = await select<WorkInProgress>(url, IN_PROGRESS);
  return work ?? { events: [], deliveries: [] };
}

/** Milliseconds from `since` (of `performance.now()`) until all of this work is done; infinite when it is not in time. */
export function untilFinished(url: string, work: WorkInProgress, since: number, withinMs: number): Promise<number> {
  return untilNoneOpen(() => select<OpenCounts>(url, STILL_OPEN, [work.events, work.deliveries]), since, withinMs);
}

/** Milliseconds from `since` until no event and no delivery is open; infinite when one still is after that time. */
export function untilAllDone(url: string, since: number, withinMs: number): Promise<number> {
  return untilNoneOpen(() => select<OpenCounts>(url, ALL_OPEN), since, withinMs);
}

/** Resolves while somebody works on an event that had not been begun before. @throws when nobody does in this time. */
export async function untilMoreIsBegun(url: string, { events }: WorkInProgress, withinMs: number): Promise<void> {
  const since = performance.now();
  const begun = new Set(events);
  while ((await workInProgress(url)).events.every((id) => begun.has(id))) {
    if (performance.now() - since > withinMs) throw new Error("nobody began to work on anything");
    await sleep(POLL_NOW_MS);
  }
}

async function untilNoneOpen(
  count: () => Promise<readonly OpenCounts[]>,
  since: number,
  withinMs: number,
): Promise<number> {
  for (;;) {
    const [open] = await count();
    const ms = performance.now() - since;
    if (open?.events === 0 && open.deliveries === 0) return ms;
    if (ms > withinMs) return Number.POSITIVE_INFINITY;
    await sleep(POLL_MS);
  }
}

/** As the superuser of the tests, who reads past row-level security. */
async function select<Row extends object>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
