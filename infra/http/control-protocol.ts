import { z } from "zod";
import type { Operations } from "../../src/commands/operations.js";
import { UsageError } from "../../src/ports/errors.js";
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
  removeSource: z.strictObject({ name: sourceName }),
  sync: z.strictObject({ name: sourceName.nullable(), confirmRemovals: z.boolean() }),
  status: nothing,
  lastDiff: z.strictObject({ name: sourceName }),
  search: z.strictObject({
    text: z.string().min(1).max(20_000),
    audience: z.array(z.string().min(1).max(200)).min(1).max(100),
    limit: z.int().min(1).max(100),
  }),
  explain: z.strictObject({ answerId: z.uuid() }),
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
