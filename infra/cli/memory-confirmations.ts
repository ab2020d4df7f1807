import { CONFIRMATION_MINUTES, codeOf, type CommandConfirmations } from "../../src/ports/confirmations.js";
import type { NewId } from "../../src/ports/ids.js";

interface Asked {
  readonly authorId: string;
  readonly line: string;
  readonly sourceIds: readonly string[];
  readonly expiresAt: number;
  isUsed: boolean;
  usedBy: string | null;
}

/** Confirmations of one chat in the terminal: they end with it. */
export function createMemoryConfirmations(newId: NewId, now: () => number = () => Date.now()): CommandConfirmations {
  const asked = new Map<string, Asked>();
  return {
    ask({ authorId }, line, sourceIds) {
      const confirmationId = newId();
      const expiresAt = now() + CONFIRMATION_MINUTES * 60_000;
      asked.set(confirmationId, { authorId, line, sourceIds, expiresAt, isUsed: false, usedBy: null });
      return Promise.resolve({ confirmationId, code: codeOf(confirmationId) });
    },
    take({ authorId }, code, eventId) {
      const found = [...asked].findLast(([id]) => id === code || codeOf(id) === code.toLowerCase())?.[1];
      if (found === undefined) return Promise.resolve({ kind: "unknown" });
      if (found.authorId !== authorId) return Promise.resolve({ kind: "not-yours" });
      const { line, sourceIds } = found;
      if (eventId !== null && found.usedBy === eventId) return Promise.resolve({ kind: "taken", line, sourceIds });
      if (found.isUsed) return Promise.resolve({ kind: "used" });
      if (found.expiresAt <= now()) return Promise.resolve({ kind: "expired" });
      found.isUsed = true;
      found.usedBy = eventId;
      return Promise.resolve({ kind: "taken", line, sourceIds });
    },
  };
}
