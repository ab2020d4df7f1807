import type { Database, Queryable } from "../../src/ports/database.js";
import { NotFoundError, UsageError } from "../../src/ports/errors.js";
import type { NewId, TenantId } from "../../src/ports/ids.js";
import {
  ENTRIES_SOURCE,
  type EntriesSource,
  type EntryState,
  type EntryStep,
  type EntryWriter,
  type KnowledgeEntries,
  type KnowledgeEntry,
  type NewKnowledgeEntry,
  type ReleasedEntry,
} from "../../src/ports/knowledge-entries.js";
import type { ChunkIndexer } from "../search/chunk-indexer-port.js";
import { insertSource, readSource } from "../sync/source-store.js";
import { recordChange } from "./audit-store.js";
import { retireEntry } from "./retire-entry.js";

export interface EntryDependencies {
  readonly database: Database;
  readonly indexer: Pick<ChunkIndexer, "retire">;
  readonly newId: NewId;
  /** Whether another person than the writer has to approve. */
  readonly fourEyes: boolean;
}

/** From which states a step can be taken, and where it leads. */
const STEPS: Readonly<Record<EntryStep, { readonly from: readonly EntryState[]; readonly to: EntryState }>> = {
  approve: { from: ["draft"], to: "approved" },
  publish: { from: ["approved"], to: "published" },
  archive: { from: ["draft", "approved", "published"], to: "archived" },
};

/** See {@link KnowledgeEntries}. */
export function createKnowledgeEntries(dependencies: EntryDependencies): KnowledgeEntries {
  const { database } = dependencies;
  return {
    write: (tenantId, entry, by) =>
      database.withTenant(tenantId, (transaction) => write(dependencies, transaction, tenantId, entry, by)),
    step: (tenantId, code, step, by) =>
      database.withTenant(tenantId, (transaction) => take(dependencies, transaction, tenantId, { code, step, by })),
    release: (tenantId, entry, actor) =>
      database.withTenant(tenantId, (transaction) => release(dependencies, transaction, tenantId, entry, actor)),
    list: (tenantId, state) =>
      database.withTenant(tenantId, async (transaction) => {
        const { rows } = await transaction.query<EntryRow>(LIST, [tenantId, state]);
        return rows.map(toEntry);
      }),
  };
}

const COLUMNS = `entry.id, entry.state, entry.question, entry.variants, entry.answer, entry.valid_until,
         entry.created_at, entry.created_by, entry.updated_at, entry.updated_by, entry.approved_by, entry.published_at,
         entry.step_event_id, (select name from source where source.id = entry.source_id) as source_name`;

interface EntryRow {
  readonly id: string;
  readonly state: EntryState;
  readonly question: string;
  readonly variants: string[];
  readonly answer: string;
  readonly valid_until: Date | null;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
  readonly approved_by: string | null;
  readonly published_at: Date | null;
  readonly step_event_id: string | null;
  readonly source_name: string;
}

// Entries of a source that was removed went with it, and come back with it.
const PRESENT = `
    from kb_entry as entry
    join source on source.id = entry.source_id and source.tenant_id = $1 and source.removed_at is null
   where entry.tenant_id = $1`;

const LIST = `
  select ${COLUMNS} ${PRESENT} and ($2::text is null or entry.state = $2)
   order by entry.updated_at desc, entry.id desc`;

function toEntry(row: EntryRow): KnowledgeEntry {
  return {
    entryId: row.id,
    source: row.source_name,
    state: row.state,
    question: row.question,
    variants: row.variants,
    answer: row.answer,
    validUntil: row.valid_until?.toISOString().slice(0, 10) ?? null,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
    approvedBy: row.approved_by,
    publishedAt: row.published_at?.toISOString() ?? null,
  };
}

// The last day counts whole, in UTC. What an event asks for has its id: the same event makes no second one.
const INSERT = `
  insert into kb_entry as entry (id, tenant_id, source_id, state, question, variants, answer, acl, valid_until,
                                 created_at, created_by, updated_at, updated_by)
    values ($2::uuid, $1, $3::uuid, 'draft', $4, $5::text[], $6, '{public}',
            ($7::date + time '23:59:59') at time zone 'UTC', clock_timestamp(), $8, clock_timestamp(), $8)
    on conflict (id) do nothing
  returning ${COLUMNS}`;

const WRITTEN = `
  select ${COLUMNS} from kb_entry as entry where entry.tenant_id = $1 and entry.id = $2::uuid`;

async function write(
  { newId }: EntryDependencies,
  transaction: Queryable,
  tenantId: TenantId,
  { question, answer, variants, validUntil }: NewKnowledgeEntry,
  { actor, eventId }: EntryWriter,
): Promise<KnowledgeEntry> {
  const sourceId = await ensureSource(transaction, tenantId, newId, ENTRIES_SOURCE);
  const entryId = eventId ?? newId();
  const values = [tenantId, entryId, sourceId, question, variants, answer, validUntil, actor];
  const { rows } = await transaction.query<EntryRow>(INSERT, values);
  const [row] = rows;
  if (row === undefined) return writtenBefore(transaction, tenantId, entryId);
  const detail = { entry: row.id };
  await recordChange(transaction, tenantId, newId, { actor, action: "write", sourceName: ENTRIES_SOURCE, detail });
  return toEntry(row);
}

