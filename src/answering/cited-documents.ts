import { z } from "zod";
import type { NewAnswer } from "../ports/stores.js";

const decideSchema = z.object({ citations: z.array(z.object({ documentId: z.string() })) });
const retrieveSchema = z.object({ passages: z.array(z.object({ documentId: z.string(), externalId: z.string() })) });

/**
 * The documents that the candidate answer cites, by their ids at the source and in order of use: read from the trace, so
 * also for an answer that was not shown.
 */
export function citedDocuments({ stages }: NewAnswer): readonly string[] {
  const outputOf = (name: string) => stages.findLast(({ stage }) => stage === name)?.output;
  const decided = decideSchema.safeParse(outputOf("decide"));
  const retrieved = retrieveSchema.safeParse(outputOf("retrieve") ?? outputOf("verified"));
  if (!decided.success || !retrieved.success) return [];
  const externalIds = new Map(retrieved.data.passages.map(({ documentId, externalId }) => [documentId, externalId]));
  return [...new Set(decided.data.citations.flatMap(({ documentId }) => externalIds.get(documentId) ?? []))];
}
