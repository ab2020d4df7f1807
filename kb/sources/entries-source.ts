import type { Database } from "../../src/ports/database.js";
import { refuseOptions } from "./source-kind.js";
import type { SourceKindDefinition, SourcePlace } from "./source-kind.js";
import { ItemError, type FetchedItem, type FetchRequest, type Source, type SourceListing } from "./source.js";

const LIST = `
  select id, revision,
         state = 'published' and (valid_from is null or valid_from <= clock_timestamp())
           and (valid_until is null or valid_until > clock_timestamp()) as is_answered_from
    from kb_entry where tenant_id = $1 and source_id = $2::uuid
   order by id`;

const ONE = `
  select question, variants, answer, acl, to_char(valid_until at time zone 'UTC', 'YYYY-MM-DD') as last_day, updated_at, updated_by, revision
    from kb_entry where tenant_id = $1 and source_id = $2::uuid and id::text = $3 and state = 'published'`;

interface EntryRow {
  readonly question: string;
  readonly variants: string[];
  readonly answer: string;
  readonly acl: string[];
  readonly last_day: string | null;
  readonly updated_at: Date;
  readonly updated_by: string;
  readonly revision: number;
}

/** Questions and answers that people wrote here. */
export const entriesKind: SourceKindDefinition = {
  checkOptions: refuseOptions,
  async check(record) {
    await Promise.resolve();
    refuseOptions(record);
  },
  open: (_record, place) => Promise.resolve(createEntriesSource(place)),
};

type EntriesPlace = Pick<SourcePlace, "tenantId" | "sourceId"> & { readonly database: Database };

/**
 * Published entries, inside their dates. Entries are only ever added, so that a listing can say of each whether it is
 * answered from; that none is left is then no sign of a place that is out of reach.
 */
function createEntriesSource({ database, tenantId, sourceId }: EntriesPlace): Source {
  return {
    list: () =>
      database.withTenant(tenantId, async (transaction): Promise<SourceListing> => {
        const { rows } = await transaction.query<{ id: string; revision: number; is_answered_from: boolean }>(LIST, [
          tenantId,
          sourceId,
        ]);
        const answered = rows.filter((row) => row.is_answered_from);
        return {
          scope: "changes",
          items: answered.map((row) => ({ externalId: row.id, revision: String(row.revision) })),
          removed: rows.filter((row) => !row.is_answered_from).map((row) => row.id),
          failures: [],
          skipped: [],
          isComplete: true,
          cursor: null,
        };
      }),
    fetch: ({ externalId }: FetchRequest) =>
      database.withTenant(tenantId, async (transaction) => {
        const { rows } = await transaction.query<EntryRow>(ONE, [tenantId, sourceId, externalId]);
        const [row] = rows;
        if (row === undefined) throw new ItemError("gone", "The entry was taken back meanwhile. Sync again.");
        return toItem(externalId, row);
      }),
  };
}

function toItem(externalId: string, row: EntryRow): FetchedItem {
  const { question, variants, answer, acl, last_day, updated_at, updated_by, revision } = row;
  const dates = last_day === null ? {} : { valid_until: last_day };
  const line = { id: externalId, title: question, text: answer, kind: "faq", variants, ...dates };
  return {
    externalId,
    mediaType: "application/vnd.deskhand.corpus-line+json",
    bytes: Buffer.from(JSON.stringify(line)),
    revision: String(revision),
    facts: { title: question, url: null, updatedAt: updated_at.toISOString(), editedBy: updated_by, acl },
  };
}
