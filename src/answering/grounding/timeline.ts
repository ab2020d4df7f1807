import type { ReadWord } from "./reading.js";
import { carries } from "./reading.js";

const JOINS: ReadonlySet<string> = new Set([
  "and",
  "then",
  "before",
  "after",
  "once",
  "until",
  "to",
  "if",
  "when",
  "by",
]);
const LATER: ReadonlySet<string> = new Set(["before", "until"]);
const EARLIER: ReadonlySet<string> = new Set(["after", "once"]);
/** What is wanted or supposed happens at no time of its own. */
const TIMELESS: ReadonlySet<string> = new Set(["to", "if", "when", "by"]);
const LEAD: ReadonlySet<string> = new Set(["and", "or", "but", "so", "just", "right", "only", "even", "first"]);

/** What happens in a sentence, one clause each, as it happens: "B after A" and "before B, A" give A, then B. */
export function inTime(words: readonly ReadWord[]): readonly (readonly ReadWord[])[] {
  const clauses = clausesOf(words);
  const events: (readonly ReadWord[])[] = [];
  let waiting: readonly ReadWord[] | null = null;
  for (const [index, clause] of clauses.entries()) {
    const marker = markerOf(clause);
    if (TIMELESS.has(marker)) continue;
    const leads = index === 0 || isEnclosed(clause, clauses[index + 1]);
    if (LATER.has(marker) && leads) {
      waiting = clause;
      continue;
    }
    if (EARLIER.has(marker) && !leads) events.splice(Math.max(0, events.length - 1), 0, clause);
    else events.push(clause);
    if (waiting !== null) events.push(waiting);
    waiting = null;
  }
  return waiting === null ? events : [...events, waiting];
}

/** "…, and after A, B": between commas it belongs to what comes next. */
function isEnclosed(clause: readonly ReadWord[], next: readonly ReadWord[] | undefined): boolean {
  return clause[0]?.afterBreak === true && next?.[0]?.afterBreak === true;
}

/** Whether a sentence says in which order things happen. */
export function tellsOrder(words: readonly ReadWord[]): boolean {
  return words.some(({ word }) => LATER.has(word) || EARLIER.has(word) || word === "then");
}

/** Whether a sentence says that it comes after the one before. */
export function continues(words: readonly ReadWord[]): boolean {
  const [first, second] = words.filter(({ word }) => word !== "and");
  if (first === undefined) return false;
  if (["then", "next", "finally", "lastly", "afterwards", "afterward", "secondly"].includes(first.word)) return true;
  return first.word === "after" && (second?.word === "that" || second?.word === "this");
}

/** Whether a clause says when it happens. */
export function isMarked(event: readonly ReadWord[]): boolean {
  const marker = markerOf(event);
  return LATER.has(marker) || EARLIER.has(marker) || event.some(({ word }) => word === "then");
}

function markerOf(words: readonly ReadWord[]): string {
  const at = words.findIndex(({ word }) => !LEAD.has(word));
  const marker = words[at]?.word ?? "";
  const next = words[at + 1]?.word ?? "";
  // "After that, …" goes on; "5 days after they are sent" has its marker inside and is cut there.
  return EARLIER.has(marker) && (next === "that" || next === "this") ? "" : marker;
}

function clausesOf(words: readonly ReadWord[]): readonly (readonly ReadWord[])[] {
  const clauses: ReadWord[][] = [];
  for (const word of words) {
    const last = clauses.at(-1);
    const isCut = word.afterBreak || (JOINS.has(word.word) && last?.some(carries) === true);
    if (last === undefined || isCut) clauses.push([word]);
    else last.push(word);
  }
  return clauses.filter((clause) => clause.some(carries));
}
