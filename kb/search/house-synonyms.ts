import type { Database, Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import { fromStored, type Abbreviation } from "./abbreviations.js";
import { IN_FORCE } from "./in-force.js";
import { createSynonyms, type SynonymGroup, type Synonyms } from "./synonyms.js";

/** So long an abbreviation that a document explains since may be missing, and one that none explains any more be there. */
const MAX_AGE_MS = 60_000;
/** The most often explained ones of a knowledge base, and of what one abbreviation stands for. */
const MOST = { abbreviations: 1_000, meanings: 3 } as const;
/** Audiences whose abbreviations are held at the same time; further ones are read again. */
const MAX_AUDIENCES = 200;

const READ = `
  select explained.stored, count(*)::float8 as chunks
    from (
      select abbreviations from search_chunk
       where tenant_id = $1 and abbreviations is not null and acl && $2::text[] and ${IN_FORCE}
    ) as indexed
    cross join lateral unnest(indexed.abbreviations) as explained (stored)
   group by explained.stored
   order by chunks desc, explained.stored
   limit ${MOST.abbreviations}`;

interface Held {
  readonly readAt: number;
  readonly synonyms: Promise<Synonyms | null>;
}

interface HouseSynonymsDependencies {
  readonly database: Database;
  /** Told by whoever runs the house. */
  readonly told: readonly SynonymGroup[];
  /** Whether abbreviations that documents explain are synonyms too. */
  readonly mines: boolean;
  /** In milliseconds. */
  readonly now?: () => number;
}

/**
 * What means the same in a house: what it was told, and the abbreviations that its documents explain, of those that somebody may
 * read. Where it was told something for an abbreviation, that counts alone.
 */
export class HouseSynonyms {
  readonly #dependencies: Required<HouseSynonymsDependencies>;
  readonly #told: Synonyms | null;
  readonly #held = new Map<string, Held>();

  constructor({ now = () => performance.now(), ...dependencies }: HouseSynonymsDependencies) {
    this.#dependencies = { ...dependencies, now };
    this.#told = createSynonyms(dependencies.told);
  }

  /** Null where nothing means the same. @throws {DatabaseError} */
  async of(tenantId: TenantId, audience: readonly string[]): Promise<Synonyms | null> {
    const { mines, now } = this.#dependencies;
    if (!mines) return this.#told;
    const key = JSON.stringify([tenantId, ...[...audience].sort()]);
    const known = this.#held.get(key);
    if (known !== undefined && now() - known.readAt < MAX_AGE_MS) return known.synonyms;
    const held = { readAt: now(), synonyms: this.#read(tenantId, audience) };
    this.#hold(key, held);
    try {
      return await held.synonyms;
    } catch (error) {
      if (this.#held.get(key) === held) this.#held.delete(key);
      throw error;
    }
  }

  #hold(key: string, held: Held): void {
    this.#held.delete(key);
    this.#held.set(key, held);
    const [oldest] = this.#held.keys();
    if (this.#held.size > MAX_AUDIENCES && oldest !== undefined) this.#held.delete(oldest);
  }

  async #read(tenantId: TenantId, audience: readonly string[]): Promise<Synonyms | null> {
    const { database, told } = this.#dependencies;
    const found = await database.withTenant(tenantId, (transaction) => readMined(transaction, tenantId, audience));
    const groups = toGroups(found, told);
    return groups.length === 0 ? this.#told : createSynonyms([...told, ...groups]);
  }
}

async function readMined(
  transaction: Queryable,
  tenantId: TenantId,
  audience: readonly string[],
): Promise<readonly Abbreviation[]> {
  const { rows } = await transaction.query<{ stored: string }>(READ, [tenantId, audience], { isPrepared: true });
  return rows.map(({ stored }) => fromStored(stored));
}

/** A group for each meaning, because two meanings of an abbreviation do not mean the same. */
function toGroups(mined: readonly Abbreviation[], told: readonly SynonymGroup[]): readonly SynonymGroup[] {
  const known = new Set(told.flatMap(({ words }) => words.map((word) => word.toLowerCase())));
  const meanings = new Map<string, Map<string, SynonymGroup>>();
  for (const { short, long } of mined) {
    const key = short.toLowerCase();
    if (known.has(key)) continue;
    const ofShort = meanings.get(key) ?? new Map<string, SynonymGroup>();
    meanings.set(key, ofShort);
    if (ofShort.size < MOST.meanings && !ofShort.has(long.toLowerCase()))
      ofShort.set(long.toLowerCase(), { words: [short, long] });
  }
  return [...meanings.values()].flatMap((ofShort) => [...ofShort.values()]);
}
