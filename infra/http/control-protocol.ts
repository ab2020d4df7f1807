import { z } from "zod";
import { TRANSCRIPT_FORMATS, TRANSCRIPT_READERS } from "../../src/commands/handoff-command.js";
import { MOST_AUDIT_ENTRIES, MOST_STALE_DAYS } from "../../src/commands/knowledge-command.js";
import { LONGEST_ANSWER, LONGEST_QUESTION, MOST_VARIANTS } from "../../src/commands/knowledge-input.js";
import { LONGEST_WHY, MOST_GAP_DAYS } from "../../src/commands/learning-command.js";
import type { Operations } from "../../src/commands/operations.js";
import { UsageError } from "../../src/ports/errors.js";
import { CASE_STATES } from "../../src/ports/answer-cases.js";
import { CANDIDATE_STATES } from "../../src/ports/candidates.js";
import { ENTRY_STATES, ENTRY_STEPS } from "../../src/ports/knowledge-entries.js";
import { SOURCE_KINDS } from "../../src/ports/knowledge.js";

/** How commands reach a running server: `POST /control/v1/<operation>`, answered with one JSON value per line. */
export const CONTROL_PATH = "/control/v1";

/** A line of the answer. `event` lines come first; exactly one `result` or `error` ends it; `ping` keeps it open. */
export type ControlLine =
  | { readonly event: unknown }
  | { readonly result: unknown }
  | { readonly error: { readonly code: string; readonly message: string } }
  | { readonly ping: true };

export type OperationName = keyof Operations;

const nothing = z.strictObject({});
const sourceName = z.string().min(1).max(200);
const conversationKey = z.string().min(1).max(200);

const documentId = z.string().min(1).max(2_000);
const versionNumber = z.int().min(1);

const seen = z.string().max(40).optional();
const candidateCode = z.string().min(6).max(36);

const managedCommand = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal(["kb-pause", "kb-resume", "kb-restore", "kb-purge"]), source: sourceName }),
  z.strictObject({ kind: z.literal("kb-diff"), source: sourceName, run: versionNumber.nullable() }),
  z.strictObject({ kind: z.literal("kb-runs"), source: sourceName }),
  z.strictObject({ kind: z.literal("kb-show"), source: sourceName, document: documentId.nullable() }),
  z.strictObject({
    kind: z.literal("kb-history"),
    source: sourceName,
    document: documentId,
    between: z.strictObject({ from: versionNumber, to: versionNumber }).nullable(),
  }),
  z.strictObject({
    kind: z.literal("kb-restore-document"),
    source: sourceName,
    document: documentId,
    version: versionNumber,
    isPreview: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal("kb-write"),
    question: z.string().min(1).max(LONGEST_QUESTION),
    answer: z.string().min(1).max(LONGEST_ANSWER),
    variants: z.array(z.string().min(1).max(LONGEST_QUESTION)).max(MOST_VARIANTS),
    until: z.iso.date().nullable(),
  }),
  z.strictObject({ kind: z.literal("kb-entry"), step: z.enum(ENTRY_STEPS), entry: z.string().min(6).max(36) }),
  z.strictObject({ kind: z.literal("kb-entries"), state: z.enum(ENTRY_STATES).nullable() }),
  z.strictObject({ kind: z.literal("learn-list"), state: z.enum(CANDIDATE_STATES).nullable() }),
  z.strictObject({ kind: z.literal("learn-show"), candidate: candidateCode, isDiff: z.boolean() }),
  z.strictObject({
    kind: z.literal(["learn-approve", "learn-force"]),
    candidate: candidateCode,
    isApart: z.boolean(),
    seen,
  }),
  z.strictObject({ kind: z.literal("learn-done"), candidate: candidateCode }),
  z.strictObject({
    kind: z.literal("learn-edit"),
    candidate: candidateCode,
    question: z.string().min(1).max(LONGEST_QUESTION).nullable(),
    answer: z.string().min(1).max(LONGEST_ANSWER).nullable(),
    seen,
  }),
  z.strictObject({ kind: z.literal("learn-split"), candidate: candidateCode, number: z.int().min(1) }),
  z.strictObject({ kind: z.literal("gaps"), days: z.int().min(1).max(MOST_GAP_DAYS) }),
  z.strictObject({ kind: z.literal("learn-cases"), state: z.enum(CASE_STATES).nullable() }),
  z.strictObject({ kind: z.literal("learn-case"), case: candidateCode }),
  z.strictObject({
    kind: z.literal("learn-label"),
    case: candidateCode,
    verdict: z.enum(["document", "not-answerable", "dismiss"]),
    source: sourceName.nullable(),
    document: documentId.nullable(),
  }),
  z.strictObject({ kind: z.literal("learn-export"), withCorpus: z.boolean() }),
  z.strictObject({
    kind: z.literal("learn-reject"),
    candidate: candidateCode,
    why: z.string().min(1).max(LONGEST_WHY).nullable(),
    seen,
  }),
  z.strictObject({ kind: z.literal("handoffs-status") }),
  z.strictObject({ kind: z.literal("handoffs-list"), hidesQuestions: z.boolean().optional() }),
  z.strictObject({
    kind: z.literal("handoffs-transcript"),
    handoff: z.string().min(6).max(36),
    format: z.enum(TRANSCRIPT_FORMATS),
    reader: z.enum(TRANSCRIPT_READERS),
  }),
  z.strictObject({ kind: z.literal("kb-stale"), days: z.int().min(1).max(MOST_STALE_DAYS) }),
  z.strictObject({ kind: z.literal("kb-audit"), limit: z.int().min(1).max(MOST_AUDIT_ENTRIES) }),
]);