async function writtenBefore(transaction: Queryable, tenantId: TenantId, entryId: string): Promise<KnowledgeEntry> {
  const { rows } = await transaction.query<EntryRow>(WRITTEN, [tenantId, entryId]);
  const [row] = rows;
  if (row === undefined) throw new Error("unreachable: no other tenant has an event of that id");
  return toEntry(row);
}

async function ensureSource(
  transaction: Queryable,
  tenantId: TenantId,
  newId: NewId,
  name: EntriesSource,
): Promise<string> {
  const sourceId = newId();
  const source = { name, kind: "entries", location: name, acl: ["public"] } as const;
  if (await insertSource(transaction, tenantId, sourceId, source)) return sourceId;
  const found = await readSource(transaction, tenantId, name);
  if (found?.kind === "entries") return found.sourceId;
  throw new UsageError(`Another source has the name ${name}. Remove it, and add it under another name.`);
}

// The source may have been removed and made anew since it was released first.
const RELEASE = `
  insert into kb_entry as entry (id, tenant_id, source_id, state, question, variants, answer, acl, created_at, created_by,
                                 updated_at, updated_by, approved_by, published_at)
    values ($2::uuid, $1, $3::uuid, 'published', $4, $5::text[], $6, '{public}', clock_timestamp(), $7, clock_timestamp(), $8,
            $8, clock_timestamp())
    on conflict (id) do update
       set source_id = excluded.source_id, state = 'published', question = excluded.question, variants = excluded.variants,
           answer = excluded.answer, updated_at = excluded.updated_at, updated_by = excluded.updated_by,
           approved_by = excluded.approved_by, published_at = excluded.published_at, revision = entry.revision + 1
     where entry.tenant_id = $1
       and (entry.source_id, entry.state, entry.question, entry.variants, entry.answer)
           is distinct from (excluded.source_id, 'published', excluded.question, excluded.variants, excluded.answer)
  returning ${COLUMNS}`;

async function release(
  { newId, fourEyes }: EntryDependencies,
  transaction: Queryable,
  tenantId: TenantId,
  { entryId, source, question, variants, answer, writtenBy }: ReleasedEntry,
  actor: string,
): Promise<KnowledgeEntry> {
  if (fourEyes && writtenBy === actor) {
    throw new UsageError("The words are yours, so somebody else has to approve them (knowledge.fourEyes).");
  }
  const sourceId = await ensureSource(transaction, tenantId, newId, source);
  const values = [tenantId, entryId, sourceId, question, variants, answer, writtenBy, actor];
  const { rows } = await transaction.query<EntryRow>(RELEASE, values);
  const [row] = rows;
  if (row === undefined) return writtenBefore(transaction, tenantId, entryId);
  const detail = { entry: row.id };
  await recordChange(transaction, tenantId, newId, { actor, action: "publish", sourceName: source, detail });
  return toEntry(row);
}

const LOCK = `
  select ${COLUMNS} ${PRESENT} and (entry.id::text = $2 or right(entry.id::text, length($2)) = $2)
   limit 2
     for update of entry`;

const TAKE = `
  update kb_entry as entry
     set state = $3, updated_at = clock_timestamp(), updated_by = $4, revision = revision + 1, step_event_id = $5::uuid,
         approved_by = case when $3 = 'approved' then $4 else approved_by end,
         published_at = case when $3 = 'published' then clock_timestamp() else published_at end
   where entry.tenant_id = $1 and entry.id = $2::uuid
  returning ${COLUMNS}`;

interface Taking {
  readonly code: string;
  readonly step: EntryStep;
  readonly by: EntryWriter;
}

async function take(
  { newId, indexer, fourEyes }: EntryDependencies,
  transaction: Queryable,
  tenantId: TenantId,
  { code, step, by: { actor, eventId } }: Taking,
): Promise<KnowledgeEntry> {
  const before = await lockEntry(transaction, tenantId, code);
  const { from, to } = STEPS[step];
  const isDone = eventId !== null && before.step_event_id === eventId && before.state === to;
  if (isDone) return toEntry(before);
  if (!from.includes(before.state)) {
    throw new UsageError(`This entry is ${before.state}; only one that is ${from.join(" or ")} can be ${to}.`);
  }
  if (step === "approve" && fourEyes && before.created_by === actor) {
    throw new UsageError("You wrote this entry, so another admin has to approve it (knowledge.fourEyes).");
  }
  const { rows } = await transaction.query<EntryRow>(TAKE, [tenantId, before.id, to, actor, eventId]);
  const [row] = rows;
  if (row === undefined) throw new Error("unreachable: the entry is locked");
  if (before.state === "published") await retireEntry(transaction, tenantId, indexer, before);
  const detail = { entry: row.id };
  await recordChange(transaction, tenantId, newId, { actor, action: step, sourceName: before.source_name, detail });
  return toEntry(row);
}

async function lockEntry(transaction: Queryable, tenantId: TenantId, code: string): Promise<EntryRow> {
  const { rows } = await transaction.query<EntryRow>(LOCK, [tenantId, code.toLowerCase()]);
  const [row, other] = rows;
  if (row === undefined) throw new NotFoundError("There is no such entry. See them all: kb entries");
  if (other !== undefined) throw new UsageError("Two entries end like that. Give more of the id.");
  return row;
}
