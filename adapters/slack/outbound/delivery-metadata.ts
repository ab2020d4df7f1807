import { z } from "zod";

export const DELIVERY_EVENT = "deskhand_delivery";

/** What a message of ours carries, unseen, so that it can be found again. Any app in the channel can read it. */
export interface DeliveryMark {
  readonly deliveryId: string;
  /** 0 for the first message of a reply. */
  readonly part: number;
  /** How many messages the reply has. */
  readonly parts: number;
}

const payloadSchema = z.object({
  delivery_id: z.string(),
  part: z.int().nonnegative(),
  parts: z.int().positive(),
});

export function toMetadata({ deliveryId, part, parts }: DeliveryMark) {
  return { event_type: DELIVERY_EVENT, event_payload: { delivery_id: deliveryId, part, parts } };
}

/** Null for a message without a mark of ours. */
export function readMark(
  metadata: { readonly event_type: string; readonly event_payload?: unknown } | null | undefined,
) {
  if (metadata?.event_type !== DELIVERY_EVENT) return null;
  const parsed = payloadSchema.safeParse(metadata.event_payload);
  if (!parsed.success) return null;
  const { delivery_id, part, parts } = parsed.data;
  return { deliveryId: delivery_id, part, parts } satisfies DeliveryMark;
}

/** When a delivery was made, read off its id; null for an id that does not say. */
export function madeAt(deliveryId: string): number | null {
  const isTimed = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-/iu.test(deliveryId);
  return isTimed ? Number.parseInt(deliveryId.replaceAll("-", "").slice(0, 12), 16) : null;
}
