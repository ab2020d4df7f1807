import type { Database, Queryable } from "../../src/ports/database.js";
import { stemWord } from "../../src/text/stem.js";
import type { TenantId } from "../../src/ports/ids.js";
import { fromStored, type Abbreviation } from "./abbreviations.js";
import { IN_FORCE } from "./in-force.js";
import { createSynonyms, type PlacedSynonym, type SynonymGroup, type Synonyms } from "./synonyms.js";

/** So long an abbreviation that a document explains since may be missing. */
const MAX_AGE_MS = 60_000;
/** The most often explained ones of a knowledge base, and of what one abbreviation stands for. */
const MOST = { abbreviations: 1_000, meanings: 3 } as const;
/** Audiences whose abbreviations are held at the same time; further ones are read again. */
const MAX_AUDIENCES = 200;

const READ = `
  select explained.stored, count(distinct document_id) as documents
    from (
      select document_id, abbreviations from search_chunk
       where tenant_id = $1 and abbreviations is not null and acl && $2::text[] and ${IN_FORCE}
    ) as indexed
    cross join lateral unnest(indexed.abbreviations) as explained (stored)
   group by explained.stored
   order by documents desc, explained.stored
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
  /** How long what was read counts, in milliseconds; a minute unless told. */
  readonly maxAgeMs?: number | undefined;
  /** In milliseconds. */
  readonly now?: () => number;
}

/**
 * What means the same in a house: what it was told, and the abbreviations that its documents explain, of those that somebody may
 * read. Where it was told something for an abbreviation, that counts alone.
 */
export class HouseSynonyms {
  readonly #dependencies: HouseSynonymsDependencies;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  readonly #told: Synonyms | null;
  readonly #held = new Map<string, Held>();

  constructor(dependencies: HouseSynonymsDependencies) {
    this.#dependencies = dependencies;
    this.#maxAgeMs = dependencies.maxAgeMs ?? MAX_AGE_MS;
    this.#now = dependencies.now ?? (() => performance.now());
    this.#told = createSynonyms(dependencies.told);
  }

  /**
   * What is said in a text otherwise than the house may have it. What was read before is read again where the text holds something of it,
   * so that nobody is told words of a document that is gone, or that they may read no longer. @throws {DatabaseError}
   */
  async find(tenantId: TenantId, audience: readonly string[], text: string): Promise<readonly PlacedSynonym[]> {
    if (!this.#dependencies.mines) return this.#told?.find(text) ?? [];
    const key = JSON.stringify([tenantId, ...[...audience].sort()]);
    const known = this.#held.get(key);
    if (known !== undefined && this.#now() - known.readAt < this.#maxAgeMs) {
      const said = (await known.synonyms)?.find(text) ?? [];
      if (said.length === 0) return [];
    }
    return (await this.#readAgain(key, tenantId, audience))?.find(text) ?? [];
  }

  async #readAgain(key: string, tenantId: TenantId, audience: readonly string[]): Promise<Synonyms | null> {
    const held = { readAt: this.#now(), synonyms: this.#read(tenantId, audience) };
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

/** A group for each meaning, because two meanings of an abbreviation do not mean the same. `KPIs` are several of `KPI`. */
function toGroups(mined: readonly Abbreviation[], told: readonly SynonymGroup[]): readonly SynonymGroup[] {
  const known = new Set(told.flatMap(({ words }) => words.map((word) => word.toLowerCase())));
  const meanings = new Map<string, Map<string, SynonymGroup>>();
  for (const { short, long } of mined) {
    const one = short.replace(PLURAL, "$1");
    const key = one.toLowerCase();
    if (known.has(key)) continue;
    const ofShort = meanings.get(key) ?? new Map<string, SynonymGroup>();
    meanings.set(key, ofShort);
    const words = [one, ...pluralOf(one), long];
    if (ofShort.size < MOST.meanings && !ofShort.has(long.toLowerCase())) ofShort.set(long.toLowerCase(), { words });
  }
  return [...meanings.values()].flatMap((ofShort) => [...ofShort.values()]);
}

/** Where the stem does not tell: `kpis` keeps its s, `vpns` does not. */
function pluralOf(short: string): readonly string[] {
  const plural = `${short}s`;
  const isAnother = stemWord(plural.toLowerCase(), "english") !== stemWord(short.toLowerCase(), "english");
  return /\p{Lu}$/u.test(short) && isAnother ? [plural] : [];
}

const PLURAL = /(\p{Lu})s$/u;
