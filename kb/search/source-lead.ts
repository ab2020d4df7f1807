import type { Queryable } from "../../src/ports/database.js";
import type { TenantId } from "../../src/ports/ids.js";
import type { Candidate } from "./fuse.js";

/** A difference in the fused score of 0.2 makes one candidate e times as good a witness as another. */
const STEEPNESS = 5;
/** Keeps what a source with one candidate shows small. */
const PRIOR = 0.1;

const READ_SOURCES = `
  select wanted.id::text as document_id, document.source_id::text as source_id
    from unnest($2::uuid[]) as wanted (id)
    cross join lateral (select source_id from document where id = wanted.id and tenant_id = $1 offset 0) as document`;

/** The source of each document. */
export async function readSources(
  transaction: Queryable,
  tenantId: TenantId,
  documentIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await transaction.query<{ document_id: string; source_id: string }>(READ_SOURCES, [
    tenantId,
    documentIds,
  ]);
  return new Map(rows.map((row) => [row.document_id, row.source_id]));
}

/**
 * How much more of the best candidates come from a source than of all candidates: a logarithm, below 0 for less, 0 for all
 * while there is one source. It tells which of several manuals a question is about, in the manner of resource selection (Si
 * and Callan 2003), without their sizes: what is proposed further down shows how much of a source comes up by chance.
 * @param candidates the best first
 * @param sources of their documents
 */
export function leadOfSources(
  candidates: readonly Pick<Candidate, "documentId" | "scores">[],
  sources: ReadonlyMap<string, string>,
): ReadonlyMap<string, number> {
  const best = candidates[0]?.scores.fused ?? 0;
  const seen = new Map<string, { good: number; all: number }>();
  let good = 0;
  let all = 0;
  for (const { documentId, scores } of candidates) {
    const source = sources.get(documentId);
    if (source === undefined) continue;
    const weight = Math.exp(STEEPNESS * (scores.fused - best));
    const known = seen.get(source) ?? { good: 0, all: 0 };
    seen.set(source, { good: known.good + weight, all: known.all + 1 });
    good += weight;
    all += 1;
  }
  return new Map([...seen].map(([id, of]) => [id, Math.log((of.good / good + PRIOR) / (of.all / all + PRIOR))]));
}
