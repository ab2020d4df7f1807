import type { Word } from "./read-words.js";

/** What is asked of handoffs. Plain JSON: it also goes to the server that holds the database. */
export type HandoffCommand = { readonly kind: "handoffs-status" };

/** Reads what follows `handoffs`. Null for what is typed in a wrong way. */
export function parseHandoffCommand([first, ...rest]: readonly Word[]): HandoffCommand | null {
  const name = first?.text.toLowerCase() ?? "status";
  return name === "status" && rest.length === 0 ? { kind: "handoffs-status" } : null;
}
