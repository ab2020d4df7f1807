import { z } from "zod";
import type { FoundPassage, SettledHandoff } from "../ports/candidates.js";

/**
 * From which confidence on what was found is close to the question, although it was not enough to answer. Of the 30
 * demo questions that are handed over, 13 have as much; their first citation is the labelled article for 6 of the 10 that have one.
 */
const LEAST_CLOSE = 0.15;

const confidenceSchema = z.object({ value: z.number() });
const citationsSchema = z.object({
  citations: z.array(z.object({ documentId: z.uuid(), chunkId: z.uuid() })),
});
const passagesSchema = z.object({ passages: z.array(z.object({ documentId: z.uuid(), chunkId: z.uuid() })) });

/** The passage that the answer would have been from: what it cites first, or what was found first. Null where nothing is close. */
export function foundPassage(stages: SettledHandoff["stages"]): FoundPassage | null {
  const outputOf = (name: string) => stages.findLast(({ stage }) => stage === name)?.output;
  const confidence = confidenceSchema.safeParse(outputOf("confidence"));
  const isVerified = outputOf("retrieve") === undefined && outputOf("verified") !== undefined;
  if (!isVerified && !(confidence.success && confidence.data.value >= LEAST_CLOSE)) return null;
  const decided = citationsSchema.safeParse(outputOf("decide"));
  const found = passagesSchema.safeParse(outputOf("retrieve") ?? outputOf("verified"));
  const [first] = [...(decided.success ? decided.data.citations : []), ...(found.success ? found.data.passages : [])];
  return first === undefined ? null : { documentId: first.documentId, chunkId: first.chunkId };
}
