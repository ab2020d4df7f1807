import type { ConversationTurn } from "../../ports/models.js";
import { estimateTokens } from "../stages/pack.js";
import { cleanText } from "../text/clean-text.js";
import { withoutOrders } from "../../text/orders.js";
import { splitSentences } from "../text/sentences.js";
import { marksOf, REASONS, type Marks, type Reason } from "./marks.js";

/** A conversation as a model is shown it: the newest turns whole, and what is needed of those before them. */
export interface CondensedHistory {
  /** Begins with one turn of role `earlier` where something of the older turns is kept. */
  readonly history: readonly ConversationTurn[];
  /** Older turns that were read. */
  readonly turns: number;
  /** Lines kept of them, and their tokens. */
  readonly lines: number;
  readonly tokens: number;
}

/** Turns that are shown whole. */
export const WHOLE_TURNS = 8;
/** For all that is kept of the turns before. */
export const EARLIER_TOKENS = 320;
const MAX_LINE_CHARACTERS = 200;
const MAX_TITLES = 2;
const QUESTION_MARK_AT_END = /[?？؟]$/u;

/** A sentence of an older turn. */
interface Line {
  readonly at: number;
  readonly text: string;
  readonly marks: Marks;
  /** A question, with what came of it. */
  readonly isExchange: boolean;
}

/**
 * Keeps of the turns before the newest what later ones may need, word for word: the platform, the numbers and names that
 * the customer gave, what was tried, and which questions were answered from where. Made from the turns alone and anew each
 * time, so that nothing of it outlives them; no model is asked.
 */
export function condenseHistory(
  all: readonly ConversationTurn[],
  { whole = WHOLE_TURNS, tokens: budget = EARLIER_TOKENS } = {},
): CondensedHistory {
  const cut = Math.max(0, all.length - whole);
  const recent = all.slice(cut);
  if (cut === 0) return { history: recent, turns: 0, lines: 0, tokens: 0 };
  const kept = chooseLines(linesOf(all.slice(0, cut)), budget);
  const text = kept.map((line) => line.text).join("\n");
  const earlier: readonly ConversationTurn[] = text === "" ? [] : [{ role: "earlier", text }];
  return { history: [...earlier, ...recent], turns: cut, lines: kept.length, tokens: estimateTokens(text) };
}

function linesOf(turns: readonly ConversationTurn[]): readonly Line[] {
  const lines = turns.flatMap((turn, index) => (turn.role === "bot" ? [] : linesOfTurn(turn, turns[index + 1])));
  return lines.map((line, at) => ({ ...line, at }));
}

function linesOfTurn(turn: ConversationTurn, next: ConversationTurn | undefined): readonly Omit<Line, "at">[] {
  const sentences = sentencesOf(turn.text);
  const outcome = turn.role === "customer" ? outcomeOf(next) : null;
  const asked = outcome === null ? -1 : sentences.findIndex((sentence) => QUESTION_MARK_AT_END.test(sentence));
  return sentences.map((sentence, index) => ({
    text: `${turn.role}: ${sentence}${index === asked ? ` (${outcome ?? ""})` : ""}`,
    marks: marksOf(sentence),
    isExchange: index === asked,
  }));
}

/** What came of a question, by what was said next; null where that does not tell. */
function outcomeOf(next: ConversationTurn | undefined): string | null {
  if (next?.role === "agent") return "answered by a person";
  if (next?.role !== "bot") return null;
  const titles = (next.cited ?? []).slice(0, MAX_TITLES).map((title) => `"${asLine(title)}"`);
  return titles.length === 0 ? "not answered" : `answered from ${titles.join(" and ")}`;
}

/** Each on one line, so that none of them can look like what someone else said. */
function sentencesOf(text: string): readonly string[] {
  const lines = withoutOrders(cleanText(text)).text.split(/\n+/u);
  return lines
    .flatMap(splitSentences)
    .map(asLine)
    .filter((sentence) => sentence !== "");
}

function asLine(text: string): string {
  const line = cleanText(text).replaceAll(/\s+/gu, " ").trim();
  if (line.length <= MAX_LINE_CHARACTERS) return line;
  return `${line
    .slice(0, MAX_LINE_CHARACTERS)
    .replace(/\s\S*$/u, "")
    .toWellFormed()} …`;
}

/** Reason after reason, newest first, and for each at most half of what is left: nothing crowds out what comes after it. */
function chooseLines(lines: readonly Line[], budget: number): readonly Line[] {
  const newestFirst = lines.toReversed();
  const chosen = new Set<Line>();
  let left = budget;
  for (const reason of REASONS) left -= addNew(newestFirst, reason, Math.floor(left / 2), chosen);
  for (const line of newestFirst.filter(({ isExchange }) => isExchange)) left -= addFitting(line, left, chosen);
  return lines.filter((line) => chosen.has(line));
}

/** Adds the lines that tell, of one reason, what no newer line tells. Returns what they take. */
function addNew(newestFirst: readonly Line[], reason: Reason, room: number, chosen: Set<Line>): number {
  const told = new Set<string>();
  let taken = 0;
  for (const line of newestFirst) {
    const marks = line.marks[reason];
    if (marks.some((mark) => !told.has(mark))) taken += addFitting(line, room - taken, chosen);
    if (chosen.has(line)) for (const mark of marks) told.add(mark);
  }
  return taken;
}

/** What is too long is passed over: a shorter line may still fit. */
function addFitting(line: Line, room: number, chosen: Set<Line>): number {
  // With its line end.
  const size = estimateTokens(line.text) + 1;
  if (chosen.has(line) || size > room) return 0;
  chosen.add(line);
  return size;
}
