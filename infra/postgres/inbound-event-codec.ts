import { z } from "zod";
import { ACKNOWLEDGEMENTS, type InboundEvent } from "../../src/ports/chat.js";
import { toJsonb } from "./clean-json.js";
import { blockSchema, replyActionSchema } from "./reply-codec.js";

const envelope = {
  eventId: z.string(),
  conversation: z.object({ installationId: z.string(), key: z.string() }),
  channelId: z.string(),
  messageId: z.string(),
  revision: z.number().int(),
  occurredAt: z.iso.datetime().transform((text) => new Date(text)),
  author: z.object({
    id: z.string(),
    displayName: z.string(),
    role: z.enum(["customer", "agent", "admin"]),
    isBot: z.boolean(),
    emailDomain: z.string().optional(),
  }),
  audience: z.array(z.string()).min(1),
  mayBeUnderCard: z.boolean().optional(),
};

const fileSchema = z.object({
  name: z.string(),
  mediaType: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  source: z.string().nullable(),
  keptId: z.string().optional(),
  link: z.string().nullable(),
});

const words = {
  text: z.string(),
  blocks: z.array(blockSchema).optional(),
  addressesBot: z.boolean(),
  addressesOthers: z.boolean().optional(),
};

const eventSchema: z.ZodType<InboundEvent> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("message"), ...envelope, ...words, files: z.array(fileSchema).optional() }),
  z.object({ kind: z.literal("edit"), ...envelope, ...words, note: z.string().optional() }),
  z.object({ kind: z.literal("deletion"), ...envelope }),
  z.object({ kind: z.literal("action"), ...envelope, action: replyActionSchema }),
  z.object({
    kind: z.literal("note"),
    ...envelope,
    text: z.string(),
    isShown: z.boolean().optional(),
    files: z.array(fileSchema).optional(),
  }),
  z.object({ kind: z.literal("command"), ...envelope, line: z.string(), isPrivate: z.boolean().optional() }),
  z.object({ kind: z.literal("reaction"), ...envelope, emoji: z.enum(ACKNOWLEDGEMENTS), isAdded: z.boolean() }),
]);

/** Writes an event for the inbox. What jsonb cannot hold (NUL characters) is left out. */
export function serializeInboundEvent(event: InboundEvent): string {
  return toJsonb(event);
}

/** Reads an event that another process wrote. @throws a ZodError for anything else. */
export function parseInboundEvent(value: unknown): InboundEvent {
  return eventSchema.parse(value);
}

/** Reads an event back out of the inbox; null when it is not of a form that this version knows. */
export function readInboundEvent(value: unknown): InboundEvent | null {
  return eventSchema.safeParse(value).data ?? null;
}
