import { UsageError } from "../ports/errors.js";
import type { Word } from "./read-words.js";

/** What is asked of handoffs. Plain JSON: it also goes to the server that holds the database. */
export type HandoffCommand =
  | { readonly kind: "handoffs-status" }
  | {
      readonly kind: "handoffs-list";
      /** Where others than the team read the reply; left out: no. */
      readonly hidesQuestions?: boolean | undefined;
    }
  | {
      readonly kind: "handoffs-transcript";
      /** Its id, or the end of it. */
      readonly handoff: string;
      readonly format: TranscriptFormat;
      readonly reader: TranscriptReader;
    };

export const TRANSCRIPT_FORMATS = ["md", "json"] as const;
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];

/** Notes are for the team alone. */
export const TRANSCRIPT_READERS = ["team", "customer"] as const;
export type TranscriptReader = (typeof TRANSCRIPT_READERS)[number];

/** Reads what follows `handoffs`; a transcript is not for a conversation. Null for what is typed in a wrong way. */
export function parseHandoffCommand([first, ...rest]: readonly Word[]): HandoffCommand | null {
  const name = first?.text.toLowerCase() ?? "status";
  if (rest.length > 0) return null;
  return name === "status" || name === "list" ? { kind: `handoffs-${name}` } : null;
}

/** The id of a handoff or the end of it. @throws {UsageError} */
export function readHandoffCode(text: string): string {
  if (/^[\da-f-]{6,36}$/iu.test(text)) return text;
  throw new UsageError(`"${text}" is no id of a handoff: that is like 1a2b3c. See them: handoffs list`);
}

/** @throws {UsageError} naming what there is */
export function readOneOf<Choice extends string>(what: string, typed: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === typed.toLowerCase());
  if (found === undefined) throw new UsageError(`${what} is one of ${choices.join(", ")}.`);
  return found;
}
