import { z } from "zod";

const account = z.object({
  id: z.string().min(1).max(500),
  name: z.string().max(1_000).nullish(),
  aadObjectId: z.string().max(200).nullish(),
  tenantId: z.string().max(200).nullish(),
  userRole: z.string().max(100).nullish(),
  role: z.string().max(100).nullish(),
});

const entity = z.object({
  type: z.string().nullish(),
  text: z.string().nullish(),
  mentioned: z.object({ id: z.string().nullish() }).nullish(),
});

const attachment = z.object({
  contentType: z.string().max(300).nullish(),
  contentUrl: z.string().max(5_000).nullish(),
  name: z.string().max(1_000).nullish(),
  content: z.unknown().optional(),
});
export type TeamsAttachment = z.infer<typeof attachment>;

const MOST_ATTACHMENTS = 50;

/** One that cannot be read keeps the others from nobody. */
const attachments = z
  .array(z.unknown())
  .transform((given): readonly TeamsAttachment[] =>
    given.slice(0, MOST_ATTACHMENTS).flatMap((one) => attachment.safeParse(one).data ?? []),
  );

const reactions = z
  .array(z.object({ type: z.string().max(100) }))
  .nullish()
  .catch(null);

const activitySchema = z.object({
  type: z.string().min(1).max(100),
  id: z.string().max(500).nullish(),
  name: z.string().max(200).nullish(),
  timestamp: z.string().max(100).nullish(),
  channelId: z.string().max(100).nullish(),
  serviceUrl: z.string().max(1_000).nullish(),
  from: account.nullish(),
  recipient: account.nullish(),
  conversation: z
    .object({
      id: z.string().min(1).max(1_000),
      conversationType: z.string().max(100).nullish(),
      tenantId: z.string().max(200).nullish(),
    })
    .nullish(),
  text: z.string().nullish(),
  textFormat: z.string().max(50).nullish(),
  entities: z.array(entity).nullish(),
  attachments: attachments.nullish().catch(null),
  channelData: z
    .object({
      tenant: z.object({ id: z.string().max(200).nullish() }).nullish(),
      team: z.object({ id: z.string().max(500).nullish() }).nullish(),
      eventType: z.string().max(100).nullish(),
    })
    .nullish(),
  value: z.unknown().optional(),
  replyToId: z.string().max(500).nullish(),
  reactionsAdded: reactions,
  reactionsRemoved: reactions,
});

/** What we read of an activity. Its words and ids are still whatever the sender wrote. */
export type InboundActivity = z.infer<typeof activitySchema>;
export type TeamsAccount = z.infer<typeof account>;

/** Null for what is no activity: no JSON, no type, a field of the wrong kind. */
export function parseActivity(body: Buffer): InboundActivity | null {
  const parsed = activitySchema.safeParse(parseJson(body.toString("utf8")));
  return parsed.success ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
