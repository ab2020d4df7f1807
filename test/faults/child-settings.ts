import { z } from "zod";

export const childSettingsSchema = z.strictObject({
  database: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("embedded"), directory: z.string() }),
    z.strictObject({ kind: z.literal("postgres"), url: z.string() }),
  ]),
  platformUrl: z.url(),
  /** Whether the platform can be asked for an earlier post. */
  canReconcile: z.boolean(),
  failpoint: z.string().nullable(),
  /** How long an answer takes. */
  answerMs: z.number(),
  /** False: events are only accepted until POST /start. */
  startAtOnce: z.boolean(),
  /** How long a dead process holds up a conversation, and a delivery. */
  leaseMs: z.number(),
  /** How soon after one another a person's messages are one question. */
  burstMs: z.number(),
});

export type ChildSettings = z.infer<typeof childSettingsSchema>;

/** A core that works at once, never dies by itself, and answers as fast as it can. */
export function plainChild(database: ChildSettings["database"], platformUrl: string): ChildSettings {
  return {
    ...{ database, platformUrl, canReconcile: true, failpoint: null },
    ...{ answerMs: 0, startAtOnce: true, leaseMs: 800, burstMs: 0 },
  };
}
