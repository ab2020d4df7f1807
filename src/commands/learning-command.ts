import { CASE_STATES, type CaseState } from "../ports/answer-cases.js";
import { CANDIDATE_STATES, type CandidateState } from "../ports/candidates.js";
import { UsageError } from "../ports/errors.js";
import { LONGEST_ANSWER, LONGEST_QUESTION, readNumber } from "./knowledge-input.js";
import { readWords, type KnownOptions, type ReadWords, type Word } from "./read-words.js";

/** What people do with what handoffs taught. Plain JSON: it also goes to the server that holds the database. */
export type LearningCommand =
  | { readonly kind: "learn-list"; readonly state: CandidateState | null }
  /** `isDiff`: nothing but the change of an article. */
  | { readonly kind: "learn-show"; readonly candidate: string; readonly isDiff: boolean }
  | ({
      readonly kind: "learn-edit";
      readonly candidate: string;
      readonly question: string | null;
      readonly answer: string | null;
    } & AsSeen)
  /** Takes one of its handoffs, by its number in the list, out of a candidate. */
  | { readonly kind: "learn-split"; readonly candidate: string; readonly number: number }
  /** `isApart`: as an entry of its own, also where one is close that could be changed. */
  | ({ readonly kind: "learn-approve" | "learn-force"; readonly candidate: string; readonly isApart: boolean } & AsSeen)
  /** The article that it is close to was changed where it comes from. */
  | { readonly kind: "learn-done"; readonly candidate: string }
  | ({ readonly kind: "learn-reject"; readonly candidate: string; readonly why: string | null } & AsSeen)
  | CaseCommand
  /** Which questions the documents did not answer in so many days. */
  | { readonly kind: "gaps"; readonly days: number };

/** When it was changed last, as far as whoever decides has seen; left out, what they have seen does not matter. */
interface AsSeen {
  readonly seen?: string | undefined;
}

/** What people do with answers that did not help. */
export type CaseCommand =
  | { readonly kind: "learn-cases"; readonly state: CaseState | null }
  | { readonly kind: "learn-case"; readonly case: string }
  | {
      readonly kind: "learn-label";
      readonly case: string;
      readonly verdict: "document" | "not-answerable" | "dismiss";
      /** Both for `document`, else neither. */
      readonly source: string | null;
      readonly document: string | null;
    }
  /** Everything that was labelled; `withCorpus`: and all documents that everybody may read. Not typed in a conversation. */
  | { readonly kind: "learn-export"; readonly withCorpus: boolean };

export const LONGEST_WHY = 500;

interface Parser extends KnownOptions {
  read(words: ReadWords): LearningCommand | null;
}

const PARSERS: Readonly<Record<string, Parser>> = {
  list: { read: readList },
  show: { flags: ["diff"], read: readShow },
  done: { read: onCandidate((candidate) => ({ kind: "learn-done", candidate })) },
  edit: { values: { question: 1, answer: 1, seen: 1 }, read: readEdit },
  split: { read: readSplit },
  approve: { flags: ["force", "new"], values: { seen: 1 }, read: readApprove },
  cases: { read: readCases },
  case: {
    read: ({ positional: [typed, ...others] }) =>
      typed === undefined || others.length > 0 ? null : { kind: "learn-case", case: readCaseCode(typed) },
  },
  label: { flags: ["not-answerable", "dismiss"], read: readLabel },
  reject: { values: { why: 1, seen: 1 }, read: readReject },
};

/** Reads what follows `learn`. Null, or a {@link UsageError} that says more, for what is typed in a wrong way. */
export function parseLearningCommand([first, ...rest]: readonly Word[]): LearningCommand | null {
  const name = first?.text.toLowerCase() ?? "list";
  const parser = Object.hasOwn(PARSERS, name) ? PARSERS[name] : undefined;
  return parser?.read(readWords(rest, parser)) ?? null;
}

function onCandidate(toCommand: (candidate: string) => LearningCommand): Parser["read"] {
  return ({ positional: [typed, ...others] }) =>
    typed === undefined || others.length > 0 ? null : toCommand(readCandidateCode(typed));
}

function readList({ positional: [typed, ...others] }: ReadWords): LearningCommand | null {
  return others.length > 0 ? null : { kind: "learn-list", state: readCandidateState(typed) };
}

function readShow({ positional: [typed, ...others], flags }: ReadWords): LearningCommand | null {
  if (typed === undefined || others.length > 0) return null;
  return { kind: "learn-show", candidate: readCandidateCode(typed), isDiff: flags.has("diff") };
}

function readEdit({ positional: [typed, ...others], values }: ReadWords): LearningCommand | null {
  if (typed === undefined || others.length > 0) return null;
  const words = { question: values.get("question")?.at(-1) ?? null, answer: values.get("answer")?.at(-1) ?? null };
  return { kind: "learn-edit", candidate: readCandidateCode(typed), ...readEditedWords(words), ...seenIn(values) };
}

function readSplit({ positional: [typed, number, ...others] }: ReadWords): LearningCommand | null {
  if (typed === undefined || number === undefined || others.length > 0) return null;
  return { kind: "learn-split", candidate: readCandidateCode(typed), number: readNumber("The handoff", number) };
}

function readApprove({ positional: [typed, ...others], flags, values }: ReadWords): LearningCommand | null {
  if (typed === undefined || others.length > 0) return null;
  const kind = flags.has("force") ? "learn-force" : "learn-approve";
  return { kind, candidate: readCandidateCode(typed), isApart: flags.has("new"), ...seenIn(values) };
}

