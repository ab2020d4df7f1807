import type { RankedPlace } from "../../../src/ports/models.js";

/** Whether every place was offered and comes once, and there is one. */
export function isOrderOf(count: number, order: readonly RankedPlace[]): boolean {
  const places = new Set(order.map(({ place }) => place));
  return order.length > 0 && places.size === order.length && [...places].every((place) => place >= 0 && place < count);
}
