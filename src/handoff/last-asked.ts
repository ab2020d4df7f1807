import { asksSomething } from "../answering/policy/fed-up.js";
import type { EarlierEntry, TranscriptEntry } from "../ports/stores.js";

type Entry = TranscriptEntry | EarlierEntry;

export interface LastAsked {
  readonly question: string;
  /** What was said before it, oldest first. */
  readonly before: readonly Entry[];
}

/**
 * What a customer asked last: their words since anybody else spoke, or where those only greet, thank, complain or ask for a
 * person, what they wrote before. Null where they asked nothing.
 */
export function lastAsked(history: readonly Entry[]): LastAsked | null {
  let end = history.length;
  while (end > 0) {
    while (end > 0 && history[end - 1]?.speaker !== "customer") end -= 1;
    let start = end;
    while (start > 0 && history[start - 1]?.speaker === "customer") start -= 1;
    const asked = history.slice(start, end).filter(({ text }) => asksSomething(text));
    if (asked.length > 0) {
      return { question: asked.map(({ text }) => text).join("\n"), before: history.slice(0, start) };
    }
    end = start;
  }
  return null;
}