function readReject({ positional: [typed, ...others], values }: ReadWords): LearningCommand | null {
  if (typed === undefined || others.length > 0) return null;
  return {
    kind: "learn-reject",
    candidate: readCandidateCode(typed),
    why: readWhy(values.get("why")?.at(-1)),
    ...seenIn(values),
  };
}

function seenIn(values: ReadWords["values"]): AsSeen {
  const seen = values.get("seen")?.at(-1);
  return seen === undefined ? {} : { seen };
}

function readCases({ positional: [typed, ...others] }: ReadWords): LearningCommand | null {
  return others.length > 0 ? null : { kind: "learn-cases", state: readCaseState(typed) };
}

function readLabel({ positional: [typed, source, document, ...others], flags }: ReadWords): LearningCommand | null {
  if (typed === undefined || others.length > 0) return null;
  return readCaseLabel(typed, {
    source,
    document,
    isNotAnswerable: flags.has("not-answerable"),
    isDismissed: flags.has("dismiss"),
  });
}

interface TypedLabel {
  readonly source: string | undefined;
  readonly document: string | undefined;
  readonly isNotAnswerable: boolean;
  readonly isDismissed: boolean;
}

/** @throws {UsageError} unless exactly one of the three is said */
export function readCaseLabel(typed: string, label: TypedLabel): Extract<CaseCommand, { kind: "learn-label" }> {
  const { source = null, document = null, isNotAnswerable, isDismissed } = label;
  const isDocument = source !== null && document !== null;
  const isHalf = (source === null) !== (document === null);
  if (isHalf || [isDocument, isNotAnswerable, isDismissed].filter(Boolean).length !== 1) {
    throw new UsageError("Say one of these: <source> <document>, --not-answerable, or --dismiss.");
  }
  const verdict = isDocument ? "document" : isNotAnswerable ? "not-answerable" : "dismiss";
  return { kind: "learn-label", case: readCaseCode(typed), verdict, source, document };
}

/** The id of a case or the end of it. @throws {UsageError} */
export function readCaseCode(text: string): string {
  if (/^[\da-f-]{6,36}$/iu.test(text)) return text;
  throw new UsageError(`"${text}" is no id of a case: that is like 1a2b3c. See them: learn cases`);
}

/** What waits, unless another state or `all` is asked for. @throws {UsageError} */
export function readCaseState(text: string | undefined): CaseState | null {
  const typed = text?.toLowerCase() ?? "open";
  if (typed === "all") return null;
  const state = CASE_STATES.find((one) => one === typed);
  if (state === undefined) throw new UsageError(`A state is one of ${CASE_STATES.join(", ")}, or all.`);
  return state;
}

export const DEFAULT_GAP_DAYS = 7;
export const MOST_GAP_DAYS = 90;

/** Reads what follows `gaps`; null for what is typed in a wrong way. @throws {UsageError} */
export function parseGapsCommand(words: readonly Word[]): LearningCommand | null {
  const { positional, values } = readWords(words, { values: { since: 1 } });
  return positional.length > 0 ? null : { kind: "gaps", days: readGapDays(values.get("since")?.at(-1)) };
}

/** @throws {UsageError} */
export function readGapDays(text: string | undefined): number {
  if (text === undefined) return DEFAULT_GAP_DAYS;
  const days = Number(/^(\d{1,3})d?$/iu.exec(text)?.[1] ?? 0);
  if (days >= 1 && days <= MOST_GAP_DAYS) return days;
  throw new UsageError(`--since is a number of days from 1 to ${MOST_GAP_DAYS}, like 7d.`);
}

/** The id of a candidate or the end of it. @throws {UsageError} */
export function readCandidateCode(text: string): string {
  if (/^[\da-f-]{6,36}$/iu.test(text)) return text;
  throw new UsageError(`"${text}" is no id of a candidate: that is like 1a2b3c. See them: learn list`);
}

/** What waits, unless another state or `all` is asked for. @throws {UsageError} */
export function readCandidateState(text: string | undefined): CandidateState | null {
  const typed = text?.toLowerCase() ?? "waiting";
  if (typed === "all") return null;
  const state = CANDIDATE_STATES.find((one) => one === typed);
  if (state === undefined) throw new UsageError(`A state is one of ${CANDIDATE_STATES.join(", ")}, or all.`);
  return state;
}

interface EditedWords {
  readonly question: string | null;
  readonly answer: string | null;
}

/** @throws {UsageError} naming what is wrong */
export function readEditedWords(words: EditedWords): EditedWords {
  const { question, answer } = words;
  if (question === null && answer === null) {
    throw new UsageError("Say what it is to be: --question, --answer, or both, each with its words in quotes.");
  }
  for (const [what, text, longest] of [
    ["The question", question, LONGEST_QUESTION],
    ["The answer", answer, LONGEST_ANSWER],
  ] as const) {
    if (text?.trim() === "") throw new UsageError(`${what} is empty.`);
    if ((text?.length ?? 0) > longest) throw new UsageError(`${what} is longer than ${longest} characters.`);
  }
  return words;
}

/** @throws {UsageError} */
export function readWhy(text: string | undefined): string | null {
  if ((text?.length ?? 0) > LONGEST_WHY) throw new UsageError(`--why is longer than ${LONGEST_WHY} characters.`);
  return text === undefined || text.trim() === "" ? null : text;
}
