import { UsageError } from "../ports/errors.js";
import { ENTRY_STATES, type EntryState } from "../ports/knowledge-entries.js";
import type { KnowledgeCommand } from "./knowledge-command.js";

/** The longest question and the longest answer that are taken, in characters. */
export const LONGEST_QUESTION = 500;
export const LONGEST_ANSWER = 4_000;
export const MOST_VARIANTS = 20;
const HIGHEST_NUMBER = 1_000_000;

/** @param name what the number is for, as it was typed: `--days`. @throws {UsageError} */
export function readNumber(name: string, text: string, highest = HIGHEST_NUMBER): number {
  const number = /^[1-9]\d{0,6}$/u.test(text) ? Number(text) : Number.NaN;
  if (!(number <= highest)) throw new UsageError(`${name} must be a whole number from 1 to ${highest}.`);
  return number;
}

/** @throws {UsageError} unless there are two numbers */
export function readVersionPair(numbers: readonly string[]): { readonly from: number; readonly to: number } {
  const [from, to, ...others] = numbers;
  if (from === undefined || to === undefined || others.length > 0 || ![from, to].every(isNumber)) {
    throw new UsageError("--diff needs two version numbers, for example --diff 1 2.");
  }
  return { from: readNumber("--diff", from), to: readNumber("--diff", to) };
}

function isNumber(text: string): boolean {
  return /^\d+$/u.test(text);
}

/** The id of an entry or the end of it. @throws {UsageError} */
export function readEntryCode(text: string): string {
  if (/^[\da-f-]{6,36}$/iu.test(text)) return text;
  throw new UsageError(`"${text}" is no id of an entry: that is like 1a2b3c. See them: kb entries`);
}

/** @throws {UsageError} */
export function readEntryState(text: string): EntryState {
  const state = ENTRY_STATES.find((one) => one === text.toLowerCase());
  if (state === undefined) throw new UsageError(`A state is one of ${ENTRY_STATES.join(", ")}.`);
  return state;
}

type WrittenEntry = Omit<Extract<KnowledgeCommand, { kind: "kb-write" }>, "kind">;

/** @throws {UsageError} naming everything that is wrong */
export function readWrittenEntry(entry: WrittenEntry): WrittenEntry {
  const { question, answer, variants, until } = entry;
  const problems = [
    ...textProblems("The question", question, LONGEST_QUESTION),
    ...textProblems("The answer", answer, LONGEST_ANSWER),
    ...new Set(variants.flatMap((variant) => textProblems("A variant", variant, LONGEST_QUESTION))),
    ...(variants.length > MOST_VARIANTS ? [`At most ${MOST_VARIANTS} variants are taken.`] : []),
    ...(until === null || isCalendarDay(until) ? [] : ["--until must be a day like 2026-12-31."]),
  ];
  if (problems.length > 0) throw new UsageError(problems.join(" "));
  return entry;
}

function textProblems(what: string, text: string, longest: number): readonly string[] {
  if (text.trim() === "") return [`${what} is empty.`];
  return text.length > longest ? [`${what} is longer than ${longest} characters.`] : [];
}

function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