/** What each operation is called with. */
export const operationInputs = {
  say: z.strictObject({
    conversationKey,
    messageId: z.uuid(),
    text: z.string().max(20_000),
    displayName: z.string().min(1).max(200),
  }),
  follow: z.strictObject({ conversationKey, afterMessageId: z.uuid().nullable() }),
  addSource: z.strictObject({
    name: sourceName,
    kind: z.enum(SOURCE_KINDS),
    location: z.string().min(1).max(4096),
    options: z.record(z.string().max(100), z.json()).default({}),
    acl: z.array(z.string().min(1).max(200)).min(1).max(100),
    isDemo: z.boolean().default(false),
    everyMinutes: z.int().min(1).max(43_200).nullable().default(null),
    owner: z.string().min(1).max(200).nullable().default(null),
  }),
  removeSource: z.strictObject({ name: sourceName, sourceId: z.uuid().optional() }),
  manage: managedCommand,
  sync: z.strictObject({
    name: sourceName.nullable(),
    confirmRemovals: z.boolean(),
    sourceIds: z.array(z.uuid()).optional(),
  }),
  status: nothing,
  removed: nothing,
  lastDiff: z.strictObject({ name: sourceName }),
  search: z.strictObject({
    text: z.string().min(1).max(20_000),
    audience: z.array(z.string().min(1).max(200)).min(1).max(100),
    limit: z.int().min(1).max(100),
  }),
  explain: z.strictObject({ answerId: z.uuid() }),
  explainNewest: z.strictObject({ installationId: z.uuid().nullable(), conversationKey }),
  doctor: nothing,
} satisfies Record<OperationName, z.ZodType>;

/** What is sent for an operation. */
export type OperationInput<Name extends OperationName> = z.input<(typeof operationInputs)[Name]>;

/** @throws {UsageError} naming the fields that are wrong, without their values. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, body: Buffer): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.map(String).join(".")}: ${issue.message}`);
  throw new UsageError(`The request is wrong: ${problems.join("; ")}`);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    throw new UsageError("The request is not JSON");
  }
}
