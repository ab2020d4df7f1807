import { z } from "zod";
import { FAULTS } from "../../src/ports/answer-cases.js";
import { RATINGS } from "../../src/ports/ratings.js";
import { HANDOFF_ACTIONS, type Block, type Inline, type Reply } from "../../src/ports/reply.js";

const inlineSchema: z.ZodType<Inline> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("text"), text: z.string() }),
    z.object({ kind: z.literal("strong"), children: z.array(inlineSchema) }),
    z.object({ kind: z.literal("emphasis"), children: z.array(inlineSchema) }),
    z.object({ kind: z.literal("strike"), children: z.array(inlineSchema) }),
    z.object({ kind: z.literal("code"), text: z.string() }),
    z.object({ kind: z.literal("break") }),
    z.object({ kind: z.literal("mention"), id: z.string(), name: z.string() }),
    z.object({ kind: z.literal("citation"), number: z.number() }),
  ]),
);

const cellSchema = z.array(inlineSchema);

export const blockSchema: z.ZodType<Block> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("paragraph"), children: z.array(inlineSchema) }),
    z.object({ kind: z.literal("heading"), children: z.array(inlineSchema) }),
    z.object({
      kind: z.literal("list"),
      ordered: z.boolean(),
      start: z.number(),
      items: z.array(z.array(blockSchema)),
    }),
    z.object({ kind: z.literal("code"), language: z.string().nullable(), text: z.string() }),
    z.object({ kind: z.literal("quote"), blocks: z.array(blockSchema) }),
    z.object({ kind: z.literal("file"), name: z.string(), sizeBytes: z.number(), url: z.string() }),
    z.object({ kind: z.literal("table"), header: z.array(cellSchema), rows: z.array(z.array(cellSchema)) }),
  ]),
);

const citationSchema = z.object({
  number: z.number(),
  passageId: z.string(),
  documentId: z.string(),
  versionId: z.string(),
  title: z.string(),
  headingPath: z.array(z.string()),
  page: z.number().exactOptional(),
  url: z.string().nullable(),
  updatedAt: z.string().nullable(),
});

export const replyActionSchema = z.discriminatedUnion("name", [
  z.object({ name: z.literal("human") }),
  z.object({ name: z.literal("helpful"), answerId: z.string() }),
  z.object({ name: z.literal("not-helpful"), answerId: z.string() }),
  z.object({ name: z.literal("fault"), answerId: z.string(), fault: z.enum(FAULTS) }),
  z.object({ name: z.literal("fault-words"), answerId: z.string(), words: z.string() }),
  z.object({ name: z.enum(HANDOFF_ACTIONS), handoffId: z.string() }),
  z.object({ name: z.literal("rate"), handoffId: z.string(), rating: z.literal(RATINGS) }),
  z.object({ name: z.literal("say-why"), handoffId: z.string(), words: z.string() }),
  z.object({ name: z.literal("send-suggestion"), suggestionId: z.string() }),
  z.object({
    name: z.literal("review"),
    candidateId: z.string(),
    seen: z.string(),
    verdict: z.enum(["approve", "reject"]),
  }),
  z.object({ name: z.literal("review-edit"), candidateId: z.string(), seen: z.string(), answer: z.string() }),
  z.object({ name: z.literal("confirm-command"), confirmationId: z.string() }),
]);

const replySchema: z.ZodType<Reply> = z.object({
  blocks: z.array(blockSchema),
  citations: z.array(citationSchema),
  actions: z.array(replyActionSchema),
});

/** Reads a reply tree out of a jsonb column. */
export function parseReply(value: unknown): Reply {
  return replySchema.parse(value);
}

/** Like {@link parseReply}; null when it is not of a form that this version knows. */
export function readReply(value: unknown): Reply | null {
  return replySchema.safeParse(value).data ?? null;
}
