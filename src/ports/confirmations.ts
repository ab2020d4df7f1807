import type { TenantId } from "./ids.js";

/** Commands that wait for their author's word. Each can be confirmed once, within {@link CONFIRMATION_MINUTES}. */
export interface CommandConfirmations {
  /** @param sourceIds the sources that the command is about: others may have their names, or be there besides, later */
  ask(asker: Asker, line: string, sourceIds: readonly string[]): Promise<AskedConfirmation>;
  /**
   * Uses up a confirmation where it is the asker's own and still good.
   * @param code the whole id, or what people type
   * @param eventId the stored event that confirms: only the same one takes it again, when it is worked on again because what
   * was confirmed was not done. Null where nothing is tried again.
   */
  take(asker: Asker, code: string, eventId: string | null): Promise<TakenConfirmation>;
}

export const CONFIRMATION_MINUTES = 10;

/** Who typed a command, as the platform verified them, and where. */
export interface Asker {
  readonly tenantId: TenantId;
  /** Null for the terminal of whoever runs Deskhand. */
  readonly installationId: string | null;
  readonly authorId: string;
}

export interface AskedConfirmation {
  readonly confirmationId: string;
  /** Short enough to be typed. */
  readonly code: string;
}

export type TakenConfirmation =
  | { readonly kind: "taken"; readonly line: string; readonly sourceIds: readonly string[] }
  | { readonly kind: "unknown" | "not-yours" | "used" | "expired" };

const CODE_LENGTH = 6;

/** What people type instead of an id: its end. */
export function codeOf(id: string): string {
  return id.slice(-CODE_LENGTH);
}
