import { createHash } from "node:crypto";
import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { EmbeddingModel } from "../../src/ports/models.js";

/** Texts of one call of the model, and how many calls of an indexer are under way at once. */
const TEXTS_PER_CALL = 256;
const CALLS_AT_ONCE = 4;

/** What a text is known by among those that were embedded. */
export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

// For each text at most one look at an index of rows, planned so with and without statistics.
const KNOWN_TEXTS = `
  select encode(wanted.text_hash, 'hex') as hash
    from unnest($4::bytea[]) as wanted (text_hash)
   where exists (
     select from search_index as index
       cross join lateral (
         select from chunk_embedding as embedded
          where embedded.tenant_id = $1 and embedded.index_id = index.id and embedded.text_hash = wanted.text_hash
          limit 1
       ) as known
      where index.tenant_id = $1 and index.model = $2 and index.dimensions = $3::int)`;

/** Those of the texts whose vectors the tenant has in this vector space. */
export async function readKnownTexts(
  transaction: Queryable,
  tenantId: TenantId,
  { id, dimensions }: Pick<EmbeddingModel, "id" | "dimensions">,
  hashes: readonly string[],
): Promise<ReadonlySet<string>> {
  if (hashes.length === 0) return new Set();
  const values = [tenantId, id, dimensions, hashes.map(toBytes)];
  const { rows } = await transaction.query<{ hash: string }>(KNOWN_TEXTS, values);
  return new Set(rows.map((row) => row.hash));
}

export function toBytes(hash: string): Buffer {
  return Buffer.from(hash, "hex");
}

/** Embeds texts in several calls, some of them at the same time; all that use one of these share the limit. */
export class EmbeddingCalls {
  readonly #model: EmbeddingModel;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(model: EmbeddingModel) {
    this.#model = model;
  }

  /** One vector for each text, in order. @throws {ModelError} */
  async embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    const calls: readonly string[][] = Array.from({ length: Math.ceil(texts.length / TEXTS_PER_CALL) }, (_, index) =>
      texts.slice(index * TEXTS_PER_CALL, (index + 1) * TEXTS_PER_CALL),
    );
    const vectors = await Promise.all(calls.map((call) => this.#call(call, signal)));
    return vectors.flat();
  }

  async #call(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    if (this.#running >= CALLS_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      signal.throwIfAborted();
      return await this.#model.embed(texts, signal);
    } finally {
      const next = this.#waiting.shift();
      // Whoever waits takes over this one's place.
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
